namespace Ballast;

/// <summary>Reads and writes image files.</summary>
public static class ImageFile
{
    private const long Million = 1_000_000;
    private static readonly SkiaCodec Skia = new();
    private static readonly Lazy<JpegTurbo?> Turbo = new(JpegTurbo.TryLoad);

    /// <summary>The library that reads and writes JPEG on this machine: its bytes are promised per library.</summary>
    public static string JpegLibraryName => CodecFor(ImageCodec.Jpeg, JpegLibrary.Fastest).Name;

    /// <summary>
    /// Reads an image's header: codec, size and EXIF orientation. Reads header bytes only, trusts none of the lengths in it and never throws for what the bytes
    /// say.
    /// </summary>
    /// <param name="stream">At the image's first byte; a seekable one is left at an unspecified position.</param>
    /// <returns>The header, or null when the bytes are no image of a known codec or its header is damaged.</returns>
    public static ImageHeader? TryProbe(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ImageProbe.Read(stream);
    }

    /// <summary>
    /// Decodes an image as it is displayed: EXIF orientation applied, every colour model as RGB, transparent parts over white, colour profiles not applied.
    /// </summary>
    /// <param name="stream">At the image's first byte.</param>
    /// <param name="options">How to decode, or null for the defaults.</param>
    /// <exception cref="InputException">The bytes are no image that can be decoded, or the header claims more pixels than allowed.</exception>
    public static DecodedImage Decode(Stream stream, DecodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new();
        var file = ReadAll(stream, options.Name);
        using var front = new MemoryStream(file.Array!, file.Offset, file.Count, writable: false);
        var header = ImageProbe.Read(front)
            ?? throw new InputException($"{options.Name} is no JPEG, PNG, GIF, BMP or WebP file, or its header is damaged. Save it anew from its source.");
        Check(header, options);
        var (width, height) = Resample.FitSize(header.StoredWidth, header.StoredHeight, options.MaxSide);
        var shrink = header.Codec == ImageCodec.Jpeg ? Shrink(header, width, height) : 1;
        var stored = CodecFor(header.Codec, options.Jpeg).Decode(file, header, shrink)
            ?? Skia.Decode(file, header, shrink)
            ?? throw new InputException($"{options.Name} starts as {Title(header.Codec)} but cannot be decoded: its data are damaged. Save it anew from its source.");
        var pixels = stored.Pixels.Width > width || stored.Pixels.Height > height ? Resample.To(stored.Pixels, width, height) : stored.Pixels;
        return new(header, Orientation.Apply(pixels, header.Orientation), stored.Damage);
    }

    /// <summary>Encodes an image. The same pixels give the same bytes with the same library (<see cref="JpegLibraryName"/>).</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="stream">Receives the file.</param>
    /// <param name="codec">JPEG, PNG or WebP.</param>
    /// <param name="quality">1..100. JPEG keeps every pixel's colour from 90 on and shares it between four below; WebP is lossless at 100; PNG is always
    /// lossless.</param>
    public static void Encode(Pixels pixels, Stream stream, ImageCodec codec, int quality = 90) => Encode(pixels, stream, codec, quality, JpegLibrary.Fastest);

    internal static void Encode(Pixels pixels, Stream stream, ImageCodec codec, int quality, JpegLibrary jpeg)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (!Skia.Encodes(codec)) throw new ArgumentOutOfRangeException(nameof(codec), codec, "Images are written as JPEG, PNG or WebP.");
        CodecFor(codec, jpeg).Encode(pixels, stream, codec, quality);
    }

    /// <summary>Whether the system's libjpeg-turbo is used.</summary>
    internal static bool HasTurbo => Turbo.Value is not null;

    /// <summary>The codec's name as people write it.</summary>
    internal static string Title(ImageCodec codec) => codec switch
    {
        ImageCodec.WebP => "WebP",
        _ => codec.ToString().ToUpperInvariant(),
    };

    /// <summary>Whether a header claims more pixels than a limit allows, or than one image can hold.</summary>
    internal static bool IsTooLarge(ImageHeader header, int maxMegapixels) => header.PixelCount > Math.Min(maxMegapixels * Million, Pixels.MostPixels);

    private static Codec CodecFor(ImageCodec codec, JpegLibrary jpeg)
        => codec == ImageCodec.Jpeg && jpeg == JpegLibrary.Fastest && Turbo.Value is { } turbo ? turbo : Skia;

    private static void Check(ImageHeader header, DecodeOptions options)
    {
        if (header.Codec == ImageCodec.Tiff)
            throw new InputException($"{options.Name} is a TIFF file of {header.Width}x{header.Height} pixels, which is not decoded. Convert it to PNG or JPEG.");
        if (!IsTooLarge(header, options.MaxMegapixels)) return;
        throw new InputException(
            $"{options.Name} claims {header.StoredWidth}x{header.StoredHeight} pixels; "
            + $"images over {options.MaxMegapixels} megapixels are not decoded. Raise the limit if it is right.");
    }

    /// <summary>The largest of 1, 2, 4, 8 that leaves at least the wanted size.</summary>
    private static int Shrink(ImageHeader header, int width, int height)
    {
        var shrink = 1;
        while (shrink < 8 && header.StoredWidth >= width * 2L * shrink && header.StoredHeight >= height * 2L * shrink) shrink *= 2;
        return shrink;
    }

    private static ArraySegment<byte> ReadAll(Stream stream, string name)
    {
        if (stream is MemoryStream memory && memory.TryGetBuffer(out var buffer)) return buffer[(int)Math.Min(memory.Position, memory.Length)..];
        if (!stream.CanSeek) return Copy(stream);
        var length = stream.Length - stream.Position;
        if (length > Array.MaxLength) throw new InputException($"{name} is {length >> 20} MiB long; image files over 2 GiB are not read.");
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        return new(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private static ArraySegment<byte> Copy(Stream stream)
    {
        var memory = new MemoryStream();
        stream.CopyTo(memory);
        return new(memory.GetBuffer(), 0, (int)memory.Length);
    }
}
