using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Equalization loss v2 (Tan et al. 2021, arXiv:2012.08548, eq. 5 to 7): binary cross entropy of K classes and background, with the gradients each class has
/// received as object and as background in balance. With g their ratio and f(x) = 1 / (1 + e^(-gamma (x - mu))), background weighs f(g) and objects 1 + alpha
/// (1 - f(g)).
/// </summary>
public sealed record EqualizationLoss : ClassificationLoss
{
    private readonly float _gamma = 12;
    private readonly float _mu = 0.8f;
    private readonly float _alpha = 4;

    /// <summary>Steepness of f.</summary>
    public float Gamma { get => _gamma; init => _gamma = Requires.Positive<EqualizationLoss>(value); }

    /// <summary>Ratio of gradients where background weighs one half.</summary>
    public float Mu { get => _mu; init => _mu = Requires.NonNegative<EqualizationLoss>(value); }

    /// <summary>How much more the objects of classes that were pushed down weigh.</summary>
    public float Alpha { get => _alpha; init => _alpha = Requires.NonNegative<EqualizationLoss>(value); }

    /// <summary>K, and background last.</summary>
    public override int Channels(int classes) => classes + 1;

    /// <summary>Sigmoid of the class times the probability that it is not background.</summary>
    /// <param name="logits">[N, K + 1].</param>
    /// <returns>[N, K].</returns>
    public override Tensor Probabilities(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var (probabilities, classes) = (logits.sigmoid(), logits.shape[^1] - 1);
        return probabilities.narrow(-1, 0, classes) * (1 - probabilities.narrow(-1, classes, 1));
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsBatchCoupled => true;

    /// <inheritdoc/>
    public override float[] StartingBiases(int classes, double prior)
    {
        var biases = base.StartingBiases(classes, prior);
        biases[classes] = -biases[classes];
        return biases;
    }

    /// <inheritdoc/>
    public override nn.Module State(DatasetFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new ReceivedGradients(facts.Classes.Count);
    }

    /// <summary>[N, K + 1]; the reference divides the sum by N.</summary>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        var own = Own<ReceivedGradients>(state);
        var t = targets.Matrix(logits, targets.Classes + 1);
        var (positive, negative) = Weights(own.Ratio().to(logits.dtype));
        var weights = (positive * t) + (negative * (1 - t));
        own.Add((logits.detach().sigmoid() - t).abs() * weights * targets.Counted(logits).to(logits.dtype), t);
        return BinaryCrossEntropy(logits, t) * weights;
    }

    /// <summary>[K + 1] each: of objects and of background; the background channel weighs 1.</summary>
    internal (Tensor Positive, Tensor Negative) Weights(Tensor ratio)
    {
        var negative = cat([(Gamma * (ratio - Mu)).sigmoid(), ones(1, dtype: ratio.dtype, device: ratio.device)]);
        return (1 + (Alpha * (1 - negative)), negative);
    }
}

/// <summary>How much gradient each class has received, as object and as background.</summary>
public sealed class ReceivedGradients : nn.Module
{
    private const float FirstRatio = 100;

    internal ReceivedGradients(int classes)
        : base(nameof(ReceivedGradients))
    {
        register_buffer("positive", zeros(classes).DetachFromDisposeScope());
        register_buffer("negative", zeros(classes).DetachFromDisposeScope());
    }

    /// <summary>[K]: as object.</summary>
    public Tensor Positive => get_buffer("positive")!;

    /// <summary>[K]: as background.</summary>
    public Tensor Negative => get_buffer("negative")!;

    /// <summary>[K]: 100 before the first step, as in the reference.</summary>
    internal Tensor Ratio()
    {
        using var frozen = no_grad();
        var ratio = Positive / (Negative + 1e-10);
        return where((Positive + Negative) > 0, ratio, full_like(ratio, FirstRatio));
    }

    internal void Add(Tensor gradients, Tensor targets)
    {
        using var frozen = no_grad();
        var classes = Positive.shape[0];
        Positive.add_((gradients * targets).sum([0]).narrow(0, 0, classes).to(Positive.dtype));
        Negative.add_((gradients * (1 - targets)).sum([0]).narrow(0, 0, classes).to(Negative.dtype));
    }
}
