namespace Ballast.Training;

/// <summary>How long and how fast a detector learns.</summary>
public sealed record TrainingOptions
{
    private readonly int _epochs = 12;
    private readonly int _parts = 1;
    private readonly double? _clip = 10;
    private readonly double? _average;

    /// <summary>How often each image is seen, at least 1.</summary>
    public int Epochs { get => _epochs; init => _epochs = Requires.AtLeastOne<TrainingOptions>(value); }

    /// <summary>What the starting weights, the order of images and everything else random is drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How weights follow their gradients.</summary>
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>What the rate is multiplied by at each step.</summary>
    public RateSchedule Schedule { get; init; } = new StepSchedule { WarmupSteps = 100 };

    /// <summary>The largest L2 norm of all gradients together: longer ones are scaled down to it; null for no limit.</summary>
    public double? ClipNorm
    {
        get => _clip;
        init => _clip = value is null or > 0 ? value : throw new InputException($"TrainingOptions.ClipNorm is {value}; it must be more than 0, or null for no limit.");
    }

    /// <summary>What an exponential moving average of the weights keeps of itself from step to step, in (0, 1), 0.999 for example; null for no average.</summary>
    public double? AverageDecay
    {
        get => _average;
        init => _average = value is null or (> 0 and < 1) ? value
            : throw new InputException($"TrainingOptions.AverageDecay is {value}; it must be more than 0 and less than 1, or null for no average.");
    }

    /// <summary>
    /// Batches whose gradients are added up for one step, as if they were one batch: for steps that do not fit into memory. Only for remedies by which parts of
    /// a batch add up to the batch; batch normalisation that learns sees each part by itself.
    /// </summary>
    public int BatchesPerStep { get => _parts; init => _parts = Requires.AtLeastOne<TrainingOptions>(value); }

    /// <summary>Checks what only the values and the detector together can be wrong in.</summary>
    /// <param name="detector">What is trained.</param>
    /// <exception cref="InputException">They contradict each other.</exception>
    public void Validate(Detector detector)
    {
        ArgumentNullException.ThrowIfNull(detector);
        if (BatchesPerStep == 1) return;
        if (detector.BatchCoupled is { Count: > 0 } coupled)
            throw new InputException($"TrainingOptions.BatchesPerStep is {BatchesPerStep}, but {string.Join(" and ", coupled)} look at a batch as a whole, so parts of it do not add "
                + "up to it. Set it to 1 and make batches smaller, or take another remedy.");
    }
}
