using System.Numerics;

namespace Ballast;

public sealed partial record MaxIoUAssigner
{
    /// <summary>
    /// Assigns on a grid by visiting only the windows of cells that can reach <see cref="NegativeIoU"/> or a truth's best overlap. The anchors that come out are
    /// exactly those the dense form would call positive or left out: overlaps are computed by the same single-precision arithmetic on the same anchors.
    /// </summary>
    /// <param name="grid">The anchors.</param>
    /// <param name="truths">Objects; each must have a positive width and height.</param>
    /// <param name="result">Receives the anchors; everything else in the grid is background.</param>
    public void AssignSparse(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(result);
        result.Begin(grid.Count);
        var ignores = IgnoreIoF > 0 && truths.Ignored.Count > 0;
        if (truths.Count == 0 && !ignores) return;
        if (NegativeIoU == 0 || NegativeFromIoU > 0 || ignores || !VisitAll(grid, truths, result))
        {
            // What is left out by rule is not near any object: only the dense form finds it.
            result.Begin(grid.Count);
            FromDense(grid, truths, result);
            return;
        }

        CompleteBest(grid, truths, result);
        KeepLowQuality(result);
        Conclude(grid, truths, result);
    }

    /// <summary>Visits the windows of every truth; false when a truth overlaps no anchor and, by the low-quality rule, ties with all of them at 0.</summary>
    private bool VisitAll(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        var threshold = Math.Min(PositiveIoU, NegativeIoU);
        for (var truth = 0; truth < truths.Count; truth++)
        {
            var box = truths.Boxes[truth];
            var best = VisitWindows(grid, box, truth, threshold, result);
            if (!(best > 0)) best = VisitWindows(grid, box, truth, MathF.Max(NearestCells(grid, box), float.Epsilon), result);
            if (!(best > 0) && LowQuality != LowQualityRule.None && MinimumBestIoU == 0) return false;
            result.TruthBest.Add(MathF.Max(best, 0));
        }

        return true;
    }

    /// <summary>
    /// The overlap with the nearest cell of each base anchor. Overlap falls with distance, so the largest of them is the truth's best up to rounding, and as the
    /// overlap of some anchor it is never more than that.
    /// </summary>
    private float NearestCells(AnchorGrid grid, in Box truth)
    {
        var best = 0f;
        foreach (var level in grid.Levels)
        {
            for (var k = 0; k < level.BaseAnchors.Length; k++)
            {
                ref readonly var anchor = ref level.BaseAnchors[k];
                var x = Nearest((truth.CenterX - anchor.CenterX - level.OffsetX) / level.StrideX, level.Width);
                var y = Nearest((truth.CenterY - anchor.CenterY - level.OffsetY) / level.StrideY, level.Height);
                best = MathF.Max(best, Overlap.IoU(truth, AnchorGrid.At(level, x, y, k), UnionFloor));
            }
        }

        return best;
    }

    private static int Nearest(float place, int cells) => (int)Math.Clamp(MathF.Round(place), 0, cells - 1);

    /// <summary>Notes every anchor that overlaps a truth by at least a threshold and the ties for the largest overlap; returns it, or negative infinity.</summary>
    private float VisitWindows(AnchorGrid grid, in Box truth, int index, float threshold, SparseAssignment result)
    {
        var search = new Search(index, result.Ties.Count);
        Span<float> overlaps = stackalloc float[Vector<float>.Count];
        foreach (var level in grid.Levels)
        {
            for (var k = 0; k < level.BaseAnchors.Length; k++)
            {
                var window = new GridWindow(level, k, truth, threshold, grid.RoundingPixels);
                for (var y = window.FirstRow; y <= window.LastRow; y++)
                {
                    var (first, last) = window.Columns(y);
                    if (first > last) continue;
                    var row = new GridRow(level, k, y, truth, UnionFloor);
                    for (var x = first; x <= last; x += overlaps.Length)
                    {
                        if (!row.Overlaps(x, threshold, overlaps)) continue;
                        var anchor = level.First + (((y * level.Width) + x) * level.BaseAnchors.Length) + k;
                        for (var i = 0; i < overlaps.Length && x + i <= last; i++, anchor += level.BaseAnchors.Length)
                        {
                            if (overlaps[i] >= threshold) search.Note(anchor, overlaps[i], result);
                        }
                    }
                }
            }
        }

        return search.Best;
    }

    /// <summary>An anchor that only ties for a truth's best may overlap another truth more without reaching the threshold: look at all truths.</summary>
    private void CompleteBest(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        if (LowQuality != LowQualityRule.Restore) return;
        foreach (var (_, anchor) in result.Ties)
        {
            if (result.BestOf(anchor).Overlap >= NegativeIoU) continue;
            var box = grid[anchor];
            var (best, bestTruth) = (float.NegativeInfinity, 0);
            for (var truth = 0; truth < truths.Count; truth++)
            {
                var overlap = Overlap.IoU(truths.Boxes[truth], box, UnionFloor);
                if (overlap > best) (best, bestTruth) = (overlap, truth);
            }

            result.SetBest(anchor, bestTruth, best);
        }
    }

