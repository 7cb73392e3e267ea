namespace Ballast;

/// <summary>What happens to a truth that no candidate overlaps enough.</summary>
public enum LowQualityRule
{
    /// <summary>Nothing: it may stay without a candidate.</summary>
    None,

    /// <summary>torchvision: the candidates with its best overlap become positive, each for its own best truth.</summary>
    Restore,

    /// <summary>mmdetection: the candidates with its best overlap become positive for it, later truths winning.</summary>
    Overwrite,
}

/// <summary>
/// Assigns each candidate to the truth of largest IoU: positive from <see cref="PositiveIoU"/>, background under <see cref="NegativeIoU"/>, left out between;
/// then, by <see cref="LowQuality"/>, each truth keeps the candidates that overlap it best. Faster R-CNN (Ren et al. 2015, arXiv:1506.01497, section 3.1.2).
/// </summary>
public sealed partial record MaxIoUAssigner : Assigner
{
    private readonly float _positive = 0.5f;
    private readonly float _negative = 0.4f;
    private readonly float _negativeFrom;
    private readonly float _minimum;

    /// <summary>IoU from which a candidate is an object, in (0, 1].</summary>
    public float PositiveIoU
    {
        get => _positive;
        init => _positive = value > 0 ? Fraction(value, nameof(PositiveIoU)) : throw new InputException($"MaxIoUAssigner.PositiveIoU is {value}; it must be more than 0 and at most 1.");
    }

    /// <summary>IoU under which a candidate is background, in [0, 1].</summary>
    public float NegativeIoU { get => _negative; init => _negative = Fraction(value, nameof(NegativeIoU)); }

    /// <summary>Lower end of the background band, in [0, 1]: candidates under it are left out.</summary>
    public float NegativeFromIoU { get => _negativeFrom; init => _negativeFrom = Fraction(value, nameof(NegativeFromIoU)); }

    /// <summary>Least best IoU of a truth for the low-quality rule, in [0, 1]; mmdetection's min_pos_iou.</summary>
    public float MinimumBestIoU { get => _minimum; init => _minimum = Fraction(value, nameof(MinimumBestIoU)); }

    /// <summary>What happens to a truth that no candidate overlaps enough.</summary>
    public LowQualityRule LowQuality { get; init; } = LowQualityRule.Restore;

    /// <summary>Whether all candidates that tie for a truth's best IoU are taken, or only the first.</summary>
    public bool TakeAllTies { get; init; } = true;

    /// <summary>
    /// Candidates that overlap an ignore region by more than this (intersection over the candidate's area) are left out, in images without objects too
    /// (mmdetection makes them background there); 0 or less switches it off.
    /// </summary>
    public float IgnoreIoF { get; init; } = -1;

    /// <summary>Whether <see cref="IgnoreIoF"/> divides by the candidate's area; else by the region's.</summary>
    public bool IgnoreByCandidate { get; init; } = true;

    /// <summary>Least the union may be in the IoU: 0 as torchvision (two boxes without area give NaN), 1e-6 as mmdetection.</summary>
    public float UnionFloor { get; init; }

    /// <inheritdoc/>
    public override void Assign(AnchorSet anchors, Truths truths, Assignment result)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(result);
        if (anchors.Grid is { } grid && !result.KeepsOverlaps && AllValid(truths)) AssignWindows(grid, truths, result);
        else AssignDense(anchors.Boxes, truths, result);
    }

    /// <summary>Assigns by given overlaps instead of boxes.</summary>
    /// <param name="overlaps">[M, N], row after row: the overlap of each truth with each candidate.</param>
    /// <param name="truths">M.</param>
    /// <param name="candidates">N.</param>
    /// <param name="result">Receives N entries.</param>
    public void Assign(ReadOnlySpan<float> overlaps, int truths, int candidates, Assignment result)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentOutOfRangeException.ThrowIfNotEqual(overlaps.Length, truths * candidates, nameof(overlaps));
        Decide(new GivenOverlaps(overlaps, candidates), truths, candidates, null, result);
    }

    /// <summary>Checks that the thresholds are in order.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public override void Validate()
    {
        if (NegativeIoU > PositiveIoU)
            throw new InputException($"MaxIoUAssigner.NegativeIoU is {NegativeIoU}, above PositiveIoU {PositiveIoU}; it must not be.");
        if (NegativeFromIoU > NegativeIoU)
            throw new InputException($"MaxIoUAssigner.NegativeFromIoU is {NegativeFromIoU}, above NegativeIoU {NegativeIoU}; it must not be.");
    }

    private static bool AllValid(Truths truths)
    {
        for (var truth = 0; truth < truths.Count; truth++)
        {
            if (!truths.Boxes[truth].IsValid) return false;
        }

        return true;
    }

    private static float Fraction(float value, string name)
        => value is >= 0 and <= 1 ? value : throw new InputException($"MaxIoUAssigner.{name} is {value}; it must be a fraction from 0 to 1.");
}
