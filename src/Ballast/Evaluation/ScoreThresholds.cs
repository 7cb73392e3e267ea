namespace Ballast;

/// <summary>
/// The score from which a detection of each class is used: under imbalance classes differ widely in what a score means, so one threshold for all is wrong for most.
/// </summary>
public sealed record ScoreThresholds
{
    /// <summary>What a class has that nobody could choose a threshold for.</summary>
    public const double Usual = 0.5;

    private readonly Values<double> _scores = [];

    /// <summary>K class names.</summary>
    public required Values<string> Classes { get; init; }

    /// <summary>[K]: in [0, 1].</summary>
    public required Values<double> Scores
    {
        get => _scores;
        init => _scores = value.All(score => score is >= 0 and <= 1) ? value
            : throw new InputException($"ScoreThresholds.Scores is [{string.Join(", ", value)}]; each must be from 0 to 1.");
    }

    /// <summary>The same threshold for every class.</summary>
    public static ScoreThresholds Same(IReadOnlyList<string> classes, double score = Usual)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return new() { Classes = [.. classes], Scores = [.. Enumerable.Repeat(score, classes.Count)] };
    }

    /// <summary>
    /// Each class' own optimum: the threshold of least LRP error at IoU 0.5 (Oksuz et al., arXiv:2011.10772, section 4), which weighs misses, false alarms and loose boxes.
    /// A class that nothing was found of has the mean of the others.
    /// </summary>
    /// <param name="evaluation">Of detections that were not part of the training, down to low scores; its first IoU threshold decides what is a hit.</param>
    public static ScoreThresholds Choose(CocoEvaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var best = LocalizationRecallPrecision.Of(evaluation).Classes.Select(error => error.Threshold).ToArray();
        var known = best.Where(threshold => !double.IsNaN(threshold)).ToArray();
        var otherwise = known.Length > 0 ? known.Average() : Usual;
        return new() { Classes = [.. evaluation.Truth.Classes], Scores = [.. best.Select(threshold => Math.Clamp(double.IsNaN(threshold) ? otherwise : threshold, 0, 1))] };
    }

    /// <summary>Checks that there is one for each class of a detector.</summary>
    /// <param name="classes">The detector's.</param>
    /// <exception cref="InputException">They are of other classes.</exception>
    public void Validate(IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (Scores.Count != Classes.Count || !Classes.SequenceEqual(classes, StringComparer.Ordinal))
            throw new InputException($"There are {Scores.Count} thresholds for {string.Join(", ", Classes)}; the detector's classes are {string.Join(", ", classes)}. Choose them anew.");
    }
}
