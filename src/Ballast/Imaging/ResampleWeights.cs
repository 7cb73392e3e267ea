namespace Ballast;

/// <summary>
/// For each output position of one axis, which input positions count and how much, in units of 1 / <see cref="One"/>. Shrinking takes exact covered lengths
/// (area), growing the two neighbours (bilinear). All arithmetic is on whole numbers and the weights of a position add up to <see cref="One"/> exactly.
/// </summary>
internal sealed class ResampleWeights
{
    public const int Bits = 14;
    public const int One = 1 << Bits;

    private readonly int[] _first;
    private readonly int[] _start;
    private readonly int[] _weights;

    /// <param name="from">Input length.</param>
    /// <param name="to">Output length.</param>
    public ResampleWeights(int from, int to)
    {
        _first = new int[to];
        _start = new int[to + 1];
        var weights = new List<int>(Math.Max(from, to * 2) + to);
        for (var i = 0; i < to; i++)
        {
            if (to < from) AddCovered(weights, i, from, to);
            else AddNeighbours(weights, i, from, to);
            _start[i + 1] = weights.Count;
        }

        _weights = [.. weights];
    }

    /// <summary>First input position that counts for an output position.</summary>
    public int First(int i) => _first[i];

    /// <summary>Weights of the input positions from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> Of(int i) => _weights.AsSpan(_start[i].._start[i + 1]);

    /// <summary>Output position i covers [i from, (i + 1) from) where an input position covers lengths of <paramref name="to"/>.</summary>
    private void AddCovered(List<int> weights, int i, long from, long to)
    {
        var (start, end) = (i * from, (i + 1) * from);
        _first[i] = (int)(start / to);
        var given = 0L;
        for (var j = start / to; j * to < end; j++)
        {
            var covered = Math.Min((j + 1) * to, end) - start;
            var upTo = covered * One / from;
            weights.Add((int)(upTo - given));
            given = upTo;
        }
    }

    /// <summary>The centre of output position i lies at ((2 i + 1) from - to) / (2 to) between centres of input positions; the ends are held.</summary>
    private void AddNeighbours(List<int> weights, int i, long from, long to)
    {
        var place = Math.Clamp((2 * i + 1) * from - to, 0, 2 * to * (from - 1));
        var left = place / (2 * to);
        var share = (int)((place - left * 2 * to) * One / (2 * to));
        _first[i] = (int)left;
        weights.Add(One - share);
        if (share > 0) weights.Add(share);
    }
}
