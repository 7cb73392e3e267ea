using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Cross entropy, the baseline without sampling: of a softmax over K classes and background, -ln p_y, or of a sigmoid for each class, -(t ln p + (1 - t) ln(1 -
/// p)).
/// </summary>
public sealed record CrossEntropyLoss : ClassificationLoss
{
    private readonly Values<float>? _weights;

    /// <summary>Whether each class has a sigmoid of its own; else one softmax over all, background last.</summary>
    public bool Sigmoid { get; init; }

    /// <summary>Weight of each class: K + 1 (background last) for the softmax; K, of the objects, for sigmoids. Absent: all 1.</summary>
    public Values<float>? ClassWeights
    {
        get => _weights;
        init => _weights = value is null || value.All(weight => weight >= 0 && float.IsFinite(weight)) ? value
            : throw new InputException($"CrossEntropyLoss.ClassWeights are {string.Join(", ", value)}; each must be 0 or more.");
    }

    /// <inheritdoc/>
    public override int Channels(int classes) => Sigmoid ? classes : classes + 1;

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor logits) => Sigmoid ? base.Probabilities(logits) : nn.functional.softmax(logits, -1);

    /// <inheritdoc/>
    public override float[] StartingBiases(int classes, double prior)
    {
        if (Sigmoid) return base.StartingBiases(classes, prior);
        var biases = new float[classes + 1];
        biases[classes] = (float)(Math.Log(classes) - PriorProbability.Bias(prior));
        return biases;
    }

    /// <inheritdoc/>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        var weights = ClassWeights is null ? null : Weights(logits, targets.Classes);
        return Sigmoid
            ? BinaryCrossEntropy(logits, targets.Matrix(logits, targets.Classes), weights)
            : nn.functional.cross_entropy(logits, targets.Labels, weight: weights, ignore_index: -1, reduction: nn.Reduction.None);
    }

    private Tensor Weights(Tensor logits, int classes)
        => ClassWeights!.Count == Channels(classes)
            ? tensor(ClassWeights.AsSpan().ToArray(), dtype: logits.dtype, device: logits.device)
            : throw new InputException($"CrossEntropyLoss.ClassWeights has {ClassWeights.Count} weights; {classes} classes need "
                + $"{Channels(classes)}{(Sigmoid ? "" : ", background last")}.");
}
