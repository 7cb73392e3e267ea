using System.Numerics;
using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// Looks for the anchors that overlap one truth enough, and for the ties of its largest overlap, in blocks of columns that fill a vector. The overlaps have the
/// bits of <see cref="Overlap.IoU(in Box, in Box, float)"/> on the anchors of <see cref="AnchorGrid"/>: the same operations in the same order.
/// </summary>
internal ref struct WindowSearch(Box truth, int index, float threshold, float unionFloor, SparseAssignment result)
{
    private static readonly Vector<float> Lanes = Vector.ConvertToSingle(Vector<int>.Indices);

    private readonly int _firstTie = result.Ties.Count;
    private readonly float _area = truth.Area;

    /// <summary>The largest overlap found; negative infinity when none reached the threshold.</summary>
    public float Best { get; private set; } = float.NegativeInfinity;

    /// <summary>Looks at a window of one base anchor.</summary>
    public void Visit(AnchorLevel level, int anchor, in GridWindow window)
    {
        for (var column = window.FirstColumn; column <= window.LastColumn; column += Vector<float>.Count)
        {
            VisitColumns(level, anchor, window, column);
        }
    }

    private void VisitColumns(AnchorLevel level, int k, in GridWindow window, int column)
    {
        ref readonly var anchor = ref level.BaseAnchors[k];
        var shift = ((new Vector<float>(column) + Lanes) * new Vector<float>(level.StrideX)) + new Vector<float>(level.OffsetX);
        var (left, right) = (shift + new Vector<float>(anchor.X1), shift + new Vector<float>(anchor.X2));
        var common = Vector.Max(Vector.Min(new Vector<float>(truth.X2), right) - Vector.Max(new Vector<float>(truth.X1), left), Vector<float>.Zero);
        var width = right - left;
        var (least, floor, area) = (new Vector<float>(threshold), new Vector<float>(unionFloor), new Vector<float>(_area));
        for (var row = window.FirstRow; row <= window.LastRow; row++)
        {
            var shiftY = (row * level.StrideY) + level.OffsetY;
            var (top, bottom) = (shiftY + anchor.Y1, shiftY + anchor.Y2);
            var inter = common * new Vector<float>(MathF.Max(MathF.Min(truth.Y2, bottom) - MathF.Max(truth.Y1, top), 0));
            var union = area + (width * new Vector<float>(bottom - top)) - inter;
            var overlaps = inter / (unionFloor > 0 ? Vector.Max(union, floor) : union);
            if (!Vector.GreaterThanOrEqualAny(overlaps, least)) continue;
            // Lanes past the window can lie past the grid's edge.
            var lanes = Math.Min(Vector<float>.Count, window.LastColumn - column + 1);
            Note(overlaps, lanes, level.First + (((row * level.Width) + column) * level.BaseAnchors.Length) + k, level.BaseAnchors.Length);
        }
    }

    private void Note(Vector<float> overlaps, int lanes, int anchor, int step)
    {
        for (var i = 0; i < lanes; i++, anchor += step)
        {
            var overlap = overlaps.GetElement(i);
            if (!(overlap >= threshold)) continue;
            result.Touch(anchor, index, overlap);
            if (overlap < Best) continue;
            if (overlap > Best) CollectionsMarshal.SetCount(result.Ties, _firstTie);
            Best = overlap;
            result.Ties.Add((index, anchor));
        }
    }
}
