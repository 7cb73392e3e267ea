namespace Ballast;

/// <summary>
/// The cells of one base anchor that can overlap a truth by at least a bound: IoU >= t asks for an intersection of t / (1 + t) (areaA + areaB), and the
/// intersection's width and height each fall with the distance of the centres. Every estimate errs to the side of more cells, by the most that single precision
/// can differ from exact arithmetic, so a window misses no anchor whose overlap in single precision reaches the bound.
/// </summary>
internal readonly ref struct GridWindow
{
    /// <summary>Under a bound by this, relative: more than the rounding of areas, products and the quotient of an IoU adds up to.</summary>
    private const double Slack = 1e-5;

    /// <summary>Cells added on each side against the rounding of double precision.</summary>
    private const double Margin = 1e-3;

    private readonly AnchorLevel _level;
    private readonly Box _anchor;
    private readonly Box _truth;
    private readonly double _rounding;
    private readonly double _needed;

    /// <summary>Finds the rows.</summary>
    /// <param name="level">The level of the grid.</param>
    /// <param name="anchor">Which base anchor.</param>
    /// <param name="truth">The truth.</param>
    /// <param name="bound">The overlap to reach, more than 0.</param>
    /// <param name="rounding">How far a corner can lie from the exact one, pixels.</param>
    public GridWindow(AnchorLevel level, int anchor, in Box truth, double bound, double rounding)
    {
        _level = level;
        _anchor = level.BaseAnchors[anchor];
        _truth = truth;
        _rounding = rounding;
        var (anchorWidth, anchorHeight) = ((double)_anchor.X2 - _anchor.X1, (double)_anchor.Y2 - _anchor.Y1);
        var leastArea = Math.Max(anchorWidth - (2 * rounding), 0) * Math.Max(anchorHeight - (2 * rounding), 0);
        _needed = bound / (1 + bound) * (leastArea + truth.Area) * (1 - Slack);
        var width = Math.Min(anchorWidth + (2 * rounding), (double)truth.X2 - truth.X1);
        var height = Math.Min(anchorHeight + (2 * rounding), (double)truth.Y2 - truth.Y1);
        (FirstRow, LastRow) = width * height < _needed
            ? (0, -1)
            : Cells(truth.Y1, truth.Y2, _anchor.Y1 - rounding, _anchor.Y2 + rounding, _needed / width, level.OffsetY, level.StrideY, level.Height);
    }

    /// <summary>First row of the window.</summary>
    public int FirstRow { get; }

    /// <summary>Last row, inclusive; before the first when there is none.</summary>
    public int LastRow { get; }

    /// <summary>First and last column of a row, inclusive.</summary>
    public (int First, int Last) Columns(int row)
    {
        var shift = (row * (double)_level.StrideY) + _level.OffsetY;
        var height = Math.Min(shift + _anchor.Y2 + _rounding, _truth.Y2) - Math.Max(shift + _anchor.Y1 - _rounding, _truth.Y1);
        return height <= 0
            ? (0, -1)
            : Cells(_truth.X1, _truth.X2, _anchor.X1 - _rounding, _anchor.X2 + _rounding, _needed / height, _level.OffsetX, _level.StrideX, _level.Width);
    }

    /// <summary>Cells whose anchor overlaps [from, to) by at least a length.</summary>
    private static (int First, int Last) Cells(double from, double to, double low, double high, double length, double offset, double stride, int cells)
    {
        var first = Math.Ceiling(((from + length - high - offset) / stride) - Margin);
        var last = Math.Floor(((to - length - low - offset) / stride) + Margin);
        return ((int)Math.Max(first, 0), (int)Math.Min(last, cells - 1));
    }
}
