namespace Ballast.Training;

/// <summary>Which predictions of SSD become detections (Liu et al. 2016, arXiv:1512.02325, section 2.2, and torchvision).</summary>
public sealed record SsdDetectionOptions
{
    private readonly float _score = 0.01f;
    private readonly float _iou = 0.45f;
    private readonly int _most = 200;
    private readonly int _perClass = 400;

    /// <summary>Probabilities must be more than this, in [0, 1).</summary>
    public float MinimumScore { get => _score; init => _score = Requires.Momentum<SsdDetectionOptions>(value); }

    /// <summary>IoU above which the worse of two boxes of a class goes, in [0, 1].</summary>
    public float IoU { get => _iou; init => _iou = Requires.Fraction<SsdDetectionOptions>(value); }

    /// <summary>
    /// How boxes of different sureness vote where they overlap, in place of <see cref="IoU"/>; null (the default) for no vote. For box losses that predict
    /// variances (KL).
    /// </summary>
    public VarianceVoting? Voting { get; init; }

    /// <summary>Most detections of an image.</summary>
    public int Most { get => _most; init => _most = Requires.AtLeastOne<SsdDetectionOptions>(value); }

    /// <summary>Most candidates of a class, before suppression.</summary>
    public int MostOfClass { get => _perClass; init => _perClass = Requires.AtLeastOne<SsdDetectionOptions>(value); }
}
