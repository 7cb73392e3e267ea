using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Finds objects in images, and says how wrong it is where they are known. What its remedies remember is registered in it, so that moves between devices and
/// checkpoints reach it.
/// </summary>
public abstract class Detector : NamedModule
{
    /// <summary>Makes the module.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="options">What it was built from.</param>
    /// <param name="facts">What is known of the data it is trained on.</param>
    protected Detector(string name, DetectorOptions options, DatasetFacts facts)
        : base(name)
        => (Options, Facts) = (options, facts);

    /// <summary>What it was built from.</summary>
    public DetectorOptions Options { get; }

    /// <summary>What is known of the data it is trained on.</summary>
    public DatasetFacts Facts { get; }

    /// <summary>Number of classes, K.</summary>
    public int Classes => Facts.Classes.Count;

    /// <summary>How its losses become one number.</summary>
    public abstract Objective Objective { get; }

    /// <summary>The losses of each stage, not yet reduced.</summary>
    /// <param name="batch">Images and their objects.</param>
    public abstract IReadOnlyList<LossTerms> Losses(Batch batch);

    /// <summary>What it finds in each image, without gradient.</summary>
    /// <param name="batch">Images; their objects are not looked at.</param>
    public abstract Detections[] Detect(Batch batch);

    /// <summary>
    /// What among its remedies looks at a batch as a whole, as people call it: with these, parts of a batch do not add up to the batch. Whoever derives adds what
    /// a stage has.
    /// </summary>
    public virtual IReadOnlyList<string> BatchCoupled => Objective.IsAdditive ? [] : [Objective.GetName()];

    /// <summary>
    /// The maps that the losses of the last call of <see cref="Losses"/> were computed from, finest first: for objectives that weigh by gradients, and for
    /// telemetry. They live in the step's dispose scope.
    /// </summary>
    public IReadOnlyList<Tensor> SharedMaps { get; protected set; } = [];

    /// <summary>Looks at the steps from inside; null for nobody. See <see cref="TelemetryProbe"/>.</summary>
    public IStepObserver? Observer { get; set; }

    /// <summary>
    /// What the terms of <see cref="Losses"/> are divided by: parts of a step add these up before they divide. This form computes the losses to know; whoever knows
    /// without says so.
    /// </summary>
    /// <param name="batch">Images and their objects.</param>
    public virtual IReadOnlyList<Divisors> Divisors(Batch batch)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return [.. Losses(batch).Select(stage => new Divisors(stage.Classification?.Normalizer, stage.Box?.Normalizer))];
    }

    /// <summary>The losses as one number.</summary>
    /// <param name="batch">Images and their objects.</param>
    /// <param name="divisors">What each stage is divided by instead of its own normaliser, when the batch is a part of a step.</param>
    public TotalLoss Loss(Batch batch, IReadOnlyList<Divisors>? divisors = null)
    {
        var stages = Losses(batch);
        if (divisors is not null) stages = [.. stages.Zip(divisors, (stage, divisor) => stage.DividedBy(divisor))];
        var total = Objective.Combine(stages, SharedMaps);
        Observer?.Measure(batch, stages, total, SharedMaps);
        return total;
    }
}
