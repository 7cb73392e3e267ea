using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// A classification loss: soft sampling, the remedy for class imbalance. The record is the option and its own JSON form; what a loss must remember is the
/// module that <see cref="State"/> builds.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(CrossEntropyLoss), "cross-entropy")]
[JsonDerivedType(typeof(FocalLoss), "focal")]
[JsonDerivedType(typeof(GradientHarmonizedLoss), "ghm-c")]
[JsonDerivedType(typeof(QualityFocalLoss), "quality-focal")]
[JsonDerivedType(typeof(VarifocalLoss), "varifocal")]
[JsonDerivedType(typeof(ClassBalancedLoss), "class-balanced")]
[JsonDerivedType(typeof(SeesawLoss), "seesaw")]
[JsonDerivedType(typeof(EqualizationLoss), "equalization-v2")]
[JsonDerivedType(typeof(AveragePrecisionLoss), "ap")]
[JsonDerivedType(typeof(AverageLrpLoss), "alrp")]
[JsonDerivedType(typeof(RankSortLoss), "rank-sort")]
public abstract record ClassificationLoss
{
    /// <summary>What the sum of its elements stands for, which decides what it is divided by.</summary>
    [JsonIgnore]
    public virtual LossScale Scale => LossScale.Objects;

    /// <summary>Whether it learns the quality of boxes: needs the IoU of each object's predicted box as score.</summary>
    [JsonIgnore]
    public virtual bool LearnsQuality => false;

    /// <summary>
    /// Whether what one candidate costs depends on the others, or on those seen before: then parts of a batch do not add up to the batch, and candidates cannot
    /// be ranked by it.
    /// </summary>
    [JsonIgnore]
    public virtual bool IsBatchCoupled => false;

    /// <summary>Outputs of the head for each candidate; K for sigmoids.</summary>
    /// <param name="classes">K.</param>
    public virtual int Channels(int classes) => classes;

    /// <summary>Probability of each class at inference.</summary>
    /// <param name="logits">[N, <see cref="Channels"/>].</param>
    /// <returns>[N, K], or [N, K + 1] with background last where classes exclude each other.</returns>
    public virtual Tensor Probabilities(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return logits.sigmoid();
    }

    /// <summary>The biases that make a head start where an object of each class has a given probability and all else is background.</summary>
    /// <param name="classes">K.</param>
    /// <param name="prior">In (0, 1).</param>
    /// <returns>[<see cref="Channels"/>].</returns>
    public virtual float[] StartingBiases(int classes, double prior)
    {
        var biases = new float[Channels(classes)];
        Array.Fill(biases, (float)PriorProbability.Bias(prior));
        return biases;
    }

    /// <summary>What the loss remembers from step to step, to be registered in the detector; null when nothing.</summary>
    public virtual nn.Module? State(DatasetFacts facts) => null;

    /// <summary>The loss of each candidate; 0 for those left out.</summary>
    /// <param name="logits">[N, <see cref="Channels"/>].</param>
    /// <param name="targets">N candidates.</param>
    /// <param name="state">What <see cref="State"/> built.</param>
    /// <returns>[N] or [N, terms]; not reduced, not weighted.</returns>
    /// <exception cref="InputException">The logits' shape is not that.</exception>
    public Tensor Compute(Tensor logits, ClassTargets targets, nn.Module? state = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        var channels = Channels(targets.Classes);
        if (logits.dim() != 2 || logits.shape[0] != targets.Count || logits.shape[1] != channels)
            throw new InputException($"{GetType().Name}: logits have shape {Checks.Shape(logits)}; {targets.Count} targets of {targets.Classes} classes need "
                + $"[{targets.Count}, {channels}].");
        Checks.IsFinite(GetType().Name, "logits", logits);
        var elements = Elements(logits, targets, state);
        return LeavesOutIgnored(logits, targets) ? elements : targets.WithoutIgnored(elements);
    }

    /// <summary>The loss of each candidate, shapes checked; what it gives for candidates left out does not matter.</summary>
    protected abstract Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state);

    /// <summary>Whether <see cref="Elements"/> itself gives 0, without gradient, for candidates left out: a pass over all elements less.</summary>
    private protected virtual bool LeavesOutIgnored(Tensor logits, ClassTargets targets) => false;

    /// <summary>The loss's own state, or the sentence that it is missing.</summary>
    protected TState Own<TState>(nn.Module? state)
        where TState : nn.Module
        => state as TState
            ?? throw new InvalidOperationException($"{GetType().Name} needs the module that its State() builds; "
                + $"{(state is null ? "none" : $"a {state.GetType().Name}")} was given.");

    /// <summary>-(t ln p + (1 - t) ln(1 - p)) of the sigmoid p of each logit.</summary>
    private protected static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets, Tensor? positiveWeights = null)
        => nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction: nn.Reduction.None, pos_weights: positiveWeights);
}

/// <summary>What the sum of a loss's elements stands for.</summary>
public enum LossScale
{
    /// <summary>It grows with the number of objects: the detector says what it is divided by.</summary>
    Objects,

    /// <summary>Weights sum to the number of elements: it is divided by that (GHM).</summary>
    Elements,

    /// <summary>It is the value already (ranking losses).</summary>
    Whole,
}
