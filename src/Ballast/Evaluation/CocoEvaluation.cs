namespace Ballast;

/// <summary>
/// Detections measured against a truth the way COCO does (Lin et al. 2014, arXiv:1405.0312), to pycocotools' (2.0.11) last digits; and the matches behind the
/// figures, which everything else that is measured reads.
/// </summary>
public sealed class CocoEvaluation
{
    private readonly PrecisionTable _precision;

    private CocoEvaluation(DetectionDataset truth, DetectionTable detections, EvaluationOptions options)
    {
        (Truth, Detections, Options) = (truth, detections, options);
        ImageOrder = OrderOf(truth.Images);
        Truths = ClassTruths.Of(truth, ImageOrder, options.LeftOutIn(truth));
        Slicing = MatchSlices.ByArea(truth, detections, options);
        Matches = DetectionMatching.Run(truth, detections, Truths, Slicing, options, ImageOrder);
        _precision = PrecisionTable.Of(Matches, Truths, Slicing, options, curves: true);
        Classes = [.. Enumerable.Range(0, truth.Classes.Count).Select(k => new ClassEvaluation(
            k, truth.Classes[k], Objects(k), ImagesWith(k), Matches.First[k + 1] - Matches.First[k], Figures([k])))];
        Overall = Figures([.. Enumerable.Range(0, truth.Classes.Count)]);
        Notes = CompatibilityNotes.Of(this);
    }

    /// <summary>What was measured against.</summary>
    public DetectionDataset Truth { get; }

    /// <summary>What was measured.</summary>
    public DetectionTable Detections { get; }

    /// <summary>How.</summary>
    public EvaluationOptions Options { get; }

    /// <summary>The figures over all classes: means over the classes that have truths.</summary>
    public CocoFigures Overall { get; }

    /// <summary>The figures of each class, in the truth's order.</summary>
    public IReadOnlyList<ClassEvaluation> Classes { get; }

    /// <summary>Where pycocotools would print another number, or none, and why; a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    internal int[] ImageOrder { get; }

    internal ClassTruths Truths { get; }

    internal MatchSlices Slicing { get; }

    internal MatchTable Matches { get; }

    /// <summary>Measures detections against a truth.</summary>
    public static CocoEvaluation Of(DetectionDataset truth, DetectionTable detections, EvaluationOptions? options = null)
    {
        if (detections.ImageCount != truth.Images.Count)
            throw new InputException($"The detections are of a data set of {detections.ImageCount} images, the truth '{truth.Name}' has {truth.Images.Count}; read them with this truth.");
        return new(truth, detections, options ?? new());
    }

    /// <summary>Truths of a class that count in an area range.</summary>
    public int Objects(int k, int area = 0) => _precision.Positives(area, k);

    /// <summary>AP of a class at one IoU threshold in an area range; NaN without truth.</summary>
    public double AveragePrecision(int k, int threshold, int area = 0) => _precision.Average(area, k, threshold);

    /// <summary>Recall of a class at one IoU threshold, area range and detection limit (indices into the options); NaN without truth.</summary>
    public double Recall(int k, int threshold, int area, int limit) => _precision.Recall(area, k, threshold, limit);

    /// <summary>Precision at recalls 0, 0.01 ... 1 (101 values), made to fall with recall; empty without truth.</summary>
    public ReadOnlySpan<double> PrecisionCurve(int k, int threshold, int area = 0) => _precision.Precisions(area, k, threshold);

    /// <summary>The score at which each of the 101 recalls is reached, 0 where it never is; empty without truth.</summary>
    public ReadOnlySpan<double> ScoreCurve(int k, int threshold, int area = 0) => _precision.Scores(area, k, threshold);

    /// <summary>Index of the IoU threshold nearest to a value.</summary>
    internal int ThresholdNear(double value)
        => Enumerable.Range(0, Options.IoUThresholds.Count).MinBy(t => Math.Abs(Options.IoUThresholds[t] - value));

    /// <summary>AP (metric 0), AP50 (1) or AP75 (2) of a class; NaN without truth, or when the threshold is none of the options.</summary>
    internal double Metric(int k, int metric, int area)
    {
        if (metric == 0) return CocoFigures.Mean(Enumerable.Range(0, Options.IoUThresholds.Count).Select(t => AveragePrecision(k, t, area)));
        var t = EvaluationIntervals.ThresholdOf(Options, metric);
        return t < 0 ? double.NaN : AveragePrecision(k, t, area);
    }

    /// <summary>Whether a truth of <see cref="Truths"/> is an object that counts in an area range.</summary>
    internal bool Counts(int i, int area) => Truths.Kinds[i] == TruthKind.Object && ((Slicing.Truths[Truths.Boxes[i]] >> area) & 1) != 0;

    /// <summary>Images in the order of their ids, as pycocotools walks them: it decides between equal scores of two images.</summary>
    private static int[] OrderOf(ImageTable images)
    {
        var order = Enumerable.Range(0, images.Count).ToArray();
        var rising = true;
        for (var image = 1; image < order.Length && rising; image++)
            rising = images.TextId(image) is null && images.TextId(image - 1) is null && images.Id(image - 1) <= images.Id(image);
        if (rising) return order;
        return [.. order.OrderBy(image => images.TextId(image) is not null).ThenBy(image => images.TextId(image) is null ? images.Id(image) : 0).ThenBy(images.TextId, StringComparer.Ordinal)];
    }

    private int ImagesWith(int k)
    {
        var (images, last) = (0, -1);
        for (var i = Truths.First[k]; i < Truths.First[k + 1]; i++)
        {
            if (Truths.Kinds[i] != TruthKind.Object || Truths.Images[i] == last) continue;
            last = Truths.Images[i];
            images++;
        }

        return images;
    }

    private CocoFigures Figures(int[] classes)
    {
        var thresholds = Enumerable.Range(0, Options.IoUThresholds.Count).ToArray();
        var areas = Enumerable.Range(0, Options.AreaRanges.Count);
        var limits = Options.DetectionLimits.Count;
        return new(Options)
        {
            APByIoU = [.. thresholds.Select(t => CocoFigures.Mean(classes.Select(k => AveragePrecision(k, t))))],
            APByArea = [.. areas.Select(a => CocoFigures.Mean(Cells((k, t) => AveragePrecision(k, t, a))))],
            ARByArea = [.. areas.Select(a => CocoFigures.Mean(Cells((k, t) => Recall(k, t, a, limits - 1))))],
            ARByLimit = [.. Enumerable.Range(0, limits).Select(m => CocoFigures.Mean(Cells((k, t) => Recall(k, t, 0, m))))],
        };

        IEnumerable<double> Cells(Func<int, int, double> figure) => classes.SelectMany(k => thresholds.Select(t => figure(k, t)));
    }
}
