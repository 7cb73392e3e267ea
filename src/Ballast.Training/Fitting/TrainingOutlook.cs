namespace Ballast.Training;

/// <summary>
/// What the labels alone say before the first step, at the input side and with the anchors of the recipe: which objects vanish, which match no anchor, what else is out of
/// balance, and what helps.
/// </summary>
public sealed class TrainingOutlook
{
    /// <summary>What anchors and the input side decide, first; then what only the data decides.</summary>
    private static readonly string[] Order = ["class-background", "scale-box", "iou-distribution", "class-foreground", "scale-level"];

    private TrainingOutlook(Diagnosis diagnosis, Assigner? assigner)
    {
        (Diagnosis, Assigner) = (diagnosis, assigner);
        Concerns = [.. diagnosis.Findings.Where(finding => Order.Contains(finding.Id) && finding.Verdict is Verdict.Severe or Verdict.Mild).OrderBy(finding => finding.Verdict == Verdict.Mild).ThenBy(finding => Array.IndexOf(Order, finding.Id))];
        var anchors = diagnosis.Findings.First(finding => finding.Id == "class-background");
        Unmatched = (long)ValueOf(anchors, "unmatched-objects");
        Positive = ValueOf(anchors, "positive-fraction");
    }

    /// <summary>The diagnosis itself.</summary>
    public Diagnosis Diagnosis { get; }

    /// <summary>The recipe's own assigner; null for the profile's.</summary>
    public Assigner? Assigner { get; }

    /// <summary>Whether the recipe assigns anchors as the diagnosis does; other assigners give every object anchors of its own, or learn where to put them.</summary>
    public bool IsOfAssigner => Assigner is null or MaxIoUAssigner;

    /// <summary>The findings that hold a training back, severe ones first.</summary>
    public IReadOnlyList<Finding> Concerns { get; }

    /// <summary>Objects that no anchor is assigned to.</summary>
    public long Unmatched { get; }

    /// <summary>Share of anchors that are positive; NaN when no anchor was matched.</summary>
    public double Positive { get; }

    /// <summary>What to do first: the best remedy that was computed on the data for each concern.</summary>
    public IEnumerable<(Finding Finding, Advice Advice)> Helps
        => Concerns.Select(finding => (finding, Advice: finding.Remedies.OrderByDescending(advice => advice.Computed).ThenByDescending(advice => advice.Gain).Take(1))).SelectMany(pair => pair.Advice.Select(advice => (pair.finding, advice)));

    /// <summary>Diagnoses what will be trained on.</summary>
    /// <param name="train">The data.</param>
    /// <param name="detector">Its input side, anchors and assigner are what is looked at.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrainingOutlook Of(DetectionDataset train, DetectorOptions detector, int seed = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(detector);
        var profile = detector.Assigner is MaxIoUAssigner own ? detector.Profile with { Assigner = own } : detector.Profile;
        var options = new DiagnosisOptions { Profile = profile, Seed = seed, CompareImages = false, Progress = progress, Cancellation = cancellation };
        return new(Diagnosis.Of(train, options), detector.Assigner);
    }

    /// <summary>What losses and heads are told of the data, the share of positive anchors among it.</summary>
    public DatasetFacts FactsOf(DetectionDataset train) => DatasetFacts.Of(train) with { PositiveAnchorFraction = Positive is > 0 and < 1 ? Positive : null };

    private static double ValueOf(Finding finding, string measure) => finding.Measures.FirstOrDefault(each => each.Name == measure)?.Value ?? double.NaN;
}
