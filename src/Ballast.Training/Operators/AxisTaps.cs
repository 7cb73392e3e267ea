using System.Numerics;
using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>
/// Which cells along one axis each bin of each RoI is a mean of. Bilinear samples on a grid are separable: the weight of a cell is the product of one weight
/// for its row and one for its column, and samples that share a cell are one tap.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class AxisTaps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Cells of a RoI that takes as many samples as it has cells; beyond it something is wrong with the boxes.</summary>
    public const int MostSamples = 1 << 20;

    private readonly List<int> _roiStarts = [0];
    private readonly List<int> _keys = [];
    private readonly List<int> _starts = [0];
    private readonly List<int> _indices = [];
    private readonly List<T> _weights = [];

    /// <summary>RoIs that were added.</summary>
    public int Count => _roiStarts.Count - 1;

    /// <summary>Most taps of a group.</summary>
    public int Most { get; private set; }

    /// <summary>What the groups of a RoI are for: bins, or cells after <see cref="Transpose"/>.</summary>
    public ReadOnlySpan<int> Keys => CollectionsMarshal.AsSpan(_keys);

    /// <summary>Where the taps of a group begin; one more than groups.</summary>
    public ReadOnlySpan<int> Starts => CollectionsMarshal.AsSpan(_starts);

    /// <summary>The cell, or bin, of each tap.</summary>
    public ReadOnlySpan<int> Indices => CollectionsMarshal.AsSpan(_indices);

    /// <summary>The share of each tap.</summary>
    public ReadOnlySpan<T> Weights => CollectionsMarshal.AsSpan(_weights);

    /// <summary>All of them, for loops that would otherwise ask for them at every tap; no longer valid once a RoI is added.</summary>
    public AxisView<T> View => new(Keys, Starts, Indices, Weights);

    /// <summary>The groups of a RoI.</summary>
    public (int Start, int End) Groups(int roi) => (_roiStarts[roi], _roiStarts[roi + 1]);

    /// <summary>Adds a RoI.</summary>
    /// <param name="start">Where it begins, in cells.</param>
    /// <param name="bin">Length of a bin, in cells.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="samples">Samples in a bin.</param>
    /// <param name="cells">Length of the map.</param>
    public void Add(T start, T bin, int bins, int samples, int cells)
    {
        var half = T.CreateChecked(0.5);
        var (count, last) = (T.CreateChecked(samples), T.CreateChecked(cells));
        for (var p = 0; p < bins; p++)
        {
            for (var i = 0; i < samples; i++)
            {
                var position = start + (T.CreateChecked(p) * bin) + ((T.CreateChecked(i) + half) * bin / count);
                if (position >= -T.One && position <= last) AddSample(T.Max(position, T.Zero), cells, T.One / count);
            }

            EndGroup(p);
        }

        _roiStarts.Add(_keys.Count);
    }

    /// <summary>The same weights by cell: which bins each cell is part of, for the gradient. Cells that no bin looks at have no group.</summary>
    public AxisTaps<T> Transpose()
    {
        var result = new AxisTaps<T>();
        for (var roi = 0; roi < Count; roi++)
        {
            var (start, end) = Groups(roi);
            TransposeRoI(start, end, result);
            result._roiStarts.Add(result._keys.Count);
        }

        return result;
    }

    private void AddSample(T position, int cells, T share)
    {
        var cell = int.CreateTruncating(position);
        if (cell >= cells - 1)
        {
            AddTap(cells - 1, share);
            return;
        }

        var beyond = position - T.CreateChecked(cell);
        AddTap(cell, (T.One - beyond) * share);
        AddTap(cell + 1, beyond * share);
    }

    /// <summary>Samples come in order, so a cell that has a tap already has one of the group's last.</summary>
    private void AddTap(int cell, T weight)
    {
        if (weight == T.Zero) return;
        for (var i = _indices.Count - 1; i >= Math.Max(_starts[^1], _indices.Count - 2); i--)
        {
            if (_indices[i] != cell) continue;
            _weights[i] += weight;
            return;
        }

        _indices.Add(cell);
        _weights.Add(weight);
    }

    private void EndGroup(int key)
    {
        Most = Math.Max(Most, _indices.Count - _starts[^1]);
        _keys.Add(key);
        _starts.Add(_indices.Count);
    }

    private void TransposeRoI(int start, int end, AxisTaps<T> result)
    {
        var (from, to) = (_starts[start], _starts[end]);
        if (from == to) return;
        var order = new long[to - from];
        for (var group = start; group < end; group++)
        {
            for (var tap = _starts[group]; tap < _starts[group + 1]; tap++) order[tap - from] = ((long)_indices[tap] << 32) | (uint)tap;
        }

        Array.Sort(order);
        for (var i = 0; i < order.Length; i++)
        {
            var (cell, tap) = ((int)(order[i] >> 32), (int)(uint)order[i]);
            result._indices.Add(KeyOf(tap, start, end));
            result._weights.Add(_weights[tap]);
            if (i + 1 == order.Length || (int)(order[i + 1] >> 32) != cell) result.EndGroup(cell);
        }
    }

    private int KeyOf(int tap, int start, int end)
    {
        for (var group = start; group < end; group++)
        {
            if (tap < _starts[group + 1]) return _keys[group];
        }

        throw new ArgumentOutOfRangeException(nameof(tap), tap, "The tap belongs to no group of the RoI.");
    }
}

/// <summary>The groups of an axis, as <see cref="AxisTaps{T}"/> names them.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly ref struct AxisView<T>(ReadOnlySpan<int> keys, ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<T> weights)
{
    public ReadOnlySpan<int> Keys { get; } = keys;

    public ReadOnlySpan<int> Starts { get; } = starts;

    public ReadOnlySpan<int> Indices { get; } = indices;

    public ReadOnlySpan<T> Weights { get; } = weights;
}
