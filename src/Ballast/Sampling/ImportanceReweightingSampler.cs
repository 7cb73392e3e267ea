using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// ISR-N, importance-based sample reweighting of background (Cao et al. 2020, PISA, arXiv:1904.04821, section 4.1): background that the head takes for objects is
/// clustered by the boxes it predicts; the most probable of each cluster come first, then the second, and so on (score hierarchical local rank). In that order it is taken
/// and weighs (bias + (1 - bias) (n - r) / n)^power, r its rank; places that are left are filled at random at the smallest weight. The weighted losses sum to what they
/// did unweighted, so single weights can exceed 1. Objects are drawn uniformly; their reweighting (ISR-P) needs their regressed boxes and stands beside the losses.
/// </summary>
public sealed record ImportanceReweightingSampler : QuotaSampler
{
    private readonly double _power = 0.5;
    private readonly double _bias;
    private readonly double _least = 0.05;
    private readonly float _iou = 0.5f;

    /// <summary>The paper's gamma: how steeply weights fall, 0 or more.</summary>
    public double Power { get => _power; init => _power = NotNegative(value); }

    /// <summary>The paper's beta: the weight under which nothing falls, before the power, in [0, 1].</summary>
    public double Bias { get => _bias; init => _bias = Fraction(value); }

    /// <summary>Probability of the best foreground class above which background counts as hard, in [0, 1].</summary>
    public double MinimumScore { get => _least; init => _least = Fraction(value); }

    /// <summary>IoU of predicted boxes above which two belong to one cluster, in [0, 1].</summary>
    public float ClusterIoU { get => _iou; init => _iou = (float)Fraction(value); }

    /// <inheritdoc/>
    [JsonIgnore]
    public override CandidateNeeds Needs => CandidateNeeds.Losses | CandidateNeeds.Predictions;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsHard => false;

    /// <inheritdoc/>
    protected override void WeighNegatives(Candidates candidates, Span<int> negatives, int wanted, ref RandomState random, Span<float> weights)
    {
        var hard = HardFirst(candidates.Scores, negatives);
        var keys = candidates.Keys(negatives.Length)[..hard];
        Rank(candidates, negatives[..hard], keys);
        var taken = Math.Min(hard, wanted);
        var bound = (double)Math.Max(wanted, hard);
        var weight = 1.0;
        for (var rank = 0; rank < taken; rank++)
        {
            weight = Math.Pow(Bias + ((1 - Bias) * (bound - rank) / bound), Power);
            weights[NonMaximumSuppression.Index(keys[rank])] = (float)weight;
        }

        var easy = negatives[hard..];
        if (taken < wanted) random.Draw(easy, wanted - taken);
        foreach (var i in easy[..(wanted - taken)]) weights[i] = (float)weight;
        for (var rank = 0; rank < taken; rank++) negatives[rank] = NonMaximumSuppression.Index(keys[rank]);
        easy[..(wanted - taken)].CopyTo(negatives[taken..]);
        if (hard > 0) KeepSum(candidates.Losses, negatives[..wanted], weights);
    }

    /// <summary>Moves the background that looks like an object to the front, in its order; returns how many there are.</summary>
    private int HardFirst(ReadOnlySpan<float> scores, Span<int> negatives)
    {
        var hard = 0;
        for (var k = 0; k < negatives.Length; k++)
        {
            if (!(scores[negatives[k]] > MinimumScore)) continue;
            (negatives[hard], negatives[k]) = (negatives[k], negatives[hard]);
            hard++;
        }

        return hard;
    }

    /// <summary>Sort keys in the order of importance: rank in the cluster first, then score.</summary>
    private void Rank(Candidates candidates, ReadOnlySpan<int> hard, Span<ulong> keys)
    {
        var scores = candidates.Scores;
        var boxes = candidates.PredictedBoxes;
        for (var k = 0; k < keys.Length; k++) keys[k] = NonMaximumSuppression.Key(scores[hard[k]], hard[k]);
        keys.Sort();
        var order = candidates.Sorted(keys.Length);
        var clustered = candidates.Slots(keys.Length);
        for (var k = 0; k < keys.Length; k++) order[k] = NonMaximumSuppression.Index(keys[k]);
        clustered.Clear();
        for (var head = 0; head < order.Length; head++)
        {
            if (clustered[head] != 0) continue;
            var (box, rank) = (boxes[order[head]], 0);
            keys[head] = Importance(order.Length, rank++, scores, order[head]);
            for (var k = head + 1; k < order.Length; k++)
            {
                if (clustered[k] != 0 || !(Overlap.IoU(box, boxes[order[k]]) > ClusterIoU)) continue;
                clustered[k] = 1;
                keys[k] = Importance(order.Length, rank++, scores, order[k]);
            }
        }

        keys.Sort();
    }

    private static ulong Importance(int hard, int rank, ReadOnlySpan<float> scores, int candidate)
        => NonMaximumSuppression.Key(hard - rank + scores[candidate], candidate);

    /// <summary>Scales the weights so that the weighted losses sum to what the losses do.</summary>
    private static void KeepSum(ReadOnlySpan<float> losses, ReadOnlySpan<int> chosen, Span<float> weights)
    {
        var (before, after) = (0.0, 0.0);
        foreach (var i in chosen) (before, after) = (before + losses[i], after + (losses[i] * weights[i]));
        if (!(after > 0) || !double.IsFinite(before)) return;
        foreach (var i in chosen) weights[i] *= (float)(before / after);
    }
}
