using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// GHM-C (Li et al. 2019, arXiv:1811.05181, eq. 8): binary cross entropy of each (candidate, class), weighted by the inverse of how many have a gradient length
/// |p - t| like its own: neither the many easy nor the few that are plainly wrong rule. Weights sum to the number of pairs that count.
/// </summary>
public sealed record GradientHarmonizedLoss : ClassificationLoss
{
    private const double LastEdge = 1 + 1e-6;

    private readonly int _bins = 30;
    private readonly float _momentum = 0.75f;

    /// <summary>Bins of the gradient length.</summary>
    public int Bins { get => _bins; init => _bins = Requires.AtLeastOne<GradientHarmonizedLoss>(value); }

    /// <summary>
    /// How much of the counts is kept from step to step, in [0, 1); 0 counts each step anew. The counts start at 0 as in the reference, so the first weights
    /// are 1 / (1 - momentum) times too large: clip the gradient.
    /// </summary>
    public float Momentum { get => _momentum; init => _momentum = Requires.Momentum<GradientHarmonizedLoss>(value); }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsBatchCoupled => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override LossScale Scale => LossScale.Elements;

    /// <inheritdoc/>
    public override nn.Module? State(DatasetFacts facts) => Momentum > 0 ? new GradientHistogram(Bins) : null;

    /// <inheritdoc/>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        var t = targets.Matrix(logits, targets.Classes);
        var counted = targets.Counted(logits);
        var lengths = (logits.sigmoid() - t).abs().detach();
        var total = counted.sum().clamp(min: 1);
        var memory = Momentum > 0 ? Own<GradientHistogram>(state) : null;
        return GradientHistogram.Weigh(lengths, counted, total, Bins, LastEdge, memory, Momentum) * BinaryCrossEntropy(logits, t);
    }
}
