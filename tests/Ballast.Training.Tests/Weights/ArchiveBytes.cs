using System.Text;

namespace Ballast.Training.Tests;

/// <summary>Makes zip archives and pickles byte by byte, right and wrong ones.</summary>
internal static class ArchiveBytes
{
    /// <summary>An archive as torch.save lays it out.</summary>
    public static byte[] Torch(byte[] pickle, params (string Key, byte[] Numbers)[] storages)
        => Zip([("a/data.pkl", pickle), .. storages.Select(storage => ($"a/data/{storage.Key}", storage.Numbers)), ("a/version", "3\n"u8.ToArray())]);

    /// <summary>A zip archive of stored entries.</summary>
    public static byte[] Zip((string Name, byte[] Content)[] entries, ushort method = 0, uint? claimed = null, bool large = false)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        using var directory = new MemoryStream();
        using var index = new BinaryWriter(directory);
        foreach (var (name, content) in entries)
        {
            var at = (uint)stream.Position;
            var bytes = Encoding.UTF8.GetBytes(name);
            var length = claimed ?? (uint)content.Length;
            writer.Write("PK\x03\x04"u8);
            foreach (var field in (ushort[])[20, 0, method, 0, 0]) writer.Write(field);
            foreach (var field in (uint[])[0, (uint)content.Length, length]) writer.Write(field);
            writer.Write((ushort)bytes.Length);
            writer.Write((ushort)0);
            writer.Write(bytes);
            writer.Write(content);
            index.Write("PK\x01\x02"u8);
            foreach (var field in (ushort[])[45, 45, 0, method, 0, 0]) index.Write(field);
            foreach (var field in (uint[])[0, large ? uint.MaxValue : (uint)content.Length, large ? uint.MaxValue : length]) index.Write(field);
            foreach (var field in (ushort[])[(ushort)bytes.Length, (ushort)(large ? 28 : 0), 0, 0, 0]) index.Write(field);
            foreach (var field in (uint[])[0, large ? uint.MaxValue : at]) index.Write(field);
            index.Write(bytes);
            if (!large) continue;
            foreach (var field in (ushort[])[1, 24]) index.Write(field);
            foreach (var field in (ulong[])[length, (ulong)content.Length, at]) index.Write(field);
        }

        WriteEnd(writer, directory.ToArray(), large);
        return stream.ToArray();
    }

    /// <summary>A pickle: protocol 2, the operations, STOP.</summary>
    public static byte[] Pickle(params object[] operations)
    {
        var bytes = new List<byte> { 0x80, 2 };
        foreach (var operation in operations)
        {
            bytes.AddRange(operation switch
            {
                byte[] raw => raw,
                char letter => [(byte)letter],
                int code => [(byte)code],
                string text => [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)],
                _ => throw new ArgumentException($"{operation} is no operation.", nameof(operations)),
            });
        }

        return [.. bytes, (byte)'.'];
    }

    /// <summary>GLOBAL.</summary>
    public static byte[] Name(string module, string name) => [(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")];

    /// <summary>A whole number.</summary>
    public static byte[] Whole(long value) => [0x8a, 8, .. BitConverter.GetBytes(value)];

    /// <summary>A tuple.</summary>
    public static object[] Tuple(params object[] items) => ['(', .. items, 't'];

    /// <summary>A pickle of {"w": a tensor}.</summary>
    public static byte[] TensorPickle(long[] shape, long[] strides, long offset = 0, long elements = 4, string storage = "FloatStorage", string key = "0")
        => Pickle(
        [
            '}', "w", Name("torch._utils", "_rebuild_tensor_v2"), '(', .. Tuple("storage", Name("torch", storage), key, "cpu", Whole(elements)), 'Q', Whole(offset),
            .. Tuple([.. shape.Select(Whole)]), .. Tuple([.. strides.Select(Whole)]), 0x89, ')', 't', 'R', 's',
        ]);

    private static void WriteEnd(BinaryWriter writer, byte[] directory, bool large)
    {
        var at = writer.BaseStream.Position;
        writer.Write(directory);
        if (large)
        {
            var record = writer.BaseStream.Position;
            writer.Write("PK\x06\x06"u8);
            writer.Write(44UL);
            foreach (var field in (ushort[])[45, 45]) writer.Write(field);
            foreach (var field in (uint[])[0, 0]) writer.Write(field);
            foreach (var field in (ulong[])[1, 1, (ulong)directory.Length, (ulong)at]) writer.Write(field);
            writer.Write("PK\x06\x07"u8);
            writer.Write(0u);
            writer.Write(record);
            writer.Write(1u);
        }

        writer.Write("PK\x05\x06"u8);
        foreach (var field in (ushort[])[0, 0, large ? ushort.MaxValue : (ushort)1, large ? ushort.MaxValue : (ushort)1]) writer.Write(field);
        writer.Write(large ? uint.MaxValue : (uint)directory.Length);
        writer.Write(large ? uint.MaxValue : (uint)at);
        writer.Write((ushort)0);
    }
}
