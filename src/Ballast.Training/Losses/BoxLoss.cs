using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// A box regression loss: the remedy for the imbalance of regression losses. The record is the option and its own JSON form; what a loss must remember is the
/// module that <see cref="State"/> builds.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(L1BoxLoss), "l1")]
[JsonDerivedType(typeof(L2BoxLoss), "l2")]
[JsonDerivedType(typeof(SmoothL1BoxLoss), "smooth-l1")]
[JsonDerivedType(typeof(BalancedL1BoxLoss), "balanced-l1")]
[JsonDerivedType(typeof(KLBoxLoss), "kl")]
[JsonDerivedType(typeof(GradientHarmonizedBoxLoss), "ghm-r")]
[JsonDerivedType(typeof(IoUBoxLoss), "iou")]
[JsonDerivedType(typeof(BoundedIoUBoxLoss), "bounded-iou")]
[JsonDerivedType(typeof(GIoUBoxLoss), "giou")]
[JsonDerivedType(typeof(DIoUBoxLoss), "diou")]
[JsonDerivedType(typeof(CIoUBoxLoss), "ciou")]
[JsonDerivedType(typeof(EfficientIoUBoxLoss), "efficient-iou")]
[JsonDerivedType(typeof(ExtendedIoUBoxLoss), "extended-iou")]
[JsonDerivedType(typeof(SIoUBoxLoss), "siou")]
[JsonDerivedType(typeof(AlphaIoUBoxLoss), "alpha-iou")]
[JsonDerivedType(typeof(NormalizedWassersteinBoxLoss), "nwd")]
[JsonDerivedType(typeof(SumBoxLoss), "sum")]
public abstract record BoxLoss
{
    /// <summary>Outputs the head must predict for each box beside the four deltas.</summary>
    [JsonIgnore]
    public virtual int ExtraOutputs => 0;

    /// <summary>What the sum of its elements stands for, which decides what it is divided by.</summary>
    [JsonIgnore]
    public virtual LossScale Scale => LossScale.Objects;

    /// <summary>Whether what one box costs depends on the others, or on those seen before: then parts of a batch do not add up to the batch.</summary>
    [JsonIgnore]
    public virtual bool IsBatchCoupled => false;

    /// <summary>
    /// Which of the extra outputs is the first of four logarithms of the deltas' variances, which <see cref="VarianceVoting"/> then uses at inference; null when
    /// there are none.
    /// </summary>
    [JsonIgnore]
    public virtual int? LogVariances => null;

    /// <summary>Whether it is never negative.</summary>
    [JsonIgnore]
    public virtual bool NonNegative => true;

    /// <summary>Whether it is 0 (within 1e-6) where the prediction is the truth.</summary>
    [JsonIgnore]
    public virtual bool ZeroAtTarget => true;

    /// <summary>Whether it acts on corners.</summary>
    [JsonIgnore]
    public virtual bool OnCorners => false;

    /// <summary>Whether it acts on deltas; a sum of losses can act on both.</summary>
    [JsonIgnore]
    public virtual bool OnDeltas => !OnCorners;

    /// <summary>What the loss remembers from step to step, to be registered in the detector; null when nothing.</summary>
    public virtual nn.Module? State() => null;

    /// <summary>The loss of each pair.</summary>
    /// <param name="boxes">N pairs.</param>
    /// <param name="state">What <see cref="State"/> built.</param>
    /// <returns>[N], or [N, 4] for a loss of single coordinates; not reduced.</returns>
    public abstract Tensor Compute(BoxPairs boxes, nn.Module? state = null);

    /// <summary>The loss's own state, or the sentence that it is missing.</summary>
    protected TState Own<TState>(nn.Module? state)
        where TState : nn.Module
        => state as TState
            ?? throw new InvalidOperationException($"{GetType().Name} needs the module that its State() builds; "
                + $"{(state is null ? "none" : $"a {state.GetType().Name}")} was given.");
}
