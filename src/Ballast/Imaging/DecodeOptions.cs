namespace Ballast;

/// <summary>How to decode an image.</summary>
public sealed record DecodeOptions
{
    /// <summary>
    /// The longer side of the result is at most this, pixels; 0 for the image's own size. JPEG is shrunk while it is decoded, which is much faster.
    /// </summary>
    public int MaxSide { get; init; }

    /// <summary>An image whose header claims more is refused before decoding, megapixels (10^6).</summary>
    public int MaxMegapixels { get; init; } = 250;

    /// <summary>What sentences call the image: its file.</summary>
    public string Name { get; init; } = "the image";

    /// <summary>Which library decodes JPEG.</summary>
    internal JpegLibrary Jpeg { get; init; }
}

/// <summary>Which library reads and writes JPEG.</summary>
internal enum JpegLibrary
{
    /// <summary>libjpeg-turbo where it loads, else SkiaSharp.</summary>
    Fastest,

    /// <summary>SkiaSharp, which is always there.</summary>
    Skia,
}

/// <summary>A decoded image.</summary>
/// <param name="Header">What its header says.</param>
/// <param name="Pixels">As displayed (EXIF orientation applied), opaque; transparent parts are laid over white.</param>
/// <param name="Damage">Null for a whole file; else what the decoder says of data that end early or are damaged. The pixels are those that could be
/// decoded.</param>
public sealed record DecodedImage(ImageHeader Header, Pixels Pixels, string? Damage)
{
    /// <summary>Whether the data end early or are damaged.</summary>
    public bool IsDamaged => Damage is not null;
}
