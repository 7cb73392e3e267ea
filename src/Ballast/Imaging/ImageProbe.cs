using System.Buffers.Binary;

namespace Ballast;

/// <summary>Reads the headers of image files, a method a codec. Each returns null for bytes that are not what they claim to be.</summary>
internal static class ImageProbe
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The header of the image that starts at the stream's position, or null.</summary>
    public static ImageHeader? Read(Stream stream)
    {
        var reader = new HeaderReader(stream);
        Span<byte> start = stackalloc byte[12];
        if (!reader.TryRead(start[..2])) return null;
        if (start[0] == 0xFF && start[1] == 0xD8) return Jpeg(reader);
        if (!reader.TryRead(start[2..])) return null;
        if (start.StartsWith("BM"u8)) return Bmp(reader);
        if (start.StartsWith(PngSignature)) return Png(reader, start[8..]);
        if (start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8)) return Gif(start);
        if (start.StartsWith("RIFF"u8) && start[8..].SequenceEqual("WEBP"u8)) return WebP(reader);
        return ExifOrientation.TryByteOrder(start, out var little) ? Tiff(reader, start, little) : null;
    }

    private static ImageHeader? Jpeg(HeaderReader reader)
    {
        var orientation = 0;
        while (NextMarker(reader) is { } marker)
        {
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8)) continue;
            if (marker is 0xD9 or 0xDA || reader.ReadUInt16BigEndian() is not { } length || length < 2) return null;
            var body = length - 2;
            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
                return reader.Read(5) is { } frame ? Frame(frame, Math.Max(orientation, 1)) : null;
            if (marker == 0xE1 && orientation == 0)
            {
                if (reader.Read(body) is not { } block) return null;
                if (block.AsSpan().StartsWith("Exif\0\0"u8)) orientation = ExifOrientation.Of(block);
            }
            else if (!reader.TrySkip(body))
            {
                return null;
            }
        }

        return null;

        static ImageHeader? Frame(byte[] frame, int orientation) => Of(
            ImageCodec.Jpeg,
            BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(3)),
            BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1)),
            orientation);
    }

    /// <summary>The next marker's code. Stray bytes before it are skipped, as decoders do, and so are fill bytes.</summary>
    private static int? NextMarker(HeaderReader reader)
    {
        var previous = reader.ReadByte();
        while (previous is not null)
        {
            var current = reader.ReadByte();
            if (previous == 0xFF && current is not null and not 0xFF and not 0) return current;
            previous = current;
        }

        return null;
    }

    private static ImageHeader? Png(HeaderReader reader, ReadOnlySpan<byte> firstLength)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(firstLength) != 13 || reader.Read(4 + 13 + 4) is not { } header || !header.AsSpan().StartsWith("IHDR"u8))
            return null;
        var width = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        var height = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
        return Of(ImageCodec.Png, width, height, PngOrientation(reader));
    }

    /// <summary>The orientation of an eXIf chunk before the pixels, else 1.</summary>
    private static int PngOrientation(HeaderReader reader)
    {
        Span<byte> chunk = stackalloc byte[8];
        while (reader.TryRead(chunk))
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var type = chunk[4..];
            if (type.SequenceEqual("IDAT"u8) || type.SequenceEqual("IEND"u8)) return 1;
            if (type.SequenceEqual("eXIf"u8)) return length <= 1 << 16 && reader.Read((int)length) is { } exif ? ExifOrientation.Of(exif) : 1;
            if (!reader.TrySkip(length + 4L)) return 1;
        }

        return 1;
    }

    private static ImageHeader? Gif(ReadOnlySpan<byte> start)
        => Of(ImageCodec.Gif, BinaryPrimitives.ReadUInt16LittleEndian(start[6..]), BinaryPrimitives.ReadUInt16LittleEndian(start[8..]), 1);

    private static ImageHeader? Bmp(HeaderReader reader)
    {
        if (reader.Read(14) is not { } header) return null;
        var info = header.AsSpan(2);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(info);
        if (length == 12)
            return Of(ImageCodec.Bmp, BinaryPrimitives.ReadUInt16LittleEndian(info[4..]), BinaryPrimitives.ReadUInt16LittleEndian(info[6..]), 1);
        if (length is < 16 or > 4096) return null;
        var height = (long)BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        return Of(ImageCodec.Bmp, BinaryPrimitives.ReadInt32LittleEndian(info[4..]), Math.Abs(height), 1);
    }

    private static ImageHeader? WebP(HeaderReader reader)
    {
        if (reader.Read(8 + 10) is not { } chunk) return null;
        var type = chunk.AsSpan(0, 4);
        var body = chunk.AsSpan(8);
        if (type.SequenceEqual("VP8X"u8)) return ExtendedWebP(reader, BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4)), body);
        if (type.SequenceEqual("VP8L"u8))
        {
            if (body[0] != 0x2F) return null;
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            return Of(ImageCodec.WebP, (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1, 1);
        }

        if (!type.SequenceEqual("VP8 "u8) || !body[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])) return null;
        return Of(ImageCodec.WebP, BinaryPrimitives.ReadUInt16LittleEndian(body[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(body[8..]) & 0x3FFF, 1);
    }

    private static ImageHeader? ExtendedWebP(HeaderReader reader, uint chunkLength, ReadOnlySpan<byte> body)
    {
        const int ExifFlag = 8;
        var width = (BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) & 0xFFFFFF) + 1;
        var height = (BinaryPrimitives.ReadUInt32LittleEndian(body[6..]) >> 8) + 1;
        var orientation = (body[0] & ExifFlag) != 0 && chunkLength >= 10 && reader.TrySkip(Padded(chunkLength) - 10) ? WebPOrientation(reader) : 1;
        return Of(ImageCodec.WebP, width, height, orientation);
    }

    /// <summary>The orientation of the EXIF chunk, which stands behind the pixels.</summary>
    private static int WebPOrientation(HeaderReader reader)
    {
        Span<byte> chunk = stackalloc byte[8];
        while (reader.TryRead(chunk))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8)) return length <= 1 << 16 && reader.Read((int)length) is { } exif ? ExifOrientation.Of(exif) : 1;
            if (!reader.TrySkip(Padded(length))) return 1;
        }

        return 1;
    }

    private static long Padded(uint length) => length + (length & 1L);

    private static ImageHeader? Tiff(HeaderReader reader, ReadOnlySpan<byte> start, bool little)
    {
        const int WidthTag = 256;
        const int HeightTag = 257;
        const int OrientationTag = 274;
        var offset = ExifOrientation.ReadUInt32(start[4..], little);
        if (offset < reader.Position)
        {
            if (offset != 8 || start.Length != 12) return null;
            return reader.Read(ExifOrientation.ReadUInt16(start[8..], little) * 12 - 2) is { } rest ? Directory([.. start[10..], .. rest], little) : null;
        }

        if (!reader.TrySkip(offset - reader.Position) || reader.Read(2) is not { } count) return null;
        return reader.Read(ExifOrientation.ReadUInt16(count, little) * 12) is { } entries ? Directory(entries, little) : null;

        static ImageHeader? Directory(ReadOnlySpan<byte> entries, bool little)
        {
            var orientation = ExifOrientation.Entry(entries, OrientationTag, little) is >= 1 and <= 8 and var value ? (int)value : 1;
            return Of(ImageCodec.Tiff, ExifOrientation.Entry(entries, WidthTag, little) ?? 0, ExifOrientation.Entry(entries, HeightTag, little) ?? 0, orientation);
        }
    }

    private static ImageHeader? Of(ImageCodec codec, long width, long height, int orientation)
        => width is >= 1 and <= int.MaxValue && height is >= 1 and <= int.MaxValue ? new(codec, (int)width, (int)height, orientation) : null;
}
