using System.Numerics;

namespace Ballast;

/// <summary>One octave of value noise: random values on a lattice, eased between.</summary>
internal sealed class NoiseOctave
{
    private readonly ulong _seed;
    private readonly int _shiftX;
    private readonly int _shiftY;
    private readonly int _weight;
    private readonly int[] _easeX;
    private readonly int[] _easeY;
    private readonly int[] _column;
    private int[] _upper;
    private int[] _lower;
    private int _row = -1;

    /// <summary>Makes an octave.</summary>
    /// <param name="seed">What its values come from.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="shiftX">Cells are 2^this pixels wide.</param>
    /// <param name="shiftY">Cells are 2^this pixels high.</param>
    /// <param name="weight">Its share, of 256.</param>
    public NoiseOctave(ulong seed, int width, int shiftX, int shiftY, int weight)
    {
        (_seed, _shiftX, _shiftY, _weight) = (seed, shiftX, shiftY, weight);
        _easeX = Ease(1 << shiftX);
        _easeY = Ease(1 << shiftY);
        _column = new int[(width >> shiftX) + 2];
        _upper = new int[_column.Length];
        _lower = new int[_column.Length];
    }

    /// <summary>Adds the octave's row, 0 to 16 x weight.</summary>
    public void AddRow(int y, Span<int> row)
    {
        Prepare(y);
        var cellWidth = 1 << _shiftX;
        for (var x = 0; x < row.Length; x += cellWidth)
        {
            var from = _column[x >> _shiftX];
            var length = Math.Min(cellWidth, row.Length - x);
            AddCell(from, _column[(x >> _shiftX) + 1] - from, _easeX.AsSpan(0, length), row.Slice(x, length));
        }
    }

    private void AddCell(int from, int rise, ReadOnlySpan<int> ease, Span<int> row)
    {
        var i = 0;
        for (; i <= row.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            var value = new Vector<int>(from) + Vector.ShiftRightArithmetic(new Vector<int>(rise) * new Vector<int>(ease[i..]), 8);
            (new Vector<int>(row[i..]) + Vector.ShiftRightArithmetic(value * new Vector<int>(_weight), 12)).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++) row[i] += (from + ((rise * ease[i]) >> 8)) * _weight >> 12;
    }

    /// <summary>The lattice's columns at a row of pixels, 0 to 65,535.</summary>
    private void Prepare(int y)
    {
        var row = y >> _shiftY;
        if (row != _row)
        {
            if (row == _row + 1 && _row >= 0) (_upper, _lower) = (_lower, _upper);
            else Fill(_upper, row);
            Fill(_lower, row + 1);
            _row = row;
        }

        var ease = _easeY[y & ((1 << _shiftY) - 1)];
        for (var i = 0; i < _column.Length; i++) _column[i] = _upper[i] + (((_lower[i] - _upper[i]) * ease) >> 8);
    }

    private void Fill(int[] values, int row)
    {
        for (var i = 0; i < values.Length; i++) values[i] = (int)(StableHash.Mix(_seed + ((ulong)row << 32) + (ulong)i) >> 48);
    }

    /// <summary>3 t^2 - 2 t^3 of 256.</summary>
    private static int[] Ease(int length)
    {
        var ease = new int[length];
        for (var i = 0; i < length; i++) ease[i] = (int)((long)i * i * ((3L * length) - (2L * i)) * 256 / ((long)length * length * length));
        return ease;
    }
}

/// <summary>Several octaves of value noise, 0 to 4,095.</summary>
internal sealed class ValueNoise(params NoiseOctave[] octaves)
{
    /// <summary>Octaves that halve cells and weight.</summary>
    public static ValueNoise Octaves(ulong seed, int width, int shiftX, int shiftY, int count)
    {
        var octaves = new NoiseOctave[count];
        var left = 256;
        for (var i = 0; i < count; i++)
        {
            var weight = i == count - 1 ? left : left / 2;
            octaves[i] = new(StableHash.Mix(seed + (ulong)i), width, Math.Max(0, shiftX - i), Math.Max(0, shiftY - i), weight);
            left -= weight;
        }

        return new(octaves);
    }

    public void Row(int y, Span<int> row)
    {
        row.Clear();
        foreach (var octave in octaves) octave.AddRow(y, row);
    }
}
