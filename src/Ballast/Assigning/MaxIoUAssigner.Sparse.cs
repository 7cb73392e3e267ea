namespace Ballast;

public sealed partial record MaxIoUAssigner
{
    /// <summary>
    /// Assigns on a grid by visiting only the windows of cells that can reach <see cref="NegativeIoU"/> or a truth's best overlap. The anchors that come out
    /// are exactly those the dense form would call positive or left out: overlaps are computed by the same single-precision arithmetic on the same anchors.
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

    /// <summary>The sparse form, written out.</summary>
    private void AssignWindows(AnchorGrid grid, Truths truths, Assignment result)
    {
        var sparse = result.Sparse;
        AssignSparse(grid, truths, sparse);
        result.Reset(grid.Count, Assignment.Background);
        for (var i = 0; i < sparse.Anchors.Count; i++)
        {
            (result.Truths[sparse.Anchors[i]], result.Overlaps[sparse.Anchors[i]]) = (sparse.Truths[i], sparse.Overlaps[i]);
        }
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
    /// The overlap with the nearest cell of each base anchor. Overlap falls with distance, so the largest of them is the truth's best up to rounding, and as
    /// the overlap of some anchor it is never more than that.
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

    /// <summary>
    /// Notes every anchor that overlaps a truth by at least a threshold and the ties for the largest overlap; returns it, or negative infinity.
    /// </summary>
    private float VisitWindows(AnchorGrid grid, in Box truth, int index, float threshold, SparseAssignment result)
    {
        var search = new WindowSearch(truth, index, threshold, UnionFloor, result);
        foreach (var level in grid.Levels)
        {
            for (var k = 0; k < level.BaseAnchors.Length; k++)
            {
                var window = new GridWindow(level, level.BaseAnchors[k], truth, threshold, grid.RoundingPixels);
                if (window.LastRow >= window.FirstRow && window.LastColumn >= window.FirstColumn) search.Visit(level, k, window);
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
            if (overlap >= PositiveIoU && LowQuality != LowQualityRule.Overwrite)
            {
                result.Report(anchor, truth, overlap);
            }
            else if (result.Kept.TryGetValue(anchor, out var keptBy))
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
}
