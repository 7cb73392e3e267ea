namespace Ballast;

/// <summary>How a file of detections names images.</summary>
public enum ImageNaming
{
    /// <summary>By the truth's image id, as a number or as text.</summary>
    Id,

    /// <summary>By the image's file name, with or without its folders.</summary>
    File,

    /// <summary>By the file name without its ending; 123 also stands for 000123.</summary>
    Stem,
}

/// <summary>How a file of detections names classes.</summary>
public enum ClassNaming
{
    /// <summary>By the truth's class id.</summary>
    Id,

    /// <summary>By name.</summary>
    Name,

    /// <summary>By place in the truth's list of classes, from 0.</summary>
    ZeroBased,

    /// <summary>By place in the truth's list of classes, from 1 (0 is background).</summary>
    OneBased,
}

/// <summary>How to read a file of detections.</summary>
public sealed record DetectionReadOptions
{
    /// <summary>What to do with a detection that cannot be used; repairing is leaving it out, as reporting is.</summary>
    public FlawPolicy Flaws { get; init; } = FlawPolicy.Report;

    /// <summary>How images are named, or null to infer it.</summary>
    public ImageNaming? Images { get; init; }

    /// <summary>How classes are named, or null to infer it.</summary>
    public ClassNaming? Classes { get; init; }

    /// <summary>Told the share of the file read, in [0, 1]; JSON and CSV only.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Stops reading.</summary>
    public CancellationToken Cancellation { get; init; }
}
