using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>Area of the union of boxes, by sweeping over the rows between their edges. A workspace, used again for every image.</summary>
internal sealed class CoveredArea
{
    private double[] _edges = new double[32];
    private (double X1, double X2, double Y1, double Y2)[] _sorted = new (double, double, double, double)[16];

    /// <summary>Square pixels covered, rounded to whole ones.</summary>
    public long Of(ReadOnlySpan<Corners> boxes)
    {
        if (boxes.Length == 0) return 0;
        if (boxes.Length == 1) return (long)Math.Round(boxes[0].Width * boxes[0].Height);
        if (_sorted.Length < boxes.Length) (_sorted, _edges) = (new (double, double, double, double)[boxes.Length * 2], new double[boxes.Length * 4]);
        for (var i = 0; i < boxes.Length; i++)
        {
            _sorted[i] = (boxes[i].X1, boxes[i].X2, boxes[i].Y1, boxes[i].Y2);
            (_edges[2 * i], _edges[(2 * i) + 1]) = (boxes[i].Y1, boxes[i].Y2);
        }

        var edges = _edges.AsSpan(0, boxes.Length * 2);
        var sorted = _sorted.AsSpan(0, boxes.Length);
        edges.Sort();
        sorted.Sort();
        var area = 0.0;
        for (var row = 0; row + 1 < edges.Length; row++)
        {
            if (edges[row + 1] > edges[row]) area += CoveredWidth(sorted, edges[row], edges[row + 1]) * (edges[row + 1] - edges[row]);
        }

        return (long)Math.Round(area);
    }

    /// <summary>Width covered by the boxes that span a row; they are sorted by their left edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double CoveredWidth(ReadOnlySpan<(double X1, double X2, double Y1, double Y2)> sorted, double top, double bottom)
    {
        var (width, reached) = (0.0, double.NegativeInfinity);
        foreach (var (x1, x2, y1, y2) in sorted)
        {
            if (y1 > top || y2 < bottom || x2 <= reached) continue;
            width += x2 - Math.Max(x1, reached);
            reached = x2;
        }

        return width;
    }
}
