using System.Buffers;

namespace Ballast;

/// <summary>
/// ATSS, adaptive training sample selection (Zhang et al. 2020, arXiv:1912.02424, algorithm 1): each truth looks at its nearest candidates on every level and
/// takes as its own threshold the mean of their IoU plus its standard deviation. What no truth takes is background; nothing is left out.
/// </summary>
public sealed record AtssAssigner : Assigner
{
    /// <summary>Farther from a truth's edge, pixels, than this a candidate's centre must lie inside.</summary>
    private const float Inside = 0.01f;

    private readonly int _nearest = 9;

    /// <summary>Candidates a truth looks at on each level, at least 1; the paper's k.</summary>
    public int NearestPerLevel
    {
        get => _nearest;
        init => _nearest = value >= 1 ? value : throw new InputException($"AtssAssigner.NearestPerLevel is {value}; it must be at least 1.");
    }

    /// <summary>
    /// Candidates that overlap an ignore region by more than this (intersection over the candidate's area) are left out; 0 or less switches it off.
    /// </summary>
    public float IgnoreIoF { get; init; } = -1;

    /// <inheritdoc/>
    public override void Assign(AnchorSet anchors, Truths truths, Assignment result)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(result);
        var boxes = anchors.Boxes;
        result.Reset(boxes.Count, Assignment.Background);
        if (truths.Count == 0 || boxes.Count == 0) return;
        var (numbers, flags) = (ArrayPool<float>.Shared.Rent(2 * boxes.Count), ArrayPool<bool>.Shared.Rent(boxes.Count));
        var left = flags.AsSpan(0, boxes.Count);
        LeaveOut(boxes, truths, left, result.Truths);
        Assign(anchors, truths, left, numbers.AsSpan(0, boxes.Count), numbers.AsSpan(boxes.Count, boxes.Count), result);
        ArrayPool<float>.Shared.Return(numbers);
        ArrayPool<bool>.Shared.Return(flags);
    }

    private void Assign(AnchorSet anchors, Truths truths, ReadOnlySpan<bool> left, Span<float> row, Span<float> distances, Assignment result)
    {
        var boxes = anchors.Boxes;
        var taken = result.Row;
        taken.Fill(float.NegativeInfinity);
        var candidates = new List<int>();
        for (var truth = 0; truth < truths.Count; truth++)
        {
            var box = truths.Boxes[truth];
            Overlap.IoURow(box, boxes, row, 1e-6f);
            for (var i = 0; i < row.Length; i++) result.Overlaps[i] = MathF.Max(result.Overlaps[i], row[i]);
            Distances(box, boxes, left, distances);
            Nearest(anchors.LevelCounts, distances, candidates);
            var threshold = Threshold(candidates, row);
            foreach (var i in candidates)
            {
                if (!(row[i] >= threshold) || !(row[i] > taken[i]) || !CenterIsInside(boxes[i], box)) continue;
                (taken[i], result.Truths[i]) = (row[i], truth);
            }
        }
    }

    private void LeaveOut(BoxArray boxes, Truths truths, Span<bool> left, Span<int> result)
    {
        left.Clear();
        for (var region = 0; IgnoreIoF > 0 && region < truths.Ignored.Count; region++)
        {
            var ignored = truths.Ignored[region];
            for (var i = 0; i < result.Length; i++) left[i] |= Overlap.IoF(boxes[i], ignored, 1e-6f) > IgnoreIoF;
        }

        for (var i = 0; i < result.Length; i++) result[i] = left[i] ? Assignment.Ignored : Assignment.Background;
    }

    private static void Distances(in Box truth, BoxArray boxes, ReadOnlySpan<bool> left, Span<float> distances)
    {
        var x1 = boxes.X1;
        var y1 = boxes.Y1;
        var x2 = boxes.X2;
        var y2 = boxes.Y2;
        var (x, y) = (truth.CenterX, truth.CenterY);
        for (var i = 0; i < distances.Length; i++)
        {
            var (dx, dy) = (((x1[i] + x2[i]) * 0.5f) - x, ((y1[i] + y2[i]) * 0.5f) - y);
            distances[i] = left[i] ? float.PositiveInfinity : MathF.Sqrt((dx * dx) + (dy * dy));
        }
    }

    /// <summary>The nearest candidates of each level; of equally near ones the first.</summary>
    private void Nearest(IReadOnlyList<int> levels, ReadOnlySpan<float> distances, List<int> candidates)
    {
        candidates.Clear();
        var most = Math.Min(NearestPerLevel, distances.Length);
        var nearest = ArrayPool<int>.Shared.Rent(most);
        var first = 0;
        foreach (var count in levels)
        {
            var held = 0;
            for (var i = first; i < first + count; i++)
            {
                if (held == most && distances[i] >= distances[nearest[most - 1]]) continue;
                var place = held < most ? held++ : most - 1;
                for (; place > 0 && distances[nearest[place - 1]] > distances[i]; place--) nearest[place] = nearest[place - 1];
                nearest[place] = i;
            }

            candidates.AddRange(nearest.AsSpan(0, held));
            first += count;
        }

        ArrayPool<int>.Shared.Return(nearest);
    }

    /// <summary>Mean plus sample standard deviation (n - 1), which is 0 for a single candidate.</summary>
    private static float Threshold(List<int> candidates, ReadOnlySpan<float> overlaps)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var i in candidates) sum += overlaps[i];
        var mean = sum / candidates.Count;
        foreach (var i in candidates) squares += (overlaps[i] - mean) * (overlaps[i] - mean);
        return (float)mean + (float)Math.Sqrt(squares / Math.Max(1, candidates.Count - 1));
    }

    private static bool CenterIsInside(in Box candidate, in Box truth)
    {
        var (x, y) = (candidate.CenterX, candidate.CenterY);
        return MathF.Min(MathF.Min(x - truth.X1, y - truth.Y1), MathF.Min(truth.X2 - x, truth.Y2 - y)) > Inside;
    }
}
