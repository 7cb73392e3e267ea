using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Writes safetensors as the reference implementation does: tensors by the size of their numbers, largest first, then by name, and a header padded so that the
/// numbers begin at a multiple of 8; every tensor is aligned to its numbers.
/// </summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;
    private const string MetadataName = "__metadata__";

    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors.Select(Part.Of).OrderByDescending(part => part.Type.Bytes).ThenBy(part => part.Name, StringComparer.Ordinal).ToArray();
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataName };
        if (Array.Find(ordered, part => !names.Add(part.Name)) is { } again)
            throw new InputException($"'{path}': the name '{again.Name}' {(again.Name == MetadataName ? "is safetensors' own" : "comes twice")}. "
                + "Give the tensor another.");
        var header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[Alignment];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var part in ordered) WriteNumbers(stream, part.Tensor);
        });
    }

    private static void WriteNumbers(Stream stream, Tensor tensor)
    {
        if (tensor.numel() == 0) return;
        using var scope = NewDisposeScope();
        foreach (var chunk in TensorReader.Chunks(tensor.detach().cpu().contiguous())) stream.Write(chunk.Span);
    }

    private static byte[] Header(Part[] parts, IReadOnlyDictionary<string, string>? metadata)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 }) WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var part in parts)
            {
                WriteEntry(json, part, offset);
                offset += part.Tensor.numel() * part.Type.Bytes;
            }

            json.WriteEndObject();
        }

        while (bytes.Length % Alignment != 0) bytes.WriteByte((byte)' ');
        return bytes.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataName);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, Part part, long offset)
    {
        json.WriteStartObject(part.Name);
        json.WriteString("dtype", part.Type.Name);
        json.WriteStartArray("shape");
        foreach (var side in part.Tensor.shape) json.WriteNumberValue(side);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + (part.Tensor.numel() * part.Type.Bytes));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed record Part(string Name, Tensor Tensor, TensorType Type)
    {
        public static Part Of(KeyValuePair<string, Tensor> named)
            => TensorType.Of(named.Value.dtype) is { Name: not TensorType.PyTorchOnly } type ? new(named.Key, named.Value, type)
                : throw new InputException($"'{named.Key}' has numbers of type {named.Value.dtype}, which safetensors does not name. "
                    + "Convert it first, with .to(...).");
    }
}
