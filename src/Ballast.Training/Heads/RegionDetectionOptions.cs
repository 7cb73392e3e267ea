namespace Ballast.Training;

/// <summary>Which predictions for regions become detections.</summary>
public sealed record RegionDetectionOptions
{
    private readonly float _score = 0.05f;
    private readonly float _iou = 0.5f;
    private readonly float _side = 0.01f;
    private readonly int _most = 100;

    /// <summary>Probabilities must be more than this, in [0, 1).</summary>
    public float MinimumScore { get => _score; init => _score = Requires.Momentum<RegionDetectionOptions>(value); }

    /// <summary>IoU above which the worse of two boxes of a class goes, in [0, 1].</summary>
    public float IoU { get => _iou; init => _iou = Requires.Fraction<RegionDetectionOptions>(value); }

    /// <summary>
    /// How boxes of different sureness vote where they overlap, in place of <see cref="IoU"/>; null (the default) for no vote. For box losses that predict
    /// variances (KL).
    /// </summary>
    public VarianceVoting? Voting { get; init; }

    /// <summary>Least width and height of a box after it is clipped to the image, pixels of the input, more than 0.</summary>
    public float MinimumSidePixels { get => _side; init => _side = Requires.Positive<RegionDetectionOptions>(value); }

    /// <summary>Most detections of an image.</summary>
    public int Most { get => _most; init => _most = Requires.AtLeastOne<RegionDetectionOptions>(value); }
}
