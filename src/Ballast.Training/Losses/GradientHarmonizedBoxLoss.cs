using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// GHM-R (Li et al. 2019, arXiv:1811.05181, eq. 10 to 12): sqrt(d^2 + mu^2) - mu of each delta, weighted by the inverse of how many deltas have a gradient
/// length |d| / sqrt(d^2 + mu^2) like its own. Weights sum to the number of deltas.
/// </summary>
public sealed record GradientHarmonizedBoxLoss : BoxLoss
{
    /// <summary>The reference's open end of the last bin.</summary>
    private const double LastEdge = 1e3;

    private readonly float _mu = 0.02f;
    private readonly int _bins = 10;
    private readonly float _momentum;

    /// <summary>Where the quadratic part ends, in encoded units.</summary>
    public float Mu { get => _mu; init => _mu = Requires.Positive<GradientHarmonizedBoxLoss>(value); }

    /// <summary>Bins of the gradient length.</summary>
    public int Bins { get => _bins; init => _bins = Requires.AtLeastOne<GradientHarmonizedBoxLoss>(value); }

    /// <summary>How much of the counts is kept from step to step, in [0, 1); 0 counts each step anew.</summary>
    public float Momentum { get => _momentum; init => _momentum = Requires.Momentum<GradientHarmonizedBoxLoss>(value); }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsBatchCoupled => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override LossScale Scale => LossScale.Elements;

    /// <inheritdoc/>
    public override nn.Module? State() => Momentum > 0 ? new GradientHistogram(Bins) : null;

    /// <inheritdoc/>
    public override Tensor Compute(BoxPairs boxes, nn.Module? state = null) => Compute(boxes, ones_like(boxes.Deltas), state);

    /// <summary>The loss of each delta where some are left out.</summary>
    /// <param name="boxes">N pairs.</param>
    /// <param name="weights">[N, 4]; where it is 0 a delta is neither counted nor learned.</param>
    /// <param name="state">What <see cref="State"/> built.</param>
    /// <returns>[N, 4]; its sum divided by max(1, sum of the weights) is the reference's loss.</returns>
    public Tensor Compute(BoxPairs boxes, Tensor weights, nn.Module? state)
    {
        Checks.SameShape(nameof(GradientHarmonizedBoxLoss), "deltas", boxes.Deltas, "weights", weights);
        var difference = boxes.Deltas - boxes.TargetDeltas;
        var root = (difference.pow(2) + (Mu * Mu)).sqrt();
        var lengths = (difference / root).abs().detach();
        var memory = Momentum > 0 ? Own<GradientHistogram>(state) : null;
        var harmony = GradientHistogram.Weigh(lengths, weights > 0, weights.sum().clamp(min: 1), Bins, LastEdge, memory, Momentum);
        return harmony * (root - Mu);
    }
}
