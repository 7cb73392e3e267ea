namespace Ballast;

/// <summary>
/// The cells of one base anchor that can overlap a truth by at least a bound: IoU >= t asks for an intersection of t / (1 + t) (areaA + areaB), and the
/// intersection's width and height each fall with the distance of the centres.
/// </summary>
internal readonly ref struct GridWindow
{
    private readonly AnchorLevel _level;
    private readonly Box _anchor;
    private readonly Box _truth;
    private readonly double _needed;

    public GridWindow(AnchorLevel level, int anchor, in Box truth, double bound)
    {
        _level = level;
        _anchor = level.BaseAnchors[anchor];
        _truth = truth;
        _needed = bound / (1 + bound) * ((double)_anchor.Area + truth.Area);
        var (width, height) = (Math.Min(_anchor.Width, truth.Width), Math.Min(_anchor.Height, truth.Height));
        (FirstRow, LastRow) = (double)width * height < _needed * (1 - 1e-6)
            ? (0, -1)
            : Cells(truth.Y1, truth.Y2, _anchor.Y1, _anchor.Y2, _needed / width, level.OffsetY, level.StrideY, level.Height);
    }

    /// <summary>First row of the window.</summary>
    public int FirstRow { get; }

    /// <summary>Last row, inclusive; before the first when there is none.</summary>
    public int LastRow { get; }

    /// <summary>First and last column of a row, inclusive.</summary>
    public (int First, int Last) Columns(int row)
    {
        var shift = (row * (double)_level.StrideY) + _level.OffsetY;
        var height = Math.Min(shift + _anchor.Y2, _truth.Y2) - Math.Max(shift + _anchor.Y1, _truth.Y1);
        return height <= 0
            ? (0, -1)
            : Cells(_truth.X1, _truth.X2, _anchor.X1, _anchor.X2, _needed / height, _level.OffsetX, _level.StrideX, _level.Width);
    }

    /// <summary>Cells whose anchor overlaps [from, to) by at least a length.</summary>
    private static (int First, int Last) Cells(double from, double to, double low, double high, double length, double offset, double stride, int cells)
    {
        var reach = length * (1 - 1e-4);
        var first = Math.Ceiling(((from + reach - high - offset) / stride) - 1e-3);
        var last = Math.Floor(((to - reach - low - offset) / stride) + 1e-3);
        return ((int)Math.Max(first, 0), (int)Math.Min(last, cells - 1));
    }
}
