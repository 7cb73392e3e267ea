using System.Buffers.Binary;
using System.IO.Compression;

namespace Ballast.Tests.Imaging;

/// <summary>Image files the tests make themselves, in every codec and the variations that occur.</summary>
internal static class TestImages
{
    /// <summary>A picture without any symmetry: smooth ramps, a dark bar and a light corner.</summary>
    public static Pixels Picture(int width, int height)
    {
        var pixels = new Pixels(width, height);
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Row(y);
            for (var x = 0; x < width; x++)
            {
                var bar = x * 5 / width == 1 && y * 3 / height == 1;
                row[x * 4] = (byte)(bar ? 20 : 40 + 200 * x / width);
                row[x * 4 + 1] = (byte)(bar ? 30 : 50 + 180 * y / height);
                row[x * 4 + 2] = (byte)(bar ? 40 : 60 + 100 * (x + y) / (width + height));
                row[x * 4 + 3] = 255;
            }
        }

        return pixels;
    }

    public static byte[] Encode(Pixels pixels, ImageCodec codec, int quality = 95)
    {
        using var stream = new MemoryStream();
        ImageFile.Encode(pixels, stream, codec, quality);
        return stream.ToArray();
    }

    public static DecodedImage Decode(byte[] file, DecodeOptions? options = null)
    {
        using var stream = new MemoryStream(file);
        return ImageFile.Decode(stream, options);
    }

    public static ImageHeader? Probe(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return ImageFile.TryProbe(stream);
    }

    /// <summary>A file of each codec that is decoded, of the same picture.</summary>
    public static byte[] File(ImageCodec codec, int width, int height) => codec switch
    {
        ImageCodec.Gif => Gif(width, height),
        ImageCodec.Bmp => Bmp(Picture(width, height)),
        ImageCodec.Tiff => Tiff(width, height, 1, little: true),
        _ => Encode(Picture(width, height), codec),
    };

    /// <summary>An EXIF block that holds an orientation only.</summary>
    public static byte[] Exif(int orientation, bool little = true)
    {
        var block = new byte[26];
        (little ? "II*\0"u8 : "MM\0*"u8).CopyTo(block);
        Put32(block, 4, 8, little);
        Put16(block, 8, 1, little);
        PutEntry(block, 10, 274, 3, orientation, little);
        return block;
    }

    /// <summary>Puts an EXIF block into a JPEG file, directly behind its first marker.</summary>
    public static byte[] WithExif(byte[] jpeg, int orientation, bool little = false)
    {
        var exif = Exif(orientation, little);
        var length = 2 + 6 + exif.Length;
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. exif, .. jpeg[2..]];
    }

    /// <summary>A PNG file of any colour type from raw scan lines (without filter bytes), with further chunks before the pixels.</summary>
    public static byte[] Png(int width, int height, int depth, int colourType, byte[][] lines, params (string Type, byte[] Body)[] chunks)
    {
        using var stream = new MemoryStream();
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)depth;
        header[9] = (byte)colourType;
        Chunk(stream, "IHDR", header);
        foreach (var (type, body) in chunks) Chunk(stream, type, body);
        using (var packed = new MemoryStream())
        {
            using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                foreach (var line in lines) zlib.Write([0, .. line]);
            }

            Chunk(stream, "IDAT", packed.ToArray());
        }

        Chunk(stream, "IEND", []);
        return stream.ToArray();
    }

    public static byte[] RgbPng(Pixels pixels, params (string Type, byte[] Body)[] chunks)
    {
        var lines = Enumerable.Range(0, pixels.Height)
            .Select(y => pixels.Row(y).ToArray().Where((_, i) => i % 4 != 3).ToArray())
            .ToArray();
        return Png(pixels.Width, pixels.Height, 8, 2, lines, chunks);
    }

    /// <summary>A GIF of one colour per column group, its LZW codes reset so often that they never grow beyond 9 bits.</summary>
    public static byte[] Gif(int width, int height)
    {
        using var stream = new MemoryStream();
        stream.Write("GIF89a"u8);
        stream.Write([(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0xF7, 0, 0]);
        for (var i = 0; i < 256; i++) stream.Write([(byte)i, (byte)(255 - i), (byte)(i / 2)]);
        stream.Write([0x2C, 0, 0, 0, 0, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 8]);
        var bits = new List<int>();
        for (var i = 0; i < width * height; i++)
        {
            if (i % 100 == 0) bits.Add(256);
            bits.Add(i % width * 255 / width);
        }

        bits.Add(257);
        var packed = new byte[(bits.Count * 9 + 7) / 8];
        for (var i = 0; i < bits.Count * 9; i++) packed[i / 8] |= (byte)(((bits[i / 9] >> (i % 9)) & 1) << (i % 8));
        foreach (var block in packed.Chunk(255)) stream.Write([(byte)block.Length, .. block]);
        stream.Write([0, 0x3B]);
        return stream.ToArray();
    }

    public static byte[] Bmp(Pixels pixels)
    {
        var stride = (pixels.Width * 3 + 3) / 4 * 4;
        var file = new byte[54 + stride * pixels.Height];
        "BM"u8.CopyTo(file);
        Put32(file, 2, file.Length, true);
        Put32(file, 10, 54, true);
        Put32(file, 14, 40, true);
        Put32(file, 18, pixels.Width, true);
        Put32(file, 22, pixels.Height, true);
        Put16(file, 26, 1, true);
        Put16(file, 28, 24, true);
        for (var y = 0; y < pixels.Height; y++)
        {
            var row = pixels.Row(pixels.Height - 1 - y);
            for (var x = 0; x < pixels.Width; x++)
                (file[54 + y * stride + x * 3], file[55 + y * stride + x * 3], file[56 + y * stride + x * 3]) = (row[x * 4 + 2], row[x * 4 + 1], row[x * 4]);
        }

        return file;
    }

    /// <summary>A TIFF header whose directory stands right behind it or further on.</summary>
    public static byte[] Tiff(int width, int height, int orientation, bool little, int directoryAt = 8)
    {
        var file = new byte[directoryAt + 2 + 3 * 12 + 4];
        (little ? "II*\0"u8 : "MM\0*"u8).CopyTo(file);
        Put32(file, 4, directoryAt, little);
        Put16(file, directoryAt, 3, little);
        PutEntry(file, directoryAt + 2, 256, 4, width, little);
        PutEntry(file, directoryAt + 14, 257, 3, height, little);
        PutEntry(file, directoryAt + 26, 274, 3, orientation, little);
        return file;
    }

    /// <summary>The same file as an extended WebP with an EXIF chunk behind the pixels.</summary>
    public static byte[] WebPWithExif(byte[] webp, int width, int height, int orientation)
    {
        var extended = new byte[10];
        extended[0] = 8;
        Put24(extended, 4, width - 1);
        Put24(extended, 7, height - 1);
        var exif = Exif(orientation);
        byte[] body = [.. "WEBP"u8, .. RiffChunk("VP8X", extended), .. webp[12..], .. RiffChunk("EXIF", exif)];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, body.Length);
        return [.. "RIFF"u8, .. size, .. body];
    }

    /// <summary>Largest difference of any channel.</summary>
    public static int LargestDifference(Pixels a, Pixels b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        var largest = 0;
        for (var i = 0; i < a.Bytes.Length; i++) largest = Math.Max(largest, Math.Abs(a.Bytes[i] - b.Bytes[i]));
        return largest;
    }

    /// <summary>Mean difference of all channels.</summary>
    public static double MeanDifference(Pixels a, Pixels b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        var sum = 0L;
        for (var i = 0; i < a.Bytes.Length; i++) sum += Math.Abs(a.Bytes[i] - b.Bytes[i]);
        return (double)sum / a.Bytes.Length;
    }

    /// <summary>A CMYK JPEG of 8x8 pixels of rgb(220, 40, 60), as ImageMagick writes it.</summary>
    public static byte[] CmykJpeg() => Convert.FromBase64String(Cmyk);

    private static byte[] RiffChunk(string type, byte[] body)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, body.Length);
        return [.. System.Text.Encoding.ASCII.GetBytes(type), .. size, .. body, .. new byte[body.Length % 2]];
    }

    private static void Chunk(Stream stream, string type, byte[] body)
    {
        var length = new byte[4];
        var sum = new byte[4];
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. body];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(named));
        stream.Write(length);
        stream.Write(named);
        stream.Write(sum);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }

    private static void PutEntry(byte[] bytes, int at, int tag, int type, int value, bool little)
    {
        Put16(bytes, at, tag, little);
        Put16(bytes, at + 2, type, little);
        Put32(bytes, at + 4, 1, little);
        if (type == 3) Put16(bytes, at + 8, value, little);
        else Put32(bytes, at + 8, value, little);
    }

    private static void Put16(byte[] bytes, int at, int value, bool little)
        => (bytes[at], bytes[at + 1]) = little ? ((byte)value, (byte)(value >> 8)) : ((byte)(value >> 8), (byte)value);

    private static void Put24(byte[] bytes, int at, int value) => (bytes[at], bytes[at + 1], bytes[at + 2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));

    private static void Put32(byte[] bytes, int at, int value, bool little)
    {
        if (little) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        else BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), value);
    }

    private const string Cmyk =
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/9sAQwEDBAQFBAUJBQUJFA0LDRQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU/8AAFAgACAAIBAERAAIRAQMRAQQRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAYI/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABUBAQEAAAAAAAAAAAAAAAAAAAYJ/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAA4EAQACEQMRBAAAPwBWep2L1f/Z";
}
