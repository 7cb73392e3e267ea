namespace Ballast;

public sealed partial record MaxIoUAssigner
{
    /// <summary>
    /// How far under a threshold windows still reach, relative: more than single precision can err, so that no anchor the dense form would take is missed.
    /// </summary>
    private const double Slack = 1e-4;

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
        if (truths.Count == 0) return;
        if (NegativeFromIoU > 0 || (IgnoreIoF > 0 && truths.Ignored.Count > 0))
        {
            FromDense(grid, truths, result);
            return;
        }

        for (var truth = 0; truth < truths.Count; truth++)
        {
            var box = truths.Boxes[truth];
            var reachable = NearestCells(grid, box);
            if (!(reachable > 0) && LowQuality != LowQualityRule.None && MinimumBestIoU == 0)
            {
                // A truth that overlaps no anchor ties with all of them at 0.
                result.Begin(grid.Count);
                FromDense(grid, truths, result);
                return;
            }

            VisitWindows(grid, box, truth, Math.Min(NegativeIoU, reachable), result);
        }

        if (LowQuality == LowQualityRule.Restore) CompleteBest(grid, truths, result);
        Conclude(grid, truths, result);
    }

    /// <summary>The overlap with the nearest cell of each base anchor; the largest of them is the truth's best up to rounding, since overlap falls with distance.</summary>
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
                best = MathF.Max(best, Pair(truth, AnchorGrid.At(level, x, y, k)));
            }
        }

        return best;
    }

    private static int Nearest(float place, int cells) => (int)Math.Clamp(MathF.Round(place), 0, cells - 1);

    private void VisitWindows(AnchorGrid grid, in Box truth, int index, float threshold, SparseAssignment result)
    {
        var bound = threshold * (1 - Slack);
        var best = float.NegativeInfinity;
        var firstTie = result.Ties.Count;
        foreach (var level in grid.Levels)
        {
            for (var k = 0; k < level.BaseAnchors.Length; k++)
            {
                var window = new GridWindow(level, k, truth, bound);
                for (var y = window.FirstRow; y <= window.LastRow; y++)
                {
                    var (first, last) = window.Columns(y);
                    var anchor = level.First + ((((y * level.Width) + first) * level.BaseAnchors.Length) + k);
                    for (var x = first; x <= last; x++, anchor += level.BaseAnchors.Length)
                    {
                        var overlap = Pair(truth, AnchorGrid.At(level, x, y, k));
                        if (overlap < bound) continue;
                        result.Touch(anchor, index, overlap);
                        if (overlap < best) continue;
                        if (overlap > best) result.Ties.RemoveRange(firstTie, result.Ties.Count - firstTie);
                        best = overlap;
                        result.Ties.Add((index, anchor));
                    }
                }
            }
        }

        result.TruthBest.Add(MathF.Max(best, 0));
    }

    /// <summary>An anchor that only ties for a truth's best may overlap another truth more without reaching the threshold: look at all truths.</summary>
    private void CompleteBest(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        foreach (var (_, anchor) in result.Ties)
        {
            if (result.BestOf(anchor).Overlap >= NegativeIoU) continue;
            var box = grid[anchor];
            var (best, bestTruth) = (float.NegativeInfinity, 0);
            for (var truth = 0; truth < truths.Count; truth++)
            {
                var overlap = Pair(truths.Boxes[truth], box);
                if (overlap > best) (best, bestTruth) = (overlap, truth);
            }

            result.SetBest(anchor, bestTruth, best);
        }
    }

    private void Conclude(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        var kept = KeptByLowQuality(result);
        foreach (var anchor in result.Touched)
        {
            var (overlap, truth) = result.BestOf(anchor);
            if (kept.TryGetValue(anchor, out var keptBy))
            {
                var matched = LowQuality == LowQualityRule.Restore ? truth : keptBy;
                result.Report(anchor, matched, matched == truth ? overlap : Pair(truths.Boxes[matched], grid[anchor]));
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

    /// <summary>Anchors that the low-quality rule makes positive, with the last truth that asked for each.</summary>
    private Dictionary<int, int> KeptByLowQuality(SparseAssignment result)
    {
        var kept = new Dictionary<int, int>();
        if (LowQuality == LowQualityRule.None) return kept;
        for (var i = 0; i < result.Ties.Count;)
        {
            var truth = result.Ties[i].Truth;
            var first = result.Ties[i].Anchor;
            for (; i < result.Ties.Count && result.Ties[i].Truth == truth; i++)
            {
                if (result.TruthBest[truth] < MinimumBestIoU) continue;
                if (TakeAllTies) kept[result.Ties[i].Anchor] = truth;
                else first = Math.Min(first, result.Ties[i].Anchor);
            }

            if (!TakeAllTies && result.TruthBest[truth] >= MinimumBestIoU) kept[first] = truth;
        }

        return kept;
    }

    private void FromDense(AnchorGrid grid, Truths truths, SparseAssignment result)
    {
        var boxes = grid.ToBoxes();
        var dense = new Assignment();
        AssignDense(boxes, truths, dense);
        for (var truth = 0; truth < truths.Count; truth++)
        {
            var best = 0f;
            for (var i = 0; i < boxes.Count; i++) best = MathF.Max(best, Pair(truths.Boxes[truth], boxes[i]));
            result.TruthBest.Add(best);
        }

        for (var i = 0; i < dense.Count; i++)
        {
            var truth = dense.Truths[i];
            if (truth != Assignment.Background) result.Report(i, truth, truth >= 0 ? Pair(truths.Boxes[truth], boxes[i]) : dense.Overlaps[i]);
        }
    }
}
