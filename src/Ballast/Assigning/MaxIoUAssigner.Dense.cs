using System.Numerics;

namespace Ballast;

public sealed partial record MaxIoUAssigner
{
    /// <summary>Candidates that are looked at together, so that all that is kept of them stays in the processor's nearest cache.</summary>
    private const int Tile = 2048;

    /// <summary>Where the overlaps of a truth with some candidates in a row come from.</summary>
    internal interface IOverlapRows
    {
        void Row(int truth, int first, Span<float> row);
    }

    /// <summary>Assigns by looking at every pair of truth and candidate.</summary>
    internal void AssignDense(BoxArray boxes, Truths truths, Assignment result)
        => Decide(new BoxOverlaps(boxes, truths.Boxes, UnionFloor), truths.Count, boxes.Count, LeftOut(boxes, truths), result);

    /// <summary>Assigns by the overlaps of any source.</summary>
    /// <param name="rows">Overlaps of M truths with N candidates.</param>
    /// <param name="truths">M.</param>
    /// <param name="candidates">N.</param>
    /// <param name="left">[N]: candidates in an ignore region; null for none.</param>
    /// <param name="result">Receives N entries.</param>
    internal void Decide<TRows>(TRows rows, int truths, int candidates, bool[]? left, Assignment result)
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
        var best = result.Overlaps;
        var bestTruth = result.BestTruths;
        var tiles = (best.Length + Tile - 1) / Tile;
        var largest = result.TileBest(truths * tiles);
        best.Fill(float.NegativeInfinity);
        for (var tile = 0; tile < tiles; tile++)
        {
            var first = tile * Tile;
            var row = RowOf(tile, result);
            for (var truth = 0; truth < truths; truth++)
            {
                Row(rows, truth, first, left, row);
                largest[(truth * tiles) + tile] = Update(row, truth, best.Slice(first, row.Length), bestTruth.Slice(first, row.Length));
            }
        }

        Threshold(best, bestTruth, result.Truths);
        if (LowQuality == LowQualityRule.None || tiles == 0) return;
        for (var truth = 0; truth < truths; truth++) KeepBest(rows, truth, largest.Slice(truth * tiles, tiles), left, result);
    }

    /// <summary>The low-quality rule for one truth: only tiles that hold its largest overlap are looked at again.</summary>
    private void KeepBest<TRows>(TRows rows, int truth, ReadOnlySpan<float> largest, bool[]? left, Assignment result)
        where TRows : IOverlapRows, allows ref struct
    {
        var most = float.NegativeInfinity;
        foreach (var value in largest) most = MathF.Max(most, value);
        if (most < MinimumBestIoU) return;
        var decided = result.Truths;
        var bestTruth = result.BestTruths;
        for (var tile = 0; tile < largest.Length; tile++)
        {
            if (largest[tile] != most) continue;
            var first = tile * Tile;
            var row = RowOf(tile, result);
            Row(rows, truth, first, left, row);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] != most) continue;
                decided[first + i] = LowQuality == LowQualityRule.Restore ? bestTruth[first + i] : truth;
                if (!TakeAllTies) return;
            }
        }
    }

    /// <summary>The workspace for one truth's overlaps with a tile.</summary>
    private static Span<float> RowOf(int tile, Assignment result) => result.Row[..Math.Min(Tile, result.Count - (tile * Tile))];

    /// <summary>Positive, background or left out by the largest overlap, in vectors.</summary>
    private void Threshold(ReadOnlySpan<float> best, ReadOnlySpan<int> bestTruth, Span<int> decided)
    {
        var (positive, from, negative) = (new Vector<float>(PositiveIoU), new Vector<float>(NegativeFromIoU), new Vector<float>(NegativeIoU));
        var (background, ignored) = (new Vector<int>(Assignment.Background), new Vector<int>(Assignment.Ignored));
        var i = 0;
        for (; i <= best.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var overlaps = new Vector<float>(best[i..]);
            var isBackground = Vector.GreaterThanOrEqual(overlaps, from) & Vector.LessThan(overlaps, negative);
            var rest = Vector.ConditionalSelect(isBackground, background, ignored);
            Vector.ConditionalSelect(Vector.GreaterThanOrEqual(overlaps, positive), new Vector<int>(bestTruth[i..]), rest).CopyTo(decided[i..]);
        }

        for (; i < best.Length; i++) decided[i] = Decide(best[i], bestTruth[i]);
    }

    private int Decide(float best, int truth)
        => best >= PositiveIoU ? truth : best >= NegativeFromIoU && best < NegativeIoU ? Assignment.Background : Assignment.Ignored;

    /// <summary>Overlaps of one truth; -1 where the candidate lies in an ignore region.</summary>
    private static void Row<TRows>(TRows rows, int truth, int first, bool[]? left, Span<float> row)
        where TRows : IOverlapRows, allows ref struct
    {
        rows.Row(truth, first, row);
        for (var i = 0; left is not null && i < row.Length; i++) row[i] = left[first + i] ? -1 : row[i];
    }

    /// <summary>Keeps the larger overlap of each candidate, the first truth on a tie; returns the largest of the row.</summary>
    private static float Update(ReadOnlySpan<float> row, int truth, Span<float> best, Span<int> bestTruth)
    {
        var (most, number, i) = (new Vector<float>(float.NegativeInfinity), new Vector<int>(truth), 0);
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (overlaps, soFar) = (new Vector<float>(row[i..]), new Vector<float>(best[i..]));
            most = Vector.ConditionalSelect(Vector.GreaterThan(overlaps, most), overlaps, most);
            var isMore = Vector.GreaterThan(overlaps, soFar);
            if (Vector.EqualsAll(isMore, Vector<int>.Zero)) continue;
            Vector.ConditionalSelect(isMore, overlaps, soFar).CopyTo(best[i..]);
            Vector.ConditionalSelect(isMore, number, new Vector<int>(bestTruth[i..])).CopyTo(bestTruth[i..]);
        }

        var largest = float.NegativeInfinity;
        for (var lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, most[lane]);
        for (; i < row.Length; i++)
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
        for (var i = 0; i < left.Length; i++) left[i] = LiesInIgnored(boxes[i], truths);
        return left;
    }

    /// <summary>Whether a candidate overlaps an ignore region by more than <see cref="IgnoreIoF"/>.</summary>
    internal bool LiesInIgnored(in Box candidate, Truths truths)
    {
        for (var region = 0; region < truths.Ignored.Count; region++)
        {
            var ignored = truths.Ignored[region];
            if ((IgnoreByCandidate ? Overlap.IoF(candidate, ignored, 1e-6f) : Overlap.IoF(ignored, candidate, 1e-6f)) > IgnoreIoF) return true;
        }

        return false;
    }

    private readonly struct BoxOverlaps(BoxArray candidates, BoxArray truths, float unionFloor) : IOverlapRows
    {
        public void Row(int truth, int first, Span<float> row) => Overlap.IoURow(truths[truth], candidates, first, row, unionFloor);
    }

    private readonly ref struct GivenOverlaps(ReadOnlySpan<float> overlaps, int candidates) : IOverlapRows
    {
        private readonly ReadOnlySpan<float> _overlaps = overlaps;

        public void Row(int truth, int first, Span<float> row) => _overlaps.Slice((truth * candidates) + first, row.Length).CopyTo(row);
    }
}
