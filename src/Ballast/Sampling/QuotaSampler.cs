namespace Ballast;

/// <summary>
/// A sampler of a fixed number of candidates (Girshick 2015, arXiv:1504.08083, section 2.3): up to a fraction of them objects, the rest background. Places that
/// objects leave go to background; places that background leaves stay empty. Which ones are taken is up to the derived record, uniform draws unless it says otherwise.
/// </summary>
public abstract record QuotaSampler : Sampler
{
    private readonly int _count = 512;
    private readonly double _positiveFraction = 0.25;
    private readonly double? _most;

    /// <summary>Candidates wanted of an image, at least 1: 512 for region heads, 256 for RPN.</summary>
    public int Count { get => _count; init => _count = AtLeast(1, value); }

    /// <summary>Largest share of objects among them, in [0, 1]: 0.25 for region heads, 0.5 for RPN.</summary>
    public double PositiveFraction { get => _positiveFraction; init => _positiveFraction = Fraction(value); }

    /// <summary>Most background for each object taken, counting one object where there is none; null for no bound. Libra's RPN uses 5.</summary>
    public double? MaximumNegativesPerPositive { get => _most; init => _most = value is { } most ? NotNegative(most) : null; }

    /// <inheritdoc/>
    public sealed override void Weigh(Candidates candidates, ref RandomState random, Span<float> weights)
    {
        Begin(candidates, weights);
        var positives = candidates.CollectPositives();
        var taken = Math.Min(positives.Length, (int)(Count * PositiveFraction));
        if (taken == positives.Length) Take(positives, weights);
        else if (taken > 0) WeighPositives(candidates, positives, taken, ref random, weights);
        var negatives = candidates.CollectNegatives();
        var wanted = Math.Min(negatives.Length, Negatives(Count, taken, MaximumNegativesPerPositive));
        if (wanted > 0) WeighNegatives(candidates, negatives, wanted, ref random, weights);
    }

    /// <summary>How much background is wanted beside the objects taken.</summary>
    internal static int Negatives(int count, int positives, double? mostPerPositive)
        => mostPerPositive is { } most ? (int)Math.Min(count - positives, most * Math.Max(1, positives)) : count - positives;

    /// <summary>Weighs the objects when there are more than wanted.</summary>
    /// <param name="candidates">N candidates.</param>
    /// <param name="positives">Those that are objects; may be reordered.</param>
    /// <param name="wanted">How many get a weight, at least 1 and less than there are.</param>
    /// <param name="random">The image's stream.</param>
    /// <param name="weights">[N], 0 where nothing was taken yet.</param>
    protected virtual void WeighPositives(Candidates candidates, Span<int> positives, int wanted, ref RandomState random, Span<float> weights)
        => TakeAtRandom(positives, wanted, ref random, weights);

    /// <summary>Weighs the background.</summary>
    /// <param name="candidates">N candidates.</param>
    /// <param name="negatives">Those that are background; may be reordered.</param>
    /// <param name="wanted">How many get a weight, at least 1 and at most all.</param>
    /// <param name="random">The image's stream.</param>
    /// <param name="weights">[N], 0 where nothing was taken yet.</param>
    protected virtual void WeighNegatives(Candidates candidates, Span<int> negatives, int wanted, ref RandomState random, Span<float> weights)
        => TakeAtRandom(negatives, wanted, ref random, weights);
}

/// <summary>Random sampling: objects and background drawn uniformly without replacement; mmdetection's random and torchvision's balanced sampler.</summary>
public sealed record RandomSampler : QuotaSampler;
