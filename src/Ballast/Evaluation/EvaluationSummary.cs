namespace Ballast;

/// <summary>
/// Everything that is said of a detector: COCO's figures with their intervals, optimal LRP, where AP is lost and to which imbalance, the accuracy paradox, confusions,
/// calibration; with what was wrong with the input and how its names were understood.
/// </summary>
public sealed partial class EvaluationSummary
{
    private EvaluationSummary(CocoEvaluation evaluation, EvaluationSummaryOptions options, FrequencyGroups groups, Step step)
    {
        (Evaluation, Options, Groups) = (evaluation, options, groups);
        Balance = ClassBalance.Of(evaluation, groups);
        Lrp = LocalizationRecallPrecision.Of(evaluation);
        Paradox = AccuracyParadox.Of(evaluation, Lrp);
        Calibration = Calibration.Of(evaluation);
        step.Done(0.3);
        Confusion = ConfusionMatrix.Of(evaluation);
        step.Done(0.35);
        Errors = ErrorBreakdown.Of(evaluation, options.Profile, groups);
        step.Done(0.55);
        Slices = EvaluationSlices.Of(evaluation, options.Profile, groups, options.Seed, options.Replicates);
        step.Done(0.75);
        Intervals = options.Replicates == 0 ? null : EvaluationIntervals.Of(evaluation, options.Seed, options.Replicates);
        step.Done(1);
    }

    /// <summary>What was measured against.</summary>
    public DetectionDataset Truth => Evaluation.Truth;

    /// <summary>What was measured.</summary>
    public DetectionTable Detections => Evaluation.Detections;

    /// <summary>How.</summary>
    public EvaluationSummaryOptions Options { get; }

    /// <summary>COCO's figures, of all classes and of each.</summary>
    public CocoEvaluation Evaluation { get; }

    /// <summary>How common each class is.</summary>
    public FrequencyGroups Groups { get; }

    /// <summary>Optimal LRP and each class' own best threshold.</summary>
    public LocalizationRecallPrecision Lrp { get; }

    /// <summary>Where AP at IoU 0.50 is lost, also by class frequency, size, level, zone and crowding.</summary>
    public ErrorBreakdown Errors { get; }

    /// <summary>AP along each axis of imbalance, and what the imbalance costs.</summary>
    public EvaluationSlices Slices { get; }

    /// <summary>Means that treat classes otherwise than the usual one.</summary>
    public ClassBalance Balance { get; }

    /// <summary>What accuracy hides.</summary>
    public AccuracyParadox Paradox { get; }

    /// <summary>What is taken for what.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Whether scores mean what they say.</summary>
    public Calibration Calibration { get; }

    /// <summary>95 % intervals of AP, AP50 and AP75; null when no images were drawn again.</summary>
    public EvaluationIntervals? Intervals { get; }

    /// <summary>Where pycocotools would print another number; a sentence each.</summary>
    public IReadOnlyList<string> Notes => Evaluation.Notes;

    /// <summary>How the detections' images and classes were understood; empty when the table was made in code.</summary>
    public string Mapping => Detections.Mapping;

    /// <summary>The axes whose imbalance costs AP, dearest first; those surer than chance before the others.</summary>
    public IReadOnlyList<SlicedFigures> Costs
        => [.. Slices.Axes.Where(axis => axis.Cost > 0).OrderByDescending(axis => axis.Interval is { IsReal: true }).ThenByDescending(axis => axis.Cost)];

    /// <summary>Reads detections and measures them.</summary>
    /// <param name="path">The detections, as <see cref="DetectionResults.Read(string, DetectionDataset, DetectionReadOptions?)"/> takes them.</param>
    /// <param name="truth">The data set they are of.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="reading">How to read.</param>
    public static EvaluationSummary Of(string path, DetectionDataset truth, EvaluationSummaryOptions? options = null, DetectionReadOptions? reading = null)
        => Of(truth, DetectionResults.Read(path, truth, reading), options);

    /// <summary>Measures detections.</summary>
    /// <exception cref="InputException">The options do not fit the truth: areas at an input size without image sizes, a profile of too many levels.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static EvaluationSummary Of(DetectionDataset truth, DetectionTable detections, EvaluationSummaryOptions? options = null)
    {
        options ??= new();
        var step = new Step(options);
        var groups = FrequencyGroups.By(truth, options.Training);
        var evaluation = CocoEvaluation.Of(truth, detections, options.Evaluation);
        step.Done(0.2);
        return new(evaluation, options, groups, step);
    }

    /// <summary>Says how far the work is, and stops it when asked to.</summary>
    private sealed class Step(EvaluationSummaryOptions options)
    {
        public void Done(double share)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report(share);
        }
    }
}
