namespace Ballast;

/// <summary>What can be wrong with a file of detections. Flawed detections are counted and left out (those of negative size stay: they match nothing); strict reading stops at the first.</summary>
public static class DetectionFlaws
{
    /// <summary>A detection names an image the truth does not have.</summary>
    public static readonly FlawCode UnknownImage = new("detection-unknown-image", FlawSeverity.Error, "A detection names an image that the truth does not have.", "left out");

    /// <summary>A detection names a class the truth does not have.</summary>
    public static readonly FlawCode UnknownClass = new("detection-unknown-class", FlawSeverity.Error, "A detection names a class that the truth does not have.", "left out");

    /// <summary>A score is missing, text or not finite.</summary>
    public static readonly FlawCode ScoreUnusable = new("detection-score", FlawSeverity.Error, "The score of a detection is missing, no number or not finite.", "left out");

    /// <summary>A coordinate is missing, text or not finite.</summary>
    public static readonly FlawCode NotFinite = new("detection-not-finite", FlawSeverity.Error, "A coordinate of a detection is missing, no number or not finite.", "left out");

    /// <summary>A width or height is negative.</summary>
    public static readonly FlawCode NegativeSize = new("detection-negative-size", FlawSeverity.Error, "The width or height of a detection is negative: it can match nothing.", "kept");
}