    private void KeepLowQuality(SparseAssignment result)
    {
        if (LowQuality == LowQualityRule.None) return;
        var ties = result.Ties;
        for (var i = 0; i < ties.Count;)
        {
            var (truth, first) = ties[i];
            var enough = result.TruthBest[truth] >= MinimumBestIoU;
            for (; i < ties.Count && ties[i].Truth == truth; i++)
            {
                first = Math.Min(first, ties[i].Anchor);
                if (enough && TakeAllTies) result.Kept[ties[i].Anchor] = truth;
            }

            if (enough && !TakeAllTies) result.Kept[first] = truth;
        }
    }

    private void Conclude(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        foreach (var anchor in result.Touched)
        {
            var (overlap, truth) = result.BestOf(anchor);
            if (result.Kept.TryGetValue(anchor, out var keptBy))
            {
                var matched = LowQuality == LowQualityRule.Restore ? truth : keptBy;
                result.Report(anchor, matched, matched == truth ? overlap : Overlap.IoU(truths.Boxes[matched], grid[anchor], UnionFloor));
            }
            else if (overlap >= PositiveIoU)
            {
                result.Report(anchor, truth, overlap);
            }
            else if (overlap >= NegativeIoU)
            {
                result.Report(anchor, Assignment.Ignored, overlap);
            }
        }
    }

    private void FromDense(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        var boxes = grid.ToBoxes();
        var dense = new Assignment();
        AssignDense(boxes, truths, dense);
        var row = new float[boxes.Count];
        for (var truth = 0; truth < truths.Count; truth++)
        {
            Overlap.IoURow(truths.Boxes[truth], boxes, row, UnionFloor);
            var best = 0f;
            foreach (var overlap in row) best = MathF.Max(best, overlap);
            result.TruthBest.Add(best);
        }

        for (var i = 0; i < dense.Count; i++)
        {
            var truth = dense.Truths[i];
            if (truth != Assignment.Background) result.Report(i, truth, truth >= 0 ? Overlap.IoU(truths.Boxes[truth], boxes[i], UnionFloor) : dense.Overlaps[i]);
        }
    }

    /// <summary>What is known so far of one truth's best overlap.</summary>
    private struct Search(int truth, int firstTie)
    {
        public float Best { get; private set; } = float.NegativeInfinity;

        public void Note(int anchor, float overlap, SparseAssignment result)
        {
            result.Touch(anchor, truth, overlap);
            if (overlap < Best) return;
            if (overlap > Best) result.Ties.RemoveRange(firstTie, result.Ties.Count - firstTie);
            Best = overlap;
            result.Ties.Add((truth, anchor));
        }
    }

    /// <summary>The overlaps of a truth with one base anchor along a row of cells, in vectors; the same bits as <see cref="Overlap.IoU(in Box, in Box, float)"/>.</summary>
    private readonly ref struct GridRow
    {
        private static readonly Vector<float> Lanes = Vector.ConvertToSingle(Vector<int>.Indices);

        private readonly Vector<float> _stride;
        private readonly Vector<float> _offset;
        private readonly Vector<float> _left;
        private readonly Vector<float> _right;
        private readonly Vector<float> _truthLeft;
        private readonly Vector<float> _truthRight;
        private readonly Vector<float> _overlapHeight;
        private readonly Vector<float> _height;
        private readonly Vector<float> _truthArea;
        private readonly float _unionFloor;

        public GridRow(AnchorLevel level, int anchor, int row, in Box truth, float unionFloor)
        {
            ref readonly var b = ref level.BaseAnchors[anchor];
            var shift = (row * level.StrideY) + level.OffsetY;
            var (top, bottom) = (shift + b.Y1, shift + b.Y2);
            _stride = new(level.StrideX);
            _offset = new(level.OffsetX);
            _left = new(b.X1);
            _right = new(b.X2);
            _truthLeft = new(truth.X1);
            _truthRight = new(truth.X2);
            _overlapHeight = new(MathF.Max(MathF.Min(truth.Y2, bottom) - MathF.Max(truth.Y1, top), 0));
            _height = new(bottom - top);
            _truthArea = new(truth.Area);
            _unionFloor = unionFloor;
        }

        /// <summary>The overlaps from a column on, cells past the grid's edge included; false when none reaches the threshold.</summary>
        public bool Overlaps(int column, float threshold, Span<float> overlaps)
        {
            var shift = ((new Vector<float>(column) + Lanes) * _stride) + _offset;
            var (left, right) = (shift + _left, shift + _right);
            var inter = Vector.Max(Vector.Min(_truthRight, right) - Vector.Max(_truthLeft, left), Vector<float>.Zero) * _overlapHeight;
            var union = _truthArea + ((right - left) * _height) - inter;
            var iou = inter / (_unionFloor > 0 ? Vector.Max(union, new(_unionFloor)) : union);
            iou.CopyTo(overlaps);
            return Vector.GreaterThanOrEqualAny(iou, new(threshold));
        }
    }
}
