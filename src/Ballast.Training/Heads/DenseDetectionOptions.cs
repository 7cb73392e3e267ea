namespace Ballast.Training;

/// <summary>Which predictions of a stage that looks at anchors become detections.</summary>
public sealed record DenseDetectionOptions
{
    private readonly float _score = 0.05f;
    private readonly float _iou = 0.5f;
    private readonly int _most = 300;
    private readonly int _perLevel = 1000;

    /// <summary>Probabilities must be more than this, in [0, 1).</summary>
    public float MinimumScore { get => _score; init => _score = Requires.Momentum<DenseDetectionOptions>(value); }

    /// <summary>IoU above which the worse of two boxes of a class goes, in [0, 1].</summary>
    public float IoU { get => _iou; init => _iou = Requires.Fraction<DenseDetectionOptions>(value); }

    /// <summary>
    /// How boxes of different sureness vote where they overlap, in place of <see cref="IoU"/>; null (the default) for no vote. For box losses that predict
    /// variances (KL).
    /// </summary>
    public VarianceVoting? Voting { get; init; }

    /// <summary>Most detections of an image.</summary>
    public int Most { get => _most; init => _most = Requires.AtLeastOne<DenseDetectionOptions>(value); }

    /// <summary>Most candidates of a level, before suppression.</summary>
    public int MostOfLevel { get => _perLevel; init => _perLevel = Requires.AtLeastOne<DenseDetectionOptions>(value); }
}
