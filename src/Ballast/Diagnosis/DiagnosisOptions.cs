namespace Ballast;

/// <summary>How to diagnose.</summary>
public sealed record DiagnosisOptions
{
    /// <summary>The detector whose anchors, assigner and input side are looked at.</summary>
    public DetectorProfile Profile { get; init; } = DetectorProfile.RetinaNet;

    /// <summary>Seed of the bootstrap.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether anchors are matched; without them the findings that need them say so.</summary>
    public bool Anchors { get; init; } = true;

    /// <summary>Whether remedies are computed on the data (further passes over a sample of images).</summary>
    public bool Remedies { get; init; } = true;

    /// <summary>Whether image files are compared for exact duplicates across parts.</summary>
    public bool CompareImages { get; init; } = true;

    /// <summary>What slices are drawn apart: nothing, parts, or groups.</summary>
    public SliceBy By { get; init; } = SliceBy.None;

    /// <summary>A training run on the data, for the findings that only training shows, or null.</summary>
    public RunTelemetry? Run { get; init; }

    /// <summary>A summary of earlier to report drift against, or null.</summary>
    public DatasetSummary? Baseline { get; init; }

    /// <summary>Number of workers; the result does not depend on it.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Told the share of the work done, in [0, 1].</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Stops the diagnosis.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How a diagnosis divides the images to draw them apart.</summary>
public enum SliceBy
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By part: train, val, test.</summary>
    Part,

    /// <summary>By group: scene, video.</summary>
    Group,
}
