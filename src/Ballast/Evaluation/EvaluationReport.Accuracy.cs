namespace Ballast;

public static partial class EvaluationReport
{
    private const int WorstDrawn = 4;

    private static readonly string[] FigureMeanings =
    [
        "mean over IoU 0.50 to 0.95 and over the classes: the usual figure", "at IoU 0.50", "at IoU 0.75: boxes have to fit tightly",
        "of objects under 32 x 32 px", "of objects from 32 x 32 to 96 x 96 px", "of objects from 96 x 96 px",
        "average recall with one detection an image and class", "average recall with 10 detections", "average recall with 100 detections",
        "average recall of objects under 32 x 32 px", "average recall of objects from 32 x 32 to 96 x 96 px", "average recall of objects from 96 x 96 px",
    ];

    private static Finding Accuracy(EvaluationSummary summary)
    {
        var (overall, intervals) = (summary.Evaluation.Overall, summary.Intervals?.Overall);
        return new()
        {
            Id = "accuracy",
            Family = "accuracy",
            Subject = "all classes",
            Verdict = Verdict.CannotTell,
            Headline = double.IsNaN(overall.AP)
                ? "AP is undefined: there is no truth to measure against"
                : $"AP is {Written(overall.AP)}{Range(intervals?.AP)}" + (double.IsNaN(overall.AP50) ? "" : $"; at IoU 0.50 it is {Written(overall.AP50)}"),
            Meaning = Resolution(intervals?.AP),
            Deciding = "AP",
            Measures = [.. overall.Summary.Select((figure, i) => Figure(figure.Name, figure.Value, IntervalOf(intervals, figure.Name), FigureMeanings[i])), .. Balanced(summary)],
            Figures = Present(summary).Length == 0 ? [] : [PrecisionRecall(summary), ByIoU(summary)],
        };
    }

    /// <summary>What difference this truth can resolve, in one sentence.</summary>
    private static string Resolution(FigureInterval? interval) => interval switch
    {
        null => "How sure this is is not known: no images were drawn again.",
        { Method: IntervalMethod.CannotTell } => $"How sure this is cannot be told: {Phrases.Count(interval.Objects, "object", "objects")} on {Phrases.Count(interval.Images, "image", "images")} are too few.",
        _ => $"{Phrases.Count(interval.Objects, "object", "objects")} on {Phrases.Count(interval.Images, "image", "images")} give AP to within {Written(interval.HalfWidth)}: a figure measured elsewhere that is nearer than that is no other figure. "
            + "Two detectors on the same images are told apart sooner: that is what ballast compare does.",
    };

    private static Measure Figure(string name, double value, FigureInterval? interval, string meaning) => new(name, value, Bound(interval?.Low), Bound(interval?.High), meaning) { Label = name, Unit = Digits };

    private static FigureInterval? IntervalOf(PrecisionIntervals? intervals, string name) => name switch
    {
        "AP" => intervals?.AP,
        "AP50" => intervals?.AP50,
        "AP75" => intervals?.AP75,
        _ => null,
    };

    private static IEnumerable<Measure> Balanced(EvaluationSummary summary)
    {
        var balance = summary.Balance;
        yield return new("objectWeighted", balance.ObjectWeighted, null, null, "AP with each class by its number of objects: what the frequent classes make of it") { Label = "AP, by objects", Unit = Digits };
        yield return new("groupBalanced", balance.GroupBalanced, null, null, "mean of rare, common and frequent classes, each group counting the same") { Label = "AP, by frequency group", Unit = Digits };
        yield return new("worst", balance.Worst, null, null, balance.WorstClass < 0 ? "AP of the worst class" : $"AP of the worst class, {summary.Truth.Classes[balance.WorstClass]}") { Label = "AP, worst class", Unit = Digits };
        yield return new("worstTenth", balance.WorstTenth, null, null, "mean AP of the worst tenth of the classes, at least one") { Label = "AP, worst tenth", Unit = Digits };
    }

    private static CurveFigure PrecisionRecall(EvaluationSummary summary)
    {
        var (evaluation, present) = (summary.Evaluation, Present(summary));
        var threshold = evaluation.ThresholdNear(0.5);
        var worst = present.Take(present.Length > 1 ? WorstDrawn : 1).ToArray();
        var mean = new double[PrecisionTable.RecallPoints];
        foreach (var each in present)
        {
            var curve = evaluation.PrecisionCurve(each.Index, threshold);
            for (var r = 0; r < mean.Length; r++) mean[r] += curve[r] / present.Length;
        }

        return new()
        {
            Title = $"Precision and recall at IoU {evaluation.Options.IoUThresholds[threshold]:0.00}: " + (present.Length > 1 ? $"{worst[0].Name} is the worst class" : worst[0].Name),
            XLabel = "recall: share of the objects found",
            YLabel = "precision: share of hits",
            Unit = Digits,
            X = [.. Enumerable.Range(0, mean.Length).Select(r => r / 100.0)],
            Series =
            [
                .. present.Length > 1 ? [new Series($"mean of {present.Length} classes", mean)] : Array.Empty<Series>(),
                .. worst.Select(each => new Series(each.Name, UntilReached(evaluation.PrecisionCurve(each.Index, threshold)))),
            ],
        };
    }

    /// <summary>A curve up to the recall it reaches: one zero marks its end.</summary>
    private static double[] UntilReached(ReadOnlySpan<double> precisions)
    {
        var curve = precisions.ToArray();
        var end = Array.FindLastIndex(curve, precision => precision > 0) + 1;
        for (var r = end + 1; r < curve.Length; r++) curve[r] = double.NaN;
        return curve;
    }

    private static CurveFigure ByIoU(EvaluationSummary summary)
    {
        var (evaluation, present) = (summary.Evaluation, Present(summary));
        return new()
        {
            Title = "AP falls as boxes have to fit more tightly",
            XLabel = "IoU a hit needs",
            YLabel = "AP",
            Unit = Digits,
            X = [.. evaluation.Options.IoUThresholds],
            Series =
            [
                .. present.Length > 1 ? [new Series($"mean of {present.Length} classes", [.. evaluation.Overall.APByIoU])] : Array.Empty<Series>(),
                .. present.Take(present.Length > 1 ? WorstDrawn : 1).Select(each => new Series(each.Name, [.. each.Figures.APByIoU])),
            ],
        };
    }

    /// <summary>The classes with objects, worst first.</summary>
    private static ClassEvaluation[] Present(EvaluationSummary summary) => [.. summary.Evaluation.Classes.Where(c => c.Objects > 0).OrderBy(c => c.Figures.AP).ThenBy(c => c.Objects)];
}
