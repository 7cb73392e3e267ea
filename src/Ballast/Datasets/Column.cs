using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// A column that grows in chunks, so that reading ten million boxes never copies (or holds twice) what was read: a list that doubles would peak at three times
/// its content. The chunks lie outside the garbage collector's heap, because they must go at once when the column is taken, not at some later collection.
/// </summary>
internal sealed unsafe class Column<T>
    where T : unmanaged
{
    private const int ChunkBits = 16;
    private const int ChunkSize = 1 << ChunkBits;
    private const int FirstSize = 256;
    private nint[] _chunks = [];
    private int _chunkCount;
    private T* _next;
    private T* _end;

    /// <summary>Frees what was never taken, as when reading ended with an error.</summary>
    ~Column() => Free();

    public int Count => _chunkCount == 0 ? 0 : ((_chunkCount - 1) << ChunkBits) + (int)(_next - (T*)_chunks[_chunkCount - 1]);

    public ref T this[int index] => ref ((T*)_chunks[index >> ChunkBits])[index & (ChunkSize - 1)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T value)
    {
        if (_next == _end) Grow();
        *_next++ = value;
    }

    /// <summary>Fills the column up to a count with one value: used when an optional column turns out to be needed.</summary>
    public void PadTo(int count, T value)
    {
        for (var missing = count - Count; missing > 0; missing--) Add(value);
    }

    /// <summary>The values in the given order (all of them, in their own, when it is null); the column is empty afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public T[] Take(int[]? order)
    {
        var result = GC.AllocateUninitializedArray<T>(order?.Length ?? Count);
        if (order is null)
        {
            for (var i = 0; i < result.Length; i += ChunkSize)
            {
                var length = Math.Min(ChunkSize, result.Length - i);
                new ReadOnlySpan<T>((T*)_chunks[i >> ChunkBits], length).CopyTo(result.AsSpan(i, length));
            }
        }
        else
        {
            var chunks = _chunks;
            for (var i = 0; i < order.Length; i++) result[i] = ((T*)chunks[order[i] >> ChunkBits])[order[i] & (ChunkSize - 1)];
        }

        Free();
        return result;
    }

    /// <summary>The first chunk grows to its size, so that a small data set stays small; then whole chunks follow.</summary>
    private void Grow()
    {
        if (_chunkCount == 1 && _end - (T*)_chunks[0] < ChunkSize)
        {
            var first = (T*)_chunks[0];
            var size = (int)(_end - first);
            var larger = Allocate(size * 4);
            new ReadOnlySpan<T>(first, size).CopyTo(new(larger, size));
            Free(first, size);
            _chunks[0] = (nint)larger;
            _next = larger + size;
            _end = larger + size * 4;
            return;
        }

        if (_chunkCount == _chunks.Length) Array.Resize(ref _chunks, Math.Max(4, _chunkCount * 2));
        var length = _chunkCount == 0 ? FirstSize : ChunkSize;
        _next = Allocate(length);
        _end = _next + length;
        _chunks[_chunkCount++] = (nint)_next;
    }

    private void Free()
    {
        for (var i = 0; i < _chunkCount; i++) Free((T*)_chunks[i], i < _chunkCount - 1 ? ChunkSize : (int)(_end - (T*)_chunks[i]));
        _chunkCount = 0;
        _next = null;
        _end = null;
    }

    /// <summary>Small first chunks come from malloc, whole ones are pages of their own.</summary>
    private static T* Allocate(int length)
        => length < ChunkSize ? (T*)NativeMemory.Alloc((nuint)length, (nuint)sizeof(T)) : (T*)PageMemory.Allocate((nuint)(length * sizeof(T)));

    private static void Free(T* chunk, int length)
    {
        if (length < ChunkSize) NativeMemory.Free(chunk);
        else PageMemory.Free(chunk, (nuint)(length * sizeof(T)));
    }
}
