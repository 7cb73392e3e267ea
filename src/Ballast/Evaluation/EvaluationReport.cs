namespace Ballast;

/// <summary>
/// The report of <c>ballast evaluate</c>: one self-contained page that says how good a detector is, how sure that is, and which imbalance costs how much, with the worst
/// false alarms and misses as pictures where the images are there.
/// </summary>
public static partial class EvaluationReport
{
    private const int FlawsShown = 5;
    private const int MostAdvice = 5;

    /// <summary>AP and its kin are written with three digits after the point, as everywhere in the field.</summary>
    internal const string Digits = "0.000";

    /// <summary>What share of the mean the worst class reaches.</summary>
    private static readonly Threshold WorstOverMean = new("AP of the worst class, over the mean", 0.8, 0.5);

    /// <summary>AP that an imbalance costs.</summary>
    private static readonly Threshold ImbalanceCost = new("AP that an imbalance costs", 0.02, 0.05);

    /// <summary>How much accuracy says over balanced accuracy.</summary>
    private static readonly Threshold AccuracyGap = new("accuracy over balanced accuracy", 0.1, 0.2);

    /// <summary>Expected calibration error.</summary>
    private static readonly Threshold CalibrationError = new("expected calibration error", 0.05, 0.15);

    private static readonly string[] Numbered = ["accuracy", "errors", "examples", "confusion", "notes"];

