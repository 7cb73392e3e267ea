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

    /// <summary>Combines the losses of a step.</summary>
    /// <param name="stages">At least one, with at least one loss among them.</param>
    public TotalLoss Combine(IReadOnlyList<LossTerms> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        var parts = new List<LossPart>();
        Tensor? total = null;
        for (var stage = 0; stage < stages.Count; stage++)
        {
            var (classification, box) = (stages[stage].Classification?.Value(), stages[stage].Box?.Value());
            var (classificationWeight, boxWeight) = Weights(stage, classification, box);
            Add(stages[stage].Stage, isBox: false, classification, classificationWeight);
            Add(stages[stage].Stage, isBox: true, box, boxWeight);
            if (Penalty(stage, classification is not null, box is not null) is { } penalty) total = total! + penalty;
        }

        return new(total ?? throw new InputException("Objective: no stage has a loss; at least one is needed."), parts);

        void Add(string name, bool isBox, Tensor? value, Tensor? weight)
        {
            if (value is null) return;
            weight ??= ones_like(value);
            total = total is null ? weight * value : total + (weight * value);
            parts.Add(new(name, isBox, value.detach(), weight.detach()));
        }
    }

    /// <summary>The weights of a stage's two losses; null for 1.</summary>
    /// <param name="stage">Its index.</param>
    /// <param name="classification">Its classification loss, if any.</param>
    /// <param name="box">Its box loss, if any.</param>
    protected abstract (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box);

    /// <summary>What a stage adds beside its losses; null for nothing.</summary>
    protected virtual Tensor? Penalty(int stage, bool classification, bool box) => null;
}

/// <summary>What an objective is built from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(WeightedSumOptions), "weighted-sum")]
[JsonDerivedType(typeof(GuidedLossOptions), "guided")]
[JsonDerivedType(typeof(UncertaintyWeightingOptions), "uncertainty")]
public abstract record ObjectiveOptions
{
    /// <summary>Builds the module.</summary>
    /// <param name="stages">How many stages the detector has.</param>
    public abstract Objective Build(int stages);
}
