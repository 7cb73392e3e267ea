using System.Buffers.Binary;

namespace Ballast;

/// <summary>Reads the orientation tag (274) of an EXIF block, which is a small TIFF file.</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 274;
    private const int EntryLength = 12;
    private const int ShortType = 3;
    private const int LongType = 4;

    /// <summary>"Exif" and two zeros, as JPEG (and some WebP) writers put them before the block.</summary>
    private static ReadOnlySpan<byte> Prefix => "Exif\0\0"u8;

    /// <summary>The orientation, 1..8; 1 when the block has none or is damaged.</summary>
    /// <param name="exif">The block, with or without its prefix.</param>
    public static int Of(ReadOnlySpan<byte> exif)
    {
        if (exif.StartsWith(Prefix)) exif = exif[Prefix.Length..];
        if (!TryByteOrder(exif, out var little) || exif.Length < 8) return 1;
        var offset = ReadUInt32(exif[4..], little);
        if (offset > exif.Length - 2) return 1;
        var directory = exif[(int)offset..];
        var entries = directory[2..][..Math.Min(directory.Length - 2, ReadUInt16(directory, little) * EntryLength)];
        return Entry(entries, OrientationTag, little) is >= 1 and <= 8 and var orientation ? (int)orientation : 1;
    }

    /// <summary>Whether the bytes start as a TIFF file, and in which byte order.</summary>
    public static bool TryByteOrder(ReadOnlySpan<byte> tiff, out bool little)
    {
        little = tiff.StartsWith("II*\0"u8);
        return little || tiff.StartsWith("MM\0*"u8);
    }

    /// <summary>The value of a tag that holds one short or long, or null.</summary>
    /// <param name="entries">Directory entries of 12 bytes; a last incomplete one is left out.</param>
    /// <param name="tag">The tag's number.</param>
    /// <param name="little">Whether the file is little endian.</param>
    public static uint? Entry(ReadOnlySpan<byte> entries, int tag, bool little)
    {
        for (; entries.Length >= EntryLength; entries = entries[EntryLength..])
        {
            if (ReadUInt16(entries, little) != tag) continue;
            return ReadUInt16(entries[2..], little) switch
            {
                ShortType => ReadUInt16(entries[8..], little),
                LongType => ReadUInt32(entries[8..], little),
                _ => null,
            };
        }

        return null;
    }

    public static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool little)
        => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    public static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool little)
        => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
