using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// OHEM, online hard example mining (Shrivastava et al. 2016, arXiv:1604.03540): the candidates of highest loss under the current head. The default keeps a quota of
/// objects as mmdetection does; the paper's own form is <c>new() { Count = 128, PositiveFraction = null, SuppressionIoU = 0.7f }</c>.
/// </summary>
public sealed record OnlineHardExampleMiningSampler : Sampler
{
    private readonly int _count = 512;
    private readonly double? _positiveFraction = 0.25;
    private readonly double? _most;
    private readonly float? _suppression;

    /// <summary>Candidates wanted of an image, at least 1.</summary>
    public int Count { get => _count; init => _count = AtLeast(1, value); }

    /// <summary>Largest share of objects among them, in [0, 1]; null takes the hardest whatever they are, as the paper does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? PositiveFraction
    {
        get => _positiveFraction;
        init => _positiveFraction = value is { } fraction ? Fraction(fraction) : null;
    }

    /// <summary>Most background for each object taken, counting one object where there is none; null for no bound. Only with <see cref="PositiveFraction"/>.</summary>
    public double? MaximumNegativesPerPositive
    {
        get => _most;
        init => _most = value is { } most ? NotNegative(most) : null;
    }

    /// <summary>
    /// IoU above which the easier of two candidates of the same class (or both background) goes first, so that one hard place is not counted many times; the paper's is
    /// 0.7. Null lets all compete, as in mmdetection.
    /// </summary>
    public float? SuppressionIoU
    {
        get => _suppression;
        init => _suppression = value is { } iou ? (float)Fraction(iou) : null;
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override CandidateNeeds Needs => SuppressionIoU is null ? CandidateNeeds.Losses : CandidateNeeds.Losses | CandidateNeeds.Boxes;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsRandom => false;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (PositiveFraction is null && MaximumNegativesPerPositive is { } most)
            throw new InputException($"OnlineHardExampleMiningSampler.MaximumNegativesPerPositive is {most}, which has no meaning without PositiveFraction; leave one of them out.");
    }

    /// <inheritdoc/>
    public override void Weigh(Candidates candidates, ref RandomState random, Span<float> weights)
    {
        Begin(candidates, weights);
        var positives = candidates.CollectPositives();
        var negatives = candidates.CollectNegatives();
        if (SuppressionIoU is { } iou) Suppress(candidates, iou, ref positives, ref negatives);
        if (PositiveFraction is not { } fraction)
        {
            var all = candidates.Sorted(positives.Length + negatives.Length);
            positives.CopyTo(all);
            negatives.CopyTo(all[positives.Length..]);
            TakeHardest(candidates, all, Count, weights);
            return;
        }

        var taken = Math.Min(positives.Length, (int)(Count * fraction));
        TakeHardest(candidates, positives, taken, weights);
        TakeHardest(candidates, negatives, QuotaSampler.Negatives(Count, taken, MaximumNegativesPerPositive), weights);
    }

    /// <summary>Leaves of objects and background those that no harder one of their class overlaps.</summary>
    private static void Suppress(Candidates candidates, float iou, ref Span<int> positives, ref Span<int> negatives)
    {
        var count = positives.Length + negatives.Length;
        var (boxes, scores, classes, keep) = (new BoxArray(count), new float[count], new int[count], new List<int>(count));
        for (var i = 0; i < count; i++)
        {
            var candidate = i < positives.Length ? positives[i] : negatives[i - positives.Length];
            boxes.Add(candidates.Boxes[candidate]);
            scores[i] = candidates.Losses[candidate];
            classes[i] = i < positives.Length ? candidates.Classes[candidates.Truths[candidate]] : -1;
        }

        NonMaximumSuppression.Batched(boxes, scores, classes, iou, keep);
        CollectionsMarshal.AsSpan(keep).Sort();
        var (first, kept, left) = (positives.Length, 0, 0);
        foreach (var i in keep)
        {
            if (i < first) positives[kept++] = positives[i];
            else negatives[left++] = negatives[i - first];
        }

        positives = positives[..kept];
        negatives = negatives[..left];
    }
}
