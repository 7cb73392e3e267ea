namespace Ballast;

/// <summary>
/// A column that grows in chunks, so that reading ten million boxes never copies (or holds twice) what was read: a list that doubles would peak at three times
/// its content.
/// </summary>
internal sealed class Column<T>
{
    private const int ChunkBits = 16;
    private const int ChunkSize = 1 << ChunkBits;
    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    public void Add(T value)
    {
        if (Count >> ChunkBits == _chunks.Count) _chunks.Add(new T[Count == 0 ? 256 : ChunkSize]);
        var chunk = _chunks[^1];
        var place = Count & (ChunkSize - 1);
        if (place == chunk.Length)
        {
            Array.Resize(ref chunk, Math.Min(ChunkSize, chunk.Length * 4));
            _chunks[^1] = chunk;
        }

        chunk[place] = value;
        Count++;
    }

    /// <summary>Fills the column up to a count with one value: used when an optional column turns out to be needed.</summary>
    public void PadTo(int count, T value)
    {
        while (Count < count) Add(value);
    }

    /// <summary>The values in the given order (all of them, in their own, when it is null); the column is empty afterwards.</summary>
    public T[] Take(int[]? order)
    {
        var result = GC.AllocateUninitializedArray<T>(order?.Length ?? Count);
        if (order is null)
        {
            for (var i = 0; i < Count; i += ChunkSize) _chunks[i >> ChunkBits].AsSpan(0, Math.Min(ChunkSize, Count - i)).CopyTo(result.AsSpan(i));
        }
        else
        {
            for (var i = 0; i < order.Length; i++) result[i] = _chunks[order[i] >> ChunkBits][order[i] & (ChunkSize - 1)];
        }

        _chunks.Clear();
        Count = 0;
        return result;
    }
}
