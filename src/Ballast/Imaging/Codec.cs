namespace Ballast;

/// <summary>Pixels as a library decoded them: as stored, perhaps shrunk, opaque.</summary>
internal readonly record struct StoredPixels(Pixels Pixels, string? Damage);

/// <summary>A library that decodes and encodes images.</summary>
internal abstract class Codec
{
    /// <summary>Name and version for people.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it decodes files of a codec.</summary>
    public abstract bool Decodes(ImageCodec codec);

    /// <summary>Whether it encodes files of a codec.</summary>
    public abstract bool Encodes(ImageCodec codec);

    /// <summary>Decodes, or returns null when this library can make nothing of the bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="header">Its header; the size is within limits.</param>
    /// <param name="shrink">1, 2, 4 or 8: JPEG only; the sides are divided by it and rounded up.</param>
    public abstract StoredPixels? Decode(ReadOnlySpan<byte> file, ImageHeader header, int shrink);

    /// <summary>Encodes opaque pixels.</summary>
    /// <param name="pixels">The image; alpha is left out by JPEG.</param>
    /// <param name="stream">Receives the file.</param>
    /// <param name="codec">One that <see cref="Encodes"/> takes.</param>
    /// <param name="quality">1..100.</param>
    public abstract void Encode(Pixels pixels, Stream stream, ImageCodec codec, int quality);
}
