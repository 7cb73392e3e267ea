using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// How the losses of all stages become one number: the remedy for objective imbalance. The one place that reduces. It is a module, since some learn how to
/// weigh.
/// </summary>
public abstract class Objective : nn.Module
{
    /// <summary>Makes the module.</summary>
    protected Objective(string name)
        : base(name)
    {
    }

    /// <summary>
    /// Whether it weighs by the gradients that each loss sends into what the losses share. <see cref="Combine"/> must then be given it while training, and each
    /// loss costs one backward pass through its head.
    /// </summary>
    public virtual bool NeedsShared => false;

    /// <summary>Whether the total of a batch is the sum of the totals of its parts, when both are divided by the same: true only where weights are fixed.</summary>
    public virtual bool IsAdditive => false;

    /// <summary>Combines the losses of a step; an objective that learns how to weigh does so here, while it is in training mode, for the next step.</summary>
    /// <param name="stages">At least one, with at least one loss among them.</param>
    /// <param name="shared">What all losses are computed from: the neck's maps, or the weights of the last shared layer. See <see cref="NeedsShared"/>.</param>
    public TotalLoss Combine(IReadOnlyList<LossTerms> stages, IReadOnlyList<Tensor>? shared = null)
    {
        ArgumentNullException.ThrowIfNull(stages);
        var values = stages.Select(stage => new StageLosses(stage.Classification?.Value(), stage.Box?.Value())).ToArray();
        if (values.All(value => value.Classification is null && value.Box is null))
            throw new InputException("Objective: no stage has a loss; at least one is needed.");
        var learns = training && is_grad_enabled();
        if (learns && NeedsShared && shared is not { Count: > 0 })
            throw new InvalidOperationException($"{GetName()} weighs by gradients of what the losses share; give Combine the neck's maps or a shared layer's weights.");
        var total = Total(stages, values);
        if (learns) Learn(values, shared ?? []);
        return total;
    }

    /// <summary>Tells it that an epoch is over: those that compare epochs then weigh anew.</summary>
    public virtual void EndEpoch()
    {
    }

    /// <summary>The weights of a stage's two losses; null for 1.</summary>
    /// <param name="stage">Its index.</param>
    /// <param name="classification">Its classification loss, if any.</param>
    /// <param name="box">Its box loss, if any.</param>
    protected abstract (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box);

    /// <summary>What a stage adds beside its losses; null for nothing.</summary>
    protected virtual Tensor? Penalty(int stage, bool classification, bool box) => null;

    /// <summary>Learns how to weigh the next step from this one's losses; no gradient of the total goes through it.</summary>
    /// <param name="values">The losses of each stage, with their graphs.</param>
    /// <param name="shared">What they share; empty unless it was given.</param>
    protected virtual void Learn(IReadOnlyList<StageLosses> values, IReadOnlyList<Tensor> shared)
    {
    }

    private TotalLoss Total(IReadOnlyList<LossTerms> stages, StageLosses[] values)
    {
        var parts = new List<LossPart>();
        Tensor? total = null;
        for (var stage = 0; stage < stages.Count; stage++)
        {
            var (classification, box) = values[stage];
            var (classificationWeight, boxWeight) = Weights(stage, classification, box);
            Add(stages[stage].Stage, isBox: false, classification, classificationWeight);
            Add(stages[stage].Stage, isBox: true, box, boxWeight);
            if (Penalty(stage, classification is not null, box is not null) is { } penalty) total = total! + penalty;
        }

        return new(total!, parts);

        void Add(string name, bool isBox, Tensor? value, Tensor? weight)
        {
            if (value is null) return;
            weight ??= ones_like(value);
            total = total is null ? weight * value : total + (weight * value);
            parts.Add(new(name, isBox, value.detach(), weight.detach()));
        }
    }
}

/// <summary>The two losses of a stage, reduced.</summary>
/// <param name="Classification">A number, or null where the stage does not classify.</param>
/// <param name="Box">A number, or null where the stage does not regress.</param>
public readonly record struct StageLosses(Tensor? Classification, Tensor? Box);

/// <summary>What an objective is built from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(WeightedSumOptions), "weighted-sum")]
[JsonDerivedType(typeof(GuidedLossOptions), "guided")]
[JsonDerivedType(typeof(EqualizedOptions), "equalized")]
[JsonDerivedType(typeof(UncertaintyWeightingOptions), "uncertainty")]
[JsonDerivedType(typeof(GradNormOptions), "gradnorm")]
[JsonDerivedType(typeof(DynamicWeightAverageOptions), "dynamic-weight-average")]
[JsonDerivedType(typeof(SelfBalancingOptions), "self-balancing")]
public abstract record ObjectiveOptions
{
    /// <summary>Builds the module.</summary>
    /// <param name="stages">How many stages the detector has.</param>
    public abstract Objective Build(int stages);
}
