namespace Ballast;

/// <summary>How much an overlap with a better box lowers a score.</summary>
public enum SoftDecay
{
    /// <summary>s *= 1 - IoU where IoU exceeds the threshold.</summary>
    Linear,

    /// <summary>s *= exp(-IoU^2 / sigma).</summary>
    Gaussian,
}

/// <summary>Soft-NMS (Bodla et al. 2017, arXiv:1704.04503): boxes that overlap a better one lose score instead of vanishing.</summary>
public sealed record SoftSuppression
{
    private readonly float _iou = 0.3f;
    private readonly float _sigma = 0.5f;

    /// <summary>How the score falls.</summary>
    public SoftDecay Decay { get; init; } = SoftDecay.Gaussian;

    /// <summary>IoU above which <see cref="SoftDecay.Linear"/> lowers a score, in [0, 1].</summary>
    public float IoU
    {
        get => _iou;
        init => _iou = value is >= 0 and <= 1 ? value : throw new InputException($"SoftSuppression.IoU is {value}; it must be a fraction from 0 to 1.");
    }

    /// <summary>Width of <see cref="SoftDecay.Gaussian"/>, positive.</summary>
    public float Sigma
    {
        get => _sigma;
        init => _sigma = value > 0 ? value : throw new InputException($"SoftSuppression.Sigma is {value}; it must be positive.");
    }

    /// <summary>Boxes whose score falls under this go.</summary>
    public float MinimumScore { get; init; } = 1e-3f;

    /// <summary>Lowers the scores and drops what falls under <see cref="MinimumScore"/>.</summary>
    /// <param name="boxes">[N].</param>
    /// <param name="scores">[N]; receives the lowered scores.</param>
    /// <param name="keep">Receives the indices that stay, best lowered score first, appended.</param>
    public void Apply(BoxArray boxes, Span<float> scores, List<int> keep) => Apply(boxes, scores, keep, null);

    /// <summary>The same, where each box that stays is shown beside those that were left until then, at their scores so far.</summary>
    internal void Apply(BoxArray boxes, Span<float> scores, List<int> keep, Chosen? chosen)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, boxes.Count, nameof(scores));
        var left = new int[scores.Length];
        for (var i = 0; i < left.Length; i++) left[i] = i;
        for (var count = left.Length; count > 0;)
        {
            var place = Best(left.AsSpan(0, count), scores);
            var best = left[place];
            if (!(scores[best] >= MinimumScore)) return;
            keep.Add(best);
            left[place] = left[--count];
            chosen?.Invoke(best, left.AsSpan(0, count), scores);
            var box = boxes[best];
            for (var i = 0; i < count; i++) scores[left[i]] *= Factor(Overlap.IoU(box, boxes[left[i]]));
        }
    }

    /// <summary>Is told of a box that stays.</summary>
    /// <param name="best">Its index.</param>
    /// <param name="left">Indices of the boxes that may still stay; some may have fallen under the least score.</param>
    /// <param name="scores">All scores as they are now.</param>
    internal delegate void Chosen(int best, ReadOnlySpan<int> left, ReadOnlySpan<float> scores);

    private static int Best(ReadOnlySpan<int> left, ReadOnlySpan<float> scores)
    {
        var (place, key) = (0, ulong.MaxValue);
        for (var i = 0; i < left.Length; i++)
        {
            var candidate = NonMaximumSuppression.Key(scores[left[i]], left[i]);
            if (candidate < key) (place, key) = (i, candidate);
        }

        return place;
    }

    /// <summary>A pair without area has no overlap (its IoU is not a number).</summary>
    private float Factor(float overlap) => Decay switch
    {
        _ when !(overlap > 0) => 1,
        SoftDecay.Linear => overlap > IoU ? 1 - overlap : 1,
        _ => MathF.Exp(-overlap * overlap / Sigma),
    };
}
