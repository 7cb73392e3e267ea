namespace Ballast;

/// <summary>
/// The cells of one base anchor that can overlap a truth by at least a bound: IoU >= t asks for an intersection of t / (1 + t) (areaA + areaB), and the
/// intersection's width and height each fall with the distance of the centres. Every estimate errs to the side of more cells, by the most that single precision
/// can differ from exact arithmetic, so a window misses no anchor whose overlap in single precision reaches the bound.
/// </summary>
internal readonly struct GridWindow
{
    /// <summary>Under a bound by this, relative: more than the rounding of areas, products and the quotient of an IoU adds up to.</summary>
    private const double Slack = 1e-5;

    /// <summary>Cells added on each side against the rounding of double precision.</summary>
    private const double Margin = 1e-3;

    /// <summary>Finds the rows and columns.</summary>
    /// <param name="level">The level of the grid.</param>
    /// <param name="anchor">The base anchor.</param>
    /// <param name="truth">The truth.</param>
    /// <param name="bound">The overlap to reach, more than 0.</param>
    /// <param name="rounding">How far a corner can lie from the exact one, pixels.</param>
    public GridWindow(AnchorLevel level, in Box anchor, in Box truth, double bound, double rounding)
    {
        var (anchorWidth, anchorHeight) = ((double)anchor.X2 - anchor.X1, (double)anchor.Y2 - anchor.Y1);
        var leastArea = Math.Max(anchorWidth - (2 * rounding), 0) * Math.Max(anchorHeight - (2 * rounding), 0);
        var needed = bound / (1 + bound) * (leastArea + truth.Area) * (1 - Slack);
        var width = Math.Min(anchorWidth + (2 * rounding), (double)truth.X2 - truth.X1);
        var height = Math.Min(anchorHeight + (2 * rounding), (double)truth.Y2 - truth.Y1);
        (FirstRow, LastRow, FirstColumn, LastColumn) = (0, -1, 0, -1);
        if (width * height < needed) return;
        (FirstRow, LastRow) = Cells(truth.Y1, truth.Y2, anchor.Y1 - rounding, anchor.Y2 + rounding, needed / width, level.OffsetY, level.StrideY, level.Height);
        (FirstColumn, LastColumn) = Cells(truth.X1, truth.X2, anchor.X1 - rounding, anchor.X2 + rounding, needed / height, level.OffsetX, level.StrideX, level.Width);
    }

    /// <summary>First row of the window.</summary>
    public int FirstRow { get; }

    /// <summary>Last row, inclusive; before the first when there is none.</summary>
    public int LastRow { get; }

    /// <summary>First column of the window.</summary>
    public int FirstColumn { get; }

    /// <summary>Last column, inclusive; before the first when there is none.</summary>
    public int LastColumn { get; }

    /// <summary>Cells whose anchor overlaps [from, to) by at least a length.</summary>
    private static (int First, int Last) Cells(double from, double to, double low, double high, double length, double offset, double stride, int cells)
    {
        var first = Math.Ceiling(((from + length - high - offset) / stride) - Margin);
        var last = Math.Floor(((to - length - low - offset) / stride) + Margin);
        return ((int)Math.Max(first, 0), (int)Math.Min(last, cells - 1));
    }
}
