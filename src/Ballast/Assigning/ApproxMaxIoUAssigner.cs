namespace Ballast;

/// <summary>
/// Max-IoU assignment of places whose anchor is still to be predicted (Wang et al. 2019, Guided Anchoring, arXiv:1901.03278, section 3.5): a place overlaps a truth as
/// much as the best of several anchors that stand for the shapes it could take. There is an entry in the result for each place, not for each anchor.
/// </summary>
public sealed record ApproxMaxIoUAssigner : Assigner
{
    private readonly int _perPlace = 9;
    private readonly int _square = 3;

    /// <summary>Anchors that stand for one place, at least 1, one after another: three sizes at three ratios in the paper.</summary>
    public int AnchorsPerPlace
    {
        get => _perPlace;
        init => _perPlace = value >= 1 ? value : throw new InputException($"ApproxMaxIoUAssigner.AnchorsPerPlace is {value}; it must be at least 1.");
    }

    /// <summary>
    /// Which of a place's anchors, from 0, is its square: the one that decides whether the place lies in an ignore region. 3 when ratios 0.5, 1, 2 come in this order,
    /// each with three sizes.
    /// </summary>
    public int SquareIndex
    {
        get => _square;
        init => _square = value >= 0 ? value : throw new InputException($"ApproxMaxIoUAssigner.SquareIndex is {value}; it must be 0 or more.");
    }

    /// <summary>How the overlaps decide; RetinaNet's thresholds with guided anchors are the default, RPN's are 0.7, 0.3 and 0.3.</summary>
    public MaxIoUAssigner Rule { get; init; } = new() { PositiveIoU = 0.5f, NegativeIoU = 0.4f, MinimumBestIoU = 0.4f, LowQuality = LowQualityRule.Overwrite, UnionFloor = 1e-6f };

    /// <inheritdoc/>
    public override void Validate()
    {
        Rule.Validate();
        if (SquareIndex >= AnchorsPerPlace)
            throw new InputException($"ApproxMaxIoUAssigner.SquareIndex is {SquareIndex} where a place has {AnchorsPerPlace} anchors; it must be less.");
    }

    /// <inheritdoc/>
    public override int Entries(AnchorSet anchors)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        return anchors.Count / AnchorsPerPlace;
    }

    /// <summary>Assigns the places of one image.</summary>
    /// <param name="anchors">The anchors of N places, <see cref="AnchorsPerPlace"/> of each one after another.</param>
    /// <param name="truths">M objects and the regions to ignore.</param>
    /// <param name="result">Receives N entries.</param>
    /// <exception cref="InputException">The anchors are no whole number of places.</exception>
    public override void Assign(AnchorSet anchors, Truths truths, Assignment result)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(result);
        Validate();
        var places = Entries(anchors);
        if (places * AnchorsPerPlace != anchors.Count)
            throw new InputException($"ApproxMaxIoUAssigner was given {anchors.Count} anchors, which is no multiple of the {AnchorsPerPlace} of a place (AnchorsPerPlace).");
        var boxes = anchors.Boxes;
        Rule.Decide(new PlaceOverlaps(boxes, truths.Boxes, AnchorsPerPlace, Rule.UnionFloor), truths.Count, places, LeftOut(boxes, truths, places), result);
    }

    private bool[]? LeftOut(BoxArray boxes, Truths truths, int places)
    {
        if (Rule.IgnoreIoF <= 0 || truths.Ignored.Count == 0) return null;
        var left = new bool[places];
        for (var i = 0; i < places; i++) left[i] = Rule.LiesInIgnored(boxes[(i * AnchorsPerPlace) + SquareIndex], truths);
        return left;
    }

    /// <summary>The largest overlap of the anchors of each place.</summary>
    private readonly struct PlaceOverlaps(BoxArray anchors, BoxArray truths, int perPlace, float unionFloor) : MaxIoUAssigner.IOverlapRows
    {
        private const int Most = 2048;

        public void Row(int truth, int first, Span<float> row)
        {
            var box = truths[truth];
            if (perPlace > Most)
            {
                for (var i = 0; i < row.Length; i++) row[i] = Largest(box, (first + i) * perPlace);
                return;
            }

            Span<float> overlaps = stackalloc float[Most];
            var places = Most / perPlace;
            for (var done = 0; done < row.Length; done += places)
            {
                var some = row[done..Math.Min(done + places, row.Length)];
                Overlap.IoURow(box, anchors, (first + done) * perPlace, overlaps[..(some.Length * perPlace)], unionFloor);
                for (var i = 0; i < some.Length; i++) some[i] = Largest(overlaps.Slice(i * perPlace, perPlace));
            }
        }

        private float Largest(in Box box, int from)
        {
            var largest = float.NegativeInfinity;
            for (var i = from; i < from + perPlace; i++) largest = MathF.Max(largest, Overlap.IoU(box, anchors[i], unionFloor));
            return largest;
        }

        private static float Largest(ReadOnlySpan<float> overlaps)
        {
            var largest = float.NegativeInfinity;
            foreach (var overlap in overlaps) largest = MathF.Max(largest, overlap);
            return largest;
        }
    }
}
