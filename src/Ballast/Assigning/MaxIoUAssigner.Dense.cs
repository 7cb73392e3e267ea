using System.Numerics;

namespace Ballast;

public sealed partial record MaxIoUAssigner
{
    /// <summary>Assigns by looking at every pair of truth and candidate.</summary>
    internal void AssignDense(BoxArray boxes, Truths truths, Assignment result)
    {
        result.Reset(boxes.Count, Assignment.Background);
        if (truths.Count == 0 && (IgnoreIoF <= 0 || truths.Ignored.Count == 0)) return;
        var count = boxes.Count;
        var best = result.Overlaps;
        var bestTruth = new int[count];
        var truthBest = new float[truths.Count];
        var left = LeftOut(boxes, truths);
        var row = new float[count];
        best.Fill(truths.Count == 0 ? 0 : float.NegativeInfinity);
        for (var truth = 0; truth < truths.Count; truth++)
        {
            Row(boxes, truths.Boxes[truth], left, row);
            truthBest[truth] = Update(row, truth, best, bestTruth);
        }

        Decide(best, bestTruth, left, truths.Count, result.Truths);
        if (LowQuality == LowQualityRule.None) return;
        for (var truth = 0; truth < truths.Count; truth++)
        {
            if (truthBest[truth] < MinimumBestIoU) continue;
            Row(boxes, truths.Boxes[truth], left, row);
            for (var i = 0; i < count; i++)
            {
                if (row[i] != truthBest[truth]) continue;
                result.Truths[i] = LowQuality == LowQualityRule.Restore ? bestTruth[i] : truth;
                if (!TakeAllTies) break;
            }
        }
    }

    private void Decide(ReadOnlySpan<float> best, ReadOnlySpan<int> bestTruth, bool[]? left, int truthCount, Span<int> truths)
    {
        for (var i = 0; i < truths.Length; i++)
        {
            if (left is not null && left[i]) truths[i] = Assignment.Ignored;
            else if (truthCount == 0) truths[i] = Assignment.Background;
            else if (best[i] >= PositiveIoU) truths[i] = bestTruth[i];
            else truths[i] = best[i] >= NegativeFromIoU && best[i] < NegativeIoU ? Assignment.Background : Assignment.Ignored;
        }
    }

    /// <summary>IoU of one truth with every candidate; -1 where the candidate lies in an ignore region.</summary>
    private void Row(BoxArray boxes, Box truth, bool[]? left, Span<float> row)
    {
        var x1 = boxes.X1;
        var y1 = boxes.Y1;
        var x2 = boxes.X2;
        var y2 = boxes.Y2;
        var (tx1, ty1, tx2, ty2) = (new Vector<float>(truth.X1), new Vector<float>(truth.Y1), new Vector<float>(truth.X2), new Vector<float>(truth.Y2));
        var (area, floor) = (new Vector<float>(truth.Area), new Vector<float>(UnionFloor));
        var i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (bx1, by1, bx2, by2) = (new Vector<float>(x1[i..]), new Vector<float>(y1[i..]), new Vector<float>(x2[i..]), new Vector<float>(y2[i..]));
            var width = Vector.Max(Vector.Min(bx2, tx2) - Vector.Max(bx1, tx1), Vector<float>.Zero);
            var height = Vector.Max(Vector.Min(by2, ty2) - Vector.Max(by1, ty1), Vector<float>.Zero);
            var inter = width * height;
            var union = area + ((bx2 - bx1) * (by2 - by1)) - inter;
            (inter / (UnionFloor > 0 ? Vector.Max(union, floor) : union)).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++) row[i] = Pair(truth, new(x1[i], y1[i], x2[i], y2[i]));
        if (left is null) return;
        for (i = 0; i < row.Length; i++) row[i] = left[i] ? -1 : row[i];
    }

    private float Pair(in Box truth, in Box candidate)
    {
        var inter = Overlap.Intersection(truth, candidate);
        var union = truth.Area + candidate.Area - inter;
        return inter / (UnionFloor > 0 ? MathF.Max(union, UnionFloor) : union);
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
                var area = IgnoreByCandidate ? candidate.Area : ignored.Area;
                left[i] = Overlap.Intersection(ignored, candidate) / MathF.Max(area, 1e-6f) > IgnoreIoF;
            }
        }

        return left;
    }
}
