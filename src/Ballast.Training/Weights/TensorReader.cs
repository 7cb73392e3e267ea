using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The numbers of a tensor between a file and memory.</summary>
internal static class TensorReader
{
    /// <summary>Bytes of a tensor that are looked at as one span; spans end at 2 GiB.</summary>
    internal const int ChunkBytes = 1 << 28;

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="InputException">TorchSharp has no such type, or the file became shorter.</exception>
    public static Tensor Read(WeightsSource source, StoredTensor stored)
    {
        var place = stored.Place;
        if (place.Type.Scalar is not { } type)
            throw new InputException($"'{source.Name}': '{stored.Name}' has numbers of type {stored.Type}, which TorchSharp has not. "
                + "Convert it, to F32 for example.");
        var shape = stored.Shape.ToArray();
        if (place.Count == 0) return empty(shape, dtype: type);
        using var scope = NewDisposeScope();
        var numbers = empty([place.Reach], dtype: type);
        var at = place.Start;
        foreach (var bytes in Chunks(numbers))
        {
            source.Read(at, bytes.Span);
            at += bytes.Span.Length;
        }

        var shaped = place.IsDense ? numbers.reshape(shape) : numbers.as_strided(shape, place.Strides).contiguous();
        return shaped.MoveToOuterDisposeScope();
    }

    /// <summary>The memory of a dense tensor, in its order.</summary>
    public static ChunkSequence Chunks(Tensor dense) => new(dense);

    /// <summary>Walks over a tensor's memory in spans.</summary>
    internal ref struct ChunkSequence
    {
        private readonly Tensor _flat;
        private readonly long _step;
        private long _next;

        public ChunkSequence(Tensor dense)
        {
            _flat = dense.reshape(-1);
            _step = ChunkBytes / dense.ElementSize;
        }

        public Chunk Current { get; private set; }

        public readonly ChunkSequence GetEnumerator() => this;

        public bool MoveNext()
        {
            var count = Math.Min(_step, _flat.shape[0] - _next);
            if (count <= 0) return false;
            Current = new(_flat.narrow(0, _next, count).bytes);
            _next += count;
            return true;
        }
    }

    /// <summary>A part of a tensor's memory.</summary>
    internal readonly ref struct Chunk(Span<byte> span)
    {
        public Span<byte> Span { get; } = span;
    }
}
