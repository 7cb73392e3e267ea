using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Class-balanced loss (Cui et al. 2019, arXiv:1901.05555, eq. 5 and 6): any classification loss times the weight of the candidate's class, w_c ~ (1 - beta) /
/// (1 - beta^n_c) with n_c the objects of the class, the weights of the classes that have objects summing to their number. Background weighs 1.
/// </summary>
public sealed record ClassBalancedLoss : ClassificationLoss
{
    private readonly float _beta = 0.999f;

    /// <summary>The loss that is weighted.</summary>
    public required ClassificationLoss Loss { get; init; }

    /// <summary>How far, in [0, 1): 0 weighs all classes alike, towards 1 by the inverse of their objects.</summary>
    public float Beta { get => _beta; init => _beta = Requires.Momentum<ClassBalancedLoss>(value); }

    /// <summary>Weight of each class; 0 for a class without objects.</summary>
    /// <param name="objects">Objects of each class.</param>
    /// <param name="beta">In [0, 1).</param>
    public static double[] Weights(IReadOnlyList<long> objects, double beta)
    {
        ArgumentNullException.ThrowIfNull(objects);
        var raw = objects.Select(n => n == 0 ? 0 : beta == 0 ? 1 : (1 - beta) / -double.ExpM1(n * Math.Log(beta))).ToArray();
        var (sum, present) = (raw.Sum(), raw.Count(weight => weight > 0));
        return [.. raw.Select(weight => present == 0 ? 0 : weight * present / sum)];
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsBatchCoupled => Loss.IsBatchCoupled;

    /// <inheritdoc/>
    [JsonIgnore]
    public override LossScale Scale => Loss.Scale;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool LearnsQuality => Loss.LearnsQuality;

    /// <inheritdoc/>
    public override float[] StartingBiases(int classes, double prior) => Loss.StartingBiases(classes, prior);

    /// <inheritdoc/>
    public override int Channels(int classes) => Loss.Channels(classes);

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor logits) => Loss.Probabilities(logits);

    /// <inheritdoc/>
    public override nn.Module? State(DatasetFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new BalancedState([.. Weights(facts.Objects, Beta), 1], Loss.State(facts));
    }

    /// <inheritdoc/>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        var own = Own<BalancedState>(state);
        var weights = own.Weights.to(logits.dtype);
        if (weights.shape[0] != targets.Classes + 1)
            throw new InputException($"ClassBalancedLoss: its state was made for {weights.shape[0] - 1} classes, the targets have {targets.Classes}.");
        var elements = Loss.Compute(logits, targets, own.Inner);
        var rows = weights.index_select(0, targets.Labels.clamp(min: 0));
        return elements * (elements.dim() > 1 ? rows.unsqueeze(-1) : rows);
    }

    private sealed class BalancedState : NamedModule
    {
        public BalancedState(double[] weights, nn.Module? inner)
            : base(nameof(ClassBalancedLoss))
        {
            register_buffer("weights", tensor(weights, dtype: ScalarType.Float32).DetachFromDisposeScope());
            if (inner is not null) register_module("inner", inner);
        }

        public Tensor Weights => get_buffer("weights")!;

        // A field that holds a module would be registered a second time, under the field's name, when the detector registers this module.
        public nn.Module? Inner => children().FirstOrDefault();
    }
}
