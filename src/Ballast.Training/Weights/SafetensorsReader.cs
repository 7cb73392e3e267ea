using System.Buffers.Binary;
using System.Text.Json;

namespace Ballast.Training;

/// <summary>
/// The header of a safetensors file: 8 bytes of little-endian length, JSON, then the numbers. Tensors must cover the numbers without gap or overlap, as the
/// format demands, so no two of them share bytes and nothing hides between them.
/// </summary>
internal static class SafetensorsReader
{
    /// <summary>The reference implementation's limit.</summary>
    private const long HeaderLimit = 100_000_000;

    private const int LengthBytes = 8;
    private const int DimensionLimit = 64;

    /// <summary>Whether a file starts as one.</summary>
    public static bool Recognises(WeightsSource source, ReadOnlySpan<byte> start)
        => start.Length > LengthBytes && start[LengthBytes] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)(source.Length - LengthBytes);

    /// <summary>Reads the header.</summary>
    /// <exception cref="InputException">It breaks a rule of the format.</exception>
    public static WeightsContent Read(WeightsSource source)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(source.Read(0, LengthBytes));
        if (length > HeaderLimit) throw source.Damaged($"its header claims {length} bytes; at most {HeaderLimit} are allowed");
        try
        {
            var header = new Header(source, LengthBytes + (long)length);
            header.Read(source.Read(LengthBytes, (long)length));
            header.CheckCover();
            return new(header.Tensors, header.Metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException($"'{source.Name}' is damaged: its header is not what safetensors prescribes ({e.Message}). Copy or download it again.", e);
        }
    }

    private sealed class Header(WeightsSource source, long numbers)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public List<StoredTensor> Tensors { get; } = [];

        public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

        public void Read(byte[] json)
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
            Expect(ref reader, JsonTokenType.StartObject);
            while (Next(ref reader) == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!_names.Add(name)) throw source.Damaged($"it names '{name}' twice");
                Expect(ref reader, JsonTokenType.StartObject);
                if (name == "__metadata__") ReadMetadata(ref reader);
                else ReadTensor(ref reader, name);
            }

            if (reader.Read()) throw source.Damaged("its header goes on after its end");
        }

        /// <summary>Every byte of the numbers belongs to one tensor.</summary>
        public void CheckCover()
        {
            var end = numbers;
            foreach (var tensor in Tensors.OrderBy(tensor => tensor.Place.Start).ThenBy(tensor => tensor.Place.Count))
            {
                if (tensor.Place.Start != end)
                    throw source.Damaged($"'{tensor.Name}' starts at byte {tensor.Place.Start - numbers} of the numbers, "
                        + $"{(tensor.Place.Start < end ? "inside of" : "with a gap after")} what lies before it, which ends at {end - numbers}");
                end += tensor.Place.Count * tensor.Place.Type.Bytes;
            }

            if (end != source.Length) throw source.Damaged($"its tensors end at byte {end} and the file at {source.Length}");
        }

        private void ReadMetadata(ref Utf8JsonReader reader)
        {
            while (Next(ref reader) == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                Expect(ref reader, JsonTokenType.String);
                if (!Metadata.TryAdd(key, reader.GetString()!)) throw source.Damaged($"its metadata names '{key}' twice");
            }
        }

        private void ReadTensor(ref Utf8JsonReader reader, string name)
        {
            string? dtype = null;
            long[]? shape = null, offsets = null;
            while (Next(ref reader) == JsonTokenType.PropertyName)
            {
                var field = reader.GetString();
                if (field == "dtype" && dtype is null)
                {
                    Expect(ref reader, JsonTokenType.String);
                    dtype = reader.GetString();
                }
                else if (field == "shape" && shape is null)
                {
                    shape = Whole(ref reader, DimensionLimit);
                }
                else if (field == "data_offsets" && offsets is null)
                {
                    offsets = Whole(ref reader, 2);
                }
                else
                {
                    throw source.Damaged($"'{name}' has a field '{field}' twice or one that safetensors does not know");
                }
            }

            if (dtype is null || shape is null || offsets is not [var start, var end]) throw source.Damaged($"'{name}' lacks dtype, shape or both data_offsets");
            Add(name, dtype, shape, start, end);
        }

        private void Add(string name, string dtype, long[] shape, long start, long end)
        {
            var type = TensorType.OfSafetensors(dtype)
                ?? throw new InputException($"'{source.Name}': '{name}' has numbers of type '{dtype}', which is not read. "
                    + "Convert it, to F32 for example.");
            if (start > end || end > source.Length - numbers)
                throw source.Damaged($"'{name}' lies at bytes {start} to {end} of {source.Length - numbers}");
            var place = TensorPlace.Dense(type, numbers + start, shape);
            if (place is null || place.Count * type.Bytes != end - start)
                throw source.Damaged($"'{name}' of type {dtype} and shape [{string.Join(", ", shape)}] has {end - start} bytes");
            Tensors.Add(new(name, dtype, [.. shape]) { Place = place });
        }

        private long[] Whole(ref Utf8JsonReader reader, int limit)
        {
            Expect(ref reader, JsonTokenType.StartArray);
            var values = new List<long>();
            while (Next(ref reader) != JsonTokenType.EndArray)
            {
                if (!reader.TryGetInt64(out var value) || value < 0 || values.Count == limit)
                    throw source.Damaged($"a shape or place of its header is no list of at most {limit} whole numbers from 0 on");
                values.Add(value);
            }

            return [.. values];
        }

        private void Expect(ref Utf8JsonReader reader, JsonTokenType type)
        {
            if (Next(ref reader) != type)
                throw source.Damaged($"its header has {reader.TokenType} where {type} belongs, at byte {LengthBytes + reader.TokenStartIndex}");
        }

        private JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw source.Damaged("its header ends too early");
    }
}
