using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// Hard negative mining (Liu et al. 2016, SSD, arXiv:1512.02325, section 2.2): all objects, and for each of them three of the background of highest classification loss.
/// </summary>
public sealed record HardNegativeMiningSampler : Sampler
{
    private readonly double _ratio = 3;
    private readonly int _minimum;

    /// <summary>Background taken for each object; the product is rounded down.</summary>
    public double NegativesPerPositive { get => _ratio; init => _ratio = NotNegative(value); }

    /// <summary>Least background that is taken, so that an image without objects teaches too; 0 as in torchvision, where it teaches nothing.</summary>
    public int MinimumNegatives { get => _minimum; init => _minimum = AtLeast(0, value); }

    /// <inheritdoc/>
    [JsonIgnore]
    public override CandidateNeeds Needs => CandidateNeeds.Losses;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsRandom => false;

    /// <inheritdoc/>
    public override void Weigh(Candidates candidates, ref RandomState random, Span<float> weights)
    {
        Begin(candidates, weights);
        var positives = candidates.CollectPositives();
        Take(positives, weights);
        var wanted = Math.Max(MinimumNegatives, Math.Min(NegativesPerPositive * positives.Length, candidates.Count));
        if (wanted >= 1) TakeHardest(candidates, candidates.CollectNegatives(), (int)wanted, weights);
    }
}
