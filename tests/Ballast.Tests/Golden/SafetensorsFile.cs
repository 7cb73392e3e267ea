using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ballast.Tests.Golden;

/// <summary>A tensor of a safetensors file.</summary>
public sealed record Tensor(string Type, int[] Shape, byte[] Data)
{
    public float[] Floats() => Type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(Data).ToArray(),
        "BF16" => [.. MemoryMarshal.Cast<byte, ushort>(Data).ToArray().Select(bits => BitConverter.Int32BitsToSingle(bits << 16))],
        _ => throw new NotSupportedException($"Tensors of type {Type} are not read as numbers."),
    };

    public int[] Integers() => Type == "I64"
        ? [.. MemoryMarshal.Cast<byte, long>(Data).ToArray().Select(value => (int)value)]
        : throw new NotSupportedException($"Tensors of type {Type} are not read as whole numbers.");
}

/// <summary>The safetensors format: an 8-byte little-endian header length, a JSON header, raw little-endian data.</summary>
public static class SafetensorsFile
{
    public static Dictionary<string, Tensor> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            var offsets = entry.Value.GetProperty("data_offsets");
            var data = bytes[(8 + length + offsets[0].GetInt32())..(8 + length + offsets[1].GetInt32())];
            tensors[entry.Name] = new(entry.Value.GetProperty("dtype").GetString()!, [.. entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())], data);
        }

        return tensors;
    }
}