    /// <summary>Writes the report: whole, or not at all.</summary>
    /// <param name="summary">What to report.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public static void Save(EvaluationSummary summary, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var findings = Findings(summary);
        cancellation.ThrowIfCancellationRequested();
        ReportPage.Write(ToReport(summary, findings, ReportCrops.Make(summary.Truth, findings, cancellation)), path);
    }

    /// <summary>Everything the page shows.</summary>
    internal static ReportData ToReport(EvaluationSummary summary, IReadOnlyList<Finding> findings, ReportCrops crops) => new()
    {
        Title = summary.Truth.Name,
        Kind = "evaluation",
        Summary = double.IsNaN(summary.Evaluation.Overall.AP) ? summary.Verdict : $"{findings[0].Headline}. {summary.Verdict}",
        Datasets = [Head(summary.Truth, summary.Detections.Flaws)],
        Findings = findings,
        Tiles = [.. findings.Where(finding => finding.Family != "data").Select(finding => finding.Id)],
        Unjudged = Numbered,
        First = [.. findings.SelectMany(finding => finding.Remedies.Select(advice => new RankedAdvice(finding.Id, advice))).OrderByDescending(ranked => ranked.Advice.Gain).DistinctBy(ranked => ranked.Advice.Command).Take(MostAdvice)],
        Crops = crops.Crops,
        Method = crops.Note is { } note ? [.. Method(summary), note] : Method(summary),
    };

    /// <summary>The sections of the page, in order.</summary>
    internal static IReadOnlyList<Finding> Findings(EvaluationSummary summary)
    {
        List<Finding> findings =
        [
            Accuracy(summary), Classes(summary), Costs(summary), Errors(summary), WorstDetections.Of(summary), Paradox(summary), Confusion(summary), Calibration(summary),
        ];
        if (summary.Notes.Count > 0) findings.Add(Notes(summary));
        return findings;
    }

    /// <summary>The truth in the head of the page; flaws of detections stand beside its own.</summary>
    /// <param name="truth">The data set.</param>
    /// <param name="detections">Flaws of what was measured on it.</param>
    internal static ReportDataset Head(DetectionDataset truth, params FlawList[] detections)
    {
        var (boxes, images, last) = (new long[truth.Classes.Count], new long[truth.Classes.Count], new int[truth.Classes.Count]);
        var ignored = 0L;
        for (var image = 0; image < truth.Images.Count; image++)
        {
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var k = truth.Boxes.Class(box);
                if (truth.Boxes.IsIgnored(box)) ignored++;
                if (k < 0 || truth.Boxes.IsIgnored(box)) continue;
                boxes[k]++;
                if (last[k] != image + 1) images[k]++;
                last[k] = image + 1;
            }
        }

        return new(
            truth.Name,
            truth.Source.Path,
            AnnotationFormat.All.FirstOrDefault(format => format.Name == truth.Source.Format)?.Title ?? truth.Source.Format,
            truth.Images.Count,
            truth.Boxes.Count - ignored,
            ignored,
            [.. Enumerable.Range(0, boxes.Length).Select(k => new ReportClass(truth.Classes[k], boxes[k], images[k]))],
            [],
            [.. new[] { truth.Flaws }.Concat(detections).SelectMany(Flaws)]);
    }

    private static IEnumerable<ReportFlaw> Flaws(FlawList flaws) => flaws.ByCode.Select(flaw => new ReportFlaw(
        flaw.Code.Code,
        flaw.Code.Severity.ToString().ToLowerInvariant(),
        flaw.Count,
        flaw.Code.Meaning,
        [.. flaws.Listed.Where(each => each.Code == flaw.Code).Take(FlawsShown).Select(each => each.ToString())]));

    private static Finding Notes(EvaluationSummary summary) => new()
    {
        Id = "notes",
        Family = "data",
        Subject = "pycocotools",
        Verdict = Verdict.CannotTell,
        Headline = "pycocotools would print other numbers on these files, or none",
        Meaning = "Everywhere else the figures equal those of pycocotools 2.0.11 to the last digits.",
        Tables = [new("where and why", ["note"], [.. summary.Notes.Select(note => new[] { note })])],
    };

    private static List<Fact> Method(EvaluationSummary summary)
    {
        var (options, evaluation) = (summary.Options.Evaluation, summary.Evaluation);
        List<Fact> facts =
        [
            new("Ballast", typeof(EvaluationReport).Assembly.GetName().Version?.ToString(3) ?? ""),
            new("truth", $"{summary.Truth.Source.Path}: {Phrases.Count(summary.Truth.Images.Count, "image", "images")}, {Phrases.Count(evaluation.Classes.Sum(c => c.Objects), "object", "objects")} that count"),
            new("detections", $"{summary.Detections.Count:N0}" + (summary.Mapping.Length > 0 ? $". {summary.Mapping}" : "")),
            .. Measuring(options),
            new("intervals", summary.Intervals is null ? "none: no images were drawn again" : $"95 %, Poisson bootstrap over images (or their groups), {summary.Options.Replicates:N0} replicates, seed {summary.Options.Seed}; wider under {FigureInterval.UsualImages} images or {FigureInterval.UsualObjects} objects"),
            new("frequency", summary.Groups.Rule),
            new("levels", $"those of {summary.Options.Profile.Name} at input side {summary.Options.Profile.Input}"),
            new("optimal LRP", $"least over all score thresholds, hits from IoU {summary.Lrp.Tau:0.##}"),
        ];
        facts.AddRange(new[] { WorstOverMean, ImbalanceCost, AccuracyGap, CalibrationError }.Select(threshold => new Fact("threshold", threshold.ToString())));
        return facts;
    }

    /// <summary>How detections are measured, for "how this was measured".</summary>
    internal static IEnumerable<Fact> Measuring(EvaluationOptions options) =>
    [
        new("IoU", string.Join(", ", options.IoUThresholds.Select(threshold => threshold.ToString("0.##")))),
        new("sizes", string.Join("; ", options.AreaRanges.Select(Written)) + (options.AreaInput is { } input ? $", after the resize to {input}" : ", in the image's own pixels")),
        new("limit", $"{options.DetectionLimits[^1]} detections an image and class"),
    ];

    private static string Written(AreaRange range)
    {
        const double Endless = 1e10;
        return range.High >= Endless ? range.Low > 0 ? $"{range.Name} from {range.Low:N0} px²" : range.Name : $"{range.Name} {range.Low:N0} to {range.High:N0} px²";
    }

    /// <summary>A figure as it is written everywhere: "0.542".</summary>
    internal static string Written(double figure) => double.IsNaN(figure) ? "undefined" : figure.ToString(Digits);

    /// <summary>" (95 %: 0.521 to 0.560)"; empty without an interval.</summary>
    internal static string Range(double low, double high) => double.IsNaN(low) || double.IsNaN(high) ? "" : $" (95 %: {Written(low)} to {Written(high)})";

    private static string Range(FigureInterval? interval) => interval is null ? "" : Range(interval.Low, interval.High);

    /// <summary>A bound as JSON has it: null where there is none.</summary>
    internal static double? Bound(double? bound) => bound is { } value && double.IsFinite(value) ? value : null;
}
