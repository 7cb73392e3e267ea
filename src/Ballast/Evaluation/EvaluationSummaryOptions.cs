namespace Ballast;

/// <summary>How an <see cref="EvaluationSummary"/> is made.</summary>
public sealed record EvaluationSummaryOptions
{
    private readonly int _replicates = EvaluationIntervals.DefaultReplicates;

    /// <summary>How detections are measured.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>The detector whose pyramid levels are meant.</summary>
    public DetectorProfile Profile { get; init; } = DetectorProfile.RetinaNet;

    /// <summary>What the detector learned from: its classes decide which are rare. Null for the truth itself.</summary>
    public DetectionDataset? Training { get; init; }

    /// <summary>Seed of the draws.</summary>
    public int Seed { get; init; }

    /// <summary>How often the images are drawn again for the intervals: at least 100, or 0 for no intervals.</summary>
    public int Replicates
    {
        get => _replicates;
        init => _replicates = value is 0 or >= 100 ? value : throw new InputException($"{value} replicates are too few for a 95 % interval; ask for 100 or more, or 0 for no intervals.");
    }

    /// <summary>Told the share of the work done, in [0, 1].</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Stops the evaluation between two of its parts.</summary>
    public CancellationToken Cancellation { get; init; }
}
