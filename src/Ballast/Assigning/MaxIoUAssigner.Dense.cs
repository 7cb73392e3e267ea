namespace Ballast;

public sealed partial record MaxIoUAssigner
{
    /// <summary>Where the overlaps of a truth with every candidate come from.</summary>
    private interface IOverlapRows
    {
        void Row(int truth, Span<float> row);
    }

    /// <summary>Assigns by looking at every pair of truth and candidate.</summary>
    internal void AssignDense(BoxArray boxes, Truths truths, Assignment result)
        => Decide(new BoxOverlaps(boxes, truths.Boxes, UnionFloor), truths.Count, boxes.Count, LeftOut(boxes, truths), result);

    private void Decide<TRows>(TRows rows, int truths, int candidates, bool[]? left, Assignment result)
        where TRows : IOverlapRows, allows ref struct
    {
        result.Reset(candidates, Assignment.Background);
        if (truths > 0) Match(rows, truths, left, result);
        for (var i = 0; left is not null && i < candidates; i++)
        {
            if (left[i]) (result.Truths[i], result.Overlaps[i]) = (Assignment.Ignored, truths > 0 ? -1 : 0);
        }
    }

    private void Match<TRows>(TRows rows, int truths, bool[]? left, Assignment result)
        where TRows : IOverlapRows, allows ref struct
    {
        var row = result.Row;
        var best = result.Overlaps;
        var bestTruth = result.BestTruths;
        var truthBest = new float[truths];
        best.Fill(float.NegativeInfinity);
        for (var truth = 0; truth < truths; truth++)
        {
            Row(rows, truth, left, row);
            truthBest[truth] = Update(row, truth, best, bestTruth);
        }

        for (var i = 0; i < best.Length; i++) result.Truths[i] = Decide(best[i], bestTruth[i]);
        if (LowQuality == LowQualityRule.None) return;
        for (var truth = 0; truth < truths; truth++)
        {
            if (truthBest[truth] < MinimumBestIoU) continue;
            Row(rows, truth, left, row);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] != truthBest[truth]) continue;
                result.Truths[i] = LowQuality == LowQualityRule.Restore ? bestTruth[i] : truth;
                if (!TakeAllTies) break;
            }
        }
    }

    private int Decide(float best, int truth)
        => best >= PositiveIoU ? truth : best >= NegativeFromIoU && best < NegativeIoU ? Assignment.Background : Assignment.Ignored;

    /// <summary>Overlaps of one truth; -1 where the candidate lies in an ignore region.</summary>
    private static void Row<TRows>(TRows rows, int truth, bool[]? left, Span<float> row)
        where TRows : IOverlapRows, allows ref struct
    {
        rows.Row(truth, row);
        for (var i = 0; left is not null && i < row.Length; i++) row[i] = left[i] ? -1 : row[i];
    }

    /// <summary>Keeps the larger overlap of each candidate, the first truth on a tie; returns the largest of the row.</summary>
    private static float Update(ReadOnlySpan<float> row, int truth, Span<float> best, Span<int> bestTruth)
    {
        var largest = float.NegativeInfinity;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] > largest) largest = row[i];
            if (row[i] > best[i]) (best[i], bestTruth[i]) = (row[i], truth);
        }

        return largest;
    }

    private bool[]? LeftOut(BoxArray boxes, Truths truths)
    {
        if (IgnoreIoF <= 0 || truths.Ignored.Count == 0) return null;
        var left = new bool[boxes.Count];
        for (var i = 0; i < left.Length; i++)
        {
            var candidate = boxes[i];
            for (var region = 0; region < truths.Ignored.Count && !left[i]; region++)
            {
                var ignored = truths.Ignored[region];
                left[i] = (IgnoreByCandidate ? Overlap.IoF(candidate, ignored, 1e-6f) : Overlap.IoF(ignored, candidate, 1e-6f)) > IgnoreIoF;
            }
        }

        return left;
    }

    private readonly struct BoxOverlaps(BoxArray candidates, BoxArray truths, float unionFloor) : IOverlapRows
    {
        public void Row(int truth, Span<float> row) => Overlap.IoURow(truths[truth], candidates, row, unionFloor);
    }

    private readonly ref struct GivenOverlaps(ReadOnlySpan<float> overlaps, int candidates) : IOverlapRows
    {
        private readonly ReadOnlySpan<float> _overlaps = overlaps;

        public void Row(int truth, Span<float> row) => _overlaps.Slice(truth * candidates, candidates).CopyTo(row);
    }
}
