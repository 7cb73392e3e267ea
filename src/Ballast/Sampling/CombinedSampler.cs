using System.Buffers;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// Objects weighed by one sampler and background by another; Libra R-CNN's region head (Pang et al. 2019, arXiv:1904.02701) is the default. How much background is taken
/// is up to the second sampler, which sees the same objects and so fills what its own quota of them leaves.
/// </summary>
public sealed record CombinedSampler : Sampler
{
    /// <summary>Weighs the objects.</summary>
    public Sampler Positives { get; init; } = new InstanceBalancedPositiveSampler();

    /// <summary>Weighs the background.</summary>
    public Sampler Negatives { get; init; } = new IoUBalancedNegativeSampler();

    /// <inheritdoc/>
    [JsonIgnore]
    public override CandidateNeeds Needs => Positives.Needs | Negatives.Needs;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsRandom => Positives.IsRandom || Negatives.IsRandom;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsHard => Positives.IsHard && Negatives.IsHard;

    /// <inheritdoc/>
    public override void Validate()
    {
        Positives.Validate();
        Negatives.Validate();
    }

    /// <inheritdoc/>
    public override void Weigh(Candidates candidates, ref RandomState random, Span<float> weights)
    {
        Begin(candidates, weights);
        // Samplers can be nested, so this is no workspace of the candidates.
        var rented = ArrayPool<float>.Shared.Rent(weights.Length);
        var negatives = rented.AsSpan(0, weights.Length);
        try
        {
            Positives.Weigh(candidates, ref random, weights);
            Negatives.Weigh(candidates, ref random, negatives);
            var truths = candidates.Truths;
            for (var i = 0; i < truths.Length; i++) weights[i] = truths[i] >= 0 ? weights[i] : negatives[i];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
