using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// Every candidate that is not ignored counts in full: what losses that weigh candidates themselves (focal, GHM) and ATSS are used with; mmdetection's pseudo sampler.
/// </summary>
public sealed record NoSampler : Sampler
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsRandom => false;

    /// <inheritdoc/>
    public override void Weigh(Candidates candidates, ref RandomState random, Span<float> weights)
    {
        Begin(candidates, weights);
        var truths = candidates.Truths;
        for (var i = 0; i < truths.Length; i++) weights[i] = truths[i] == Assignment.Ignored ? 0 : 1;
    }
}
