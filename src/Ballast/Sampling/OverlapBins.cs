using System.Numerics;

namespace Ballast;

/// <summary>
/// The slots that background is sorted into by its IoU: K half-open bins of equal width, then what lies in none of them, the floor, and what is no number. Most
/// background overlaps nothing, so runs of consecutive candidates in one slot are dealt with as vectors.
/// </summary>
internal readonly ref struct OverlapBins
{
    private readonly ReadOnlySpan<float> _edges;
    private readonly float _floor;
    private readonly float _scale;

    /// <summary>Lays the bins.</summary>
    /// <param name="edges">[K + 1]: the workspace for their edges.</param>
    /// <param name="floor">Where they begin; 0 when negative, and just over 0 when it is 0.</param>
    /// <param name="largest">Where they end.</param>
    public OverlapBins(Span<float> edges, float floor, float largest)
    {
        var from = Math.Max((double)floor, 0);
        var width = Math.Max(largest - from, 0) / (edges.Length - 1);
        for (var i = 0; i < edges.Length; i++) edges[i] = (float)(from + (i * width));
        _edges = edges;
        _floor = floor;
        _scale = edges[^1] > edges[0] ? (edges.Length - 1) / (edges[^1] - edges[0]) : 0;
    }

    private int Bins => _edges.Length - 1;

    /// <summary>Finds the slot of each index and counts them.</summary>
    /// <param name="overlaps">[N].</param>
    /// <param name="indices">Ascending.</param>
    /// <param name="slots">Receives the slot of each index.</param>
    /// <param name="counts">[K + 3]: receives how many lie in each.</param>
    public void Find(ReadOnlySpan<float> overlaps, ReadOnlySpan<int> indices, Span<byte> slots, Span<int> counts)
    {
        counts.Clear();
        for (var i = 0; i < indices.Length;)
        {
            var slot = Slot(overlaps[indices[i]]);
            var run = Run(overlaps, indices, i, slot);
            slots.Slice(i, run).Fill((byte)slot);
            counts[slot] += run;
            i += run;
        }
    }

    /// <summary>Puts each index to the others of its slot.</summary>
    /// <param name="indices">[P].</param>
    /// <param name="slots">[P].</param>
    /// <param name="starts">[K + 3]: where each slot begins; receives where it ends.</param>
    /// <param name="sorted">[P]: receives the indices.</param>
    public static void Place(ReadOnlySpan<int> indices, ReadOnlySpan<byte> slots, Span<int> starts, Span<int> sorted)
    {
        for (var i = 0; i < indices.Length;)
        {
            var rest = slots[i..];
            var length = rest.IndexOfAnyExcept(rest[0]);
            var run = indices.Slice(i, length < 0 ? rest.Length : length);
            run.CopyTo(sorted[starts[rest[0]]..]);
            starts[rest[0]] += run.Length;
            i += run.Length;
        }
    }

    /// <summary>How many indices from one on are consecutive and have their overlap in the same slot; some of them at least, in whole vectors.</summary>
    private int Run(ReadOnlySpan<float> overlaps, ReadOnlySpan<int> indices, int first, int slot)
    {
        var (low, high) = RangeOf(slot);
        var (least, most) = (new Vector<float>(low), new Vector<float>(high));
        var end = first;
        while (end + Vector<float>.Count <= indices.Length && indices[end + Vector<float>.Count - 1] - indices[end] == Vector<float>.Count - 1)
        {
            var values = new Vector<float>(overlaps[indices[end]..]);
            if (!Vector.EqualsAll(Vector.GreaterThanOrEqual(values, least) & Vector.LessThan(values, most), Vector<int>.AllBitsSet)) break;
            end += Vector<float>.Count;
        }

        return Math.Max(end - first, 1);
    }

    /// <summary>From which overlap on and under which all overlaps lie in a slot; an empty range for slots that seldom hold anything.</summary>
    private (float Low, float High) RangeOf(int slot)
    {
        if (slot == Bins + 1) return _floor > 0 ? (float.NegativeInfinity, _floor) : (0, float.Epsilon);
        return slot >= Bins ? (0, 0) : (slot == 0 && _floor == 0 ? float.Epsilon : _edges[slot], _edges[slot + 1]);
    }

    private int Slot(float overlap)
    {
        if (_floor > 0 ? overlap < _floor : _floor == 0 && overlap == 0) return Bins + 1;
        if (!(overlap >= _edges[0])) return Bins + 2;
        if (overlap >= _edges[^1]) return Bins;
        var bin = Math.Min((int)((overlap - _edges[0]) * _scale), Bins - 1);
        while (overlap < _edges[bin]) bin--;
        while (overlap >= _edges[bin + 1]) bin++;
        return bin;
    }
}
