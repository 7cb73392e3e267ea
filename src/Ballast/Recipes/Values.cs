using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>An immutable list in a record: two are equal when their items are, so records that hold lists compare by value.</summary>
/// <typeparam name="T">What it holds.</typeparam>
[CollectionBuilder(typeof(Values), nameof(Values.Create))]
[JsonConverter(typeof(ValuesConverter))]
public sealed class Values<T> : IReadOnlyList<T>, IEquatable<Values<T>>
{
    private readonly T[] _items;

    internal Values(ReadOnlySpan<T> items) => _items = items.ToArray();

    /// <summary>Number of items.</summary>
    public int Count => _items.Length;

    /// <summary>The item at an index.</summary>
    public T this[int index] => _items[index];

    /// <summary>The items.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <inheritdoc/>
    public bool Equals(Values<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Values<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in _items) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

/// <summary>Makes <see cref="Values{T}"/> from collection expressions.</summary>
public static class Values
{
    /// <summary>The values of a span, copied.</summary>
    public static Values<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}

/// <summary>Values are JSON arrays.</summary>
internal sealed class ValuesConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Values<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        => (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Values<T>>
    {
        public override Values<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => new(JsonSerializer.Deserialize<T[]>(ref reader, options) ?? throw new JsonException("A list is expected."));

        public override void Write(Utf8JsonWriter writer, Values<T> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in value) JsonSerializer.Serialize(writer, item, options);
            writer.WriteEndArray();
        }
    }
}
