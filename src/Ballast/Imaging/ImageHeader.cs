namespace Ballast;

/// <summary>How an image file is coded.</summary>
public enum ImageCodec
{
    /// <summary>JPEG (ITU-T T.81), baseline and progressive.</summary>
    Jpeg,

    /// <summary>Portable Network Graphics.</summary>
    Png,

    /// <summary>Graphics Interchange Format; the first frame counts.</summary>
    Gif,

    /// <summary>Windows bitmap.</summary>
    Bmp,

    /// <summary>WebP, lossy and lossless.</summary>
    WebP,

    /// <summary>TIFF: recognised and measured, never decoded.</summary>
    Tiff,
}

/// <summary>What the first bytes of an image file say.</summary>
/// <param name="Codec">How the file is coded.</param>
/// <param name="StoredWidth">Width in pixels as stored, at least 1.</param>
/// <param name="StoredHeight">Height in pixels as stored, at least 1.</param>
/// <param name="Orientation">EXIF orientation, 1..8: 1 is as stored, 3 is upside down, 6 and 8 lie on a side, 2, 4, 5 and 7 are mirrored.</param>
public readonly record struct ImageHeader(ImageCodec Codec, int StoredWidth, int StoredHeight, int Orientation)
{
    /// <summary>Width in pixels as displayed: with the EXIF orientation applied.</summary>
    public int Width => SwapsSides ? StoredHeight : StoredWidth;

    /// <summary>Height in pixels as displayed: with the EXIF orientation applied.</summary>
    public int Height => SwapsSides ? StoredWidth : StoredHeight;

    /// <summary>Whether EXIF turns or mirrors the image.</summary>
    public bool IsTurned => Orientation > 1;

    /// <summary>Whether EXIF turns the image by a quarter, so that width and height change places.</summary>
    public bool SwapsSides => Orientation >= 5;

    /// <summary>Number of pixels the header claims.</summary>
    public long PixelCount => (long)StoredWidth * StoredHeight;
}
