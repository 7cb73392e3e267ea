namespace Ballast;

/// <summary>Reads and writes image files.</summary>
public static partial class ImageFile
{
    /// <summary>
    /// Reads an image's header: codec, size and EXIF orientation. Reads header bytes only, trusts none of the lengths in it and never throws for what the bytes say.
    /// </summary>
    /// <param name="stream">At the image's first byte; a seekable one is left at an unspecified position.</param>
    /// <returns>The header, or null when the bytes are no image of a known codec or its header is damaged.</returns>
    public static ImageHeader? TryProbe(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ImageProbe.Read(stream);
    }
}
