using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// Counts in a grid of cells, as whole numbers, so that tallies of shards add up to the same bytes in any order. A replicated tally keeps a row of counts for each
/// cell: on the data as they are, and in each bootstrap replicate.
/// </summary>
internal sealed class Tally
{
    private readonly long[] _counts;
    private readonly int _row;

    public Tally(string name, bool replicated, params int[] shape)
    {
        Name = name;
        Shape = shape;
        Cells = shape.Aggregate(1, (product, side) => checked(product * side));
        _row = replicated ? PoissonWeights.Row : 1;
        _counts = new long[checked(Cells * _row)];
    }

    public string Name { get; }

    public int[] Shape { get; }

    /// <summary>Number of cells: the product of the shape.</summary>
    public int Cells { get; }

    public bool IsReplicated => _row > 1;

    /// <summary>All numbers, cell after cell, each with its row of replicates.</summary>
    public Span<long> Counts => _counts;

    /// <summary>The count of a cell on the data as they are.</summary>
    public long this[int cell] => _counts[cell * _row];

    /// <summary>The count of a cell of a two-dimensional tally.</summary>
    public long this[int row, int column] => this[(row * Shape[1]) + column];

    /// <summary>Adds <paramref name="n"/> to a cell, and n times the weight to each of its replicates.</summary>
    public void Add(int cell, long n, ReadOnlySpan<long> weights)
    {
        if (_row == 1) _counts[cell] += n;
        else AddToRow(cell, n, weights);
    }

    // Compiled well at once: it is called a hundred thousand times before the runtime would get to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddToRow(int cell, long n, ReadOnlySpan<long> weights)
    {
        var row = _counts.AsSpan(cell * _row, _row);
        var wide = MemoryMarshal.Cast<long, Vector<long>>(row);
        var wideWeights = MemoryMarshal.Cast<long, Vector<long>>(weights);
        if (n == 1)
        {
            for (var i = 0; i < wide.Length; i++) wide[i] += wideWeights[i];
        }
        else
        {
            for (var i = 0; i < wide.Length; i++) wide[i] += wideWeights[i] * n;
        }

        for (var i = wide.Length * Vector<long>.Count; i < row.Length; i++) row[i] += weights[i] * n;
    }

    /// <summary>Whether another tally has the same cells and replicates.</summary>
    public bool HasShapeOf(Tally other) => _row == other._row && Shape.AsSpan().SequenceEqual(other.Shape);

    /// <summary>Adds another tally of the same name and shape.</summary>
    public void Add(Tally other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] = checked(_counts[i] + other._counts[i]);
    }

    /// <summary>The count of a cell on the data as they are, then in each replicate.</summary>
    public ReadOnlySpan<long> Row(int cell) => _counts.AsSpan(cell * _row, _row);

    /// <summary>The counts of all cells in one replicate; 0 is the data as they are.</summary>
    public void Replicate(int replicate, Span<double> cells)
    {
        for (var cell = 0; cell < Cells; cell++) cells[cell] = _counts[(cell * _row) + replicate];
    }

    /// <summary>The counts of all cells on the data as they are.</summary>
    public double[] Values()
    {
        var values = new double[Cells];
        Replicate(0, values);
        return values;
    }

    /// <summary>Sum over all cells on the data as they are.</summary>
    public long Total()
    {
        var total = 0L;
        for (var cell = 0; cell < Cells; cell++) total += this[cell];
        return total;
    }

    /// <summary>One row of a two-dimensional tally on the data as they are.</summary>
    public double[] RowOf(int row)
    {
        var values = new double[Shape[1]];
        for (var column = 0; column < values.Length; column++) values[column] = this[row, column];
        return values;
    }

    /// <summary>Sums of the columns of a two-dimensional tally on the data as they are.</summary>
    public double[] ColumnSums()
    {
        var sums = new double[Shape[1]];
        for (var row = 0; row < Shape[0]; row++)
        {
            for (var column = 0; column < sums.Length; column++) sums[column] += this[row, column];
        }

        return sums;
    }
}
