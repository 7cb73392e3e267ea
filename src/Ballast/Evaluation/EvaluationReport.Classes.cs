namespace Ballast;

public static partial class EvaluationReport
{
    /// <summary>Classes under which ranks say nothing.</summary>
    private const int FewestRanked = 5;

    private static Finding Classes(EvaluationSummary summary)
    {
        var present = Present(summary);
        var judged = JudgeWorst(summary, present);
        return new()
        {
            Id = "classes",
            Family = "accuracy",
            Subject = "class by class",
            Verdict = judged.Verdict,
            Headline = ClassHeadline(present) + (present.Length > 1 ? judged.Doubt(present[0].Objects, "objects") : ""),
            Meaning = present.Length < 2
                ? "One class has nothing to be held against."
                : $"The mean counts every class the same and hides which of them fail. {summary.Groups.Rule}",
            Deciding = present.Length > 1 ? "worstOverMean" : null,
            Measures = ClassMeasures(summary, present),
            Figures = present.Length == 0 ? [] : [ClassBars(summary, present), .. present.Length > 2 ? [AgainstBoxes(summary, present)] : Array.Empty<Figure>()],
            Tables = [ClassTable(summary, present), LrpTable(summary, present)],
        };
    }

    private static Judgement JudgeWorst(EvaluationSummary summary, ClassEvaluation[] present)
    {
        var mean = summary.Evaluation.Overall.AP;
        if (present.Length < 2 || !(mean > 0)) return WorstOverMean.Judge(new(double.NaN, double.NaN, double.NaN));
        var interval = summary.Intervals?.Classes[present[0].Index];
        if (interval?.AP.Method == IntervalMethod.CannotTell) return WorstOverMean.Judge(new(double.NaN, double.NaN, double.NaN));
        return WorstOverMean.Judge(new(present[0].Figures.AP / mean, (interval?.AP.Low ?? double.NaN) / mean, (interval?.AP.High ?? double.NaN) / mean));
    }

    private static string ClassHeadline(ClassEvaluation[] present)
    {
        if (present.Length == 0) return "No class has an object to be found";
        var (worst, best) = (present[0], present[^1]);
        if (present.Length == 1) return $"{worst.Name} is the only class with objects, and has AP {Written(worst.Figures.AP)}";
        var rarest = present.Min(c => c.Objects) == worst.Objects && present.Count(c => c.Objects == worst.Objects) == 1;
        return $"AP falls from {Written(best.Figures.AP)} for {best.Name} to {Written(worst.Figures.AP)} for {worst.Name}, " + (rarest ? $"the rarest class with {Phrases.Count(worst.Objects, "object", "objects")}" : $"which has {Phrases.Count(worst.Objects, "object", "objects")}");
    }

    private static List<Measure> ClassMeasures(EvaluationSummary summary, ClassEvaluation[] present)
    {
        var lrp = summary.Lrp.Overall;
        List<Measure> measures = [];
        if (present.Length > 1)
            measures.Add(new("worstOverMean", present[0].Figures.AP / summary.Evaluation.Overall.AP, null, null, "AP of the worst class over the mean; 1 when all classes are found equally well") { Label = "worst class to mean" });
        if (present.Length >= FewestRanked)
            measures.Add(new("rankCorrelation", RankCorrelation([.. present.Select(c => (double)c.Objects)], [.. present.Select(c => c.Figures.AP)]), null, null, "Spearman's correlation of AP with the number of objects, -1 to 1; above 0 the frequent classes are found better") { Label = "AP against objects" });
        measures.Add(new("lrp", lrp.Error, null, null, "optimal LRP error, mean over classes, 0 to 1, lower is better: false alarms, misses and loose boxes at the best threshold") { Label = "optimal LRP", Unit = Digits });
        measures.Add(new("lrpLocalization", lrp.Localization, null, null, "mean of 1 - IoU over the hits") { Label = "loose boxes", Unit = Digits });
        measures.Add(new("lrpFalseAlarms", lrp.FalseAlarms, null, null, "share of the detections that are no hit") { Label = "false alarms", Unit = "%" });
        measures.Add(new("lrpMisses", lrp.Misses, null, null, "share of the objects that are not found") { Label = "misses", Unit = "%" });
        return measures;
    }

    private static BarFigure ClassBars(EvaluationSummary summary, ClassEvaluation[] present) => new()
    {
        Title = present.Length > 1 ? $"{present[0].Name} has the lowest AP of {present.Length} classes" : $"AP of {present[0].Name}",
        XLabel = "AP, with its 95 % interval",
        YLabel = "class",
        Unit = Digits,
        Categories = [.. present.Select(c => c.Name)],
        Series =
        [
            new("AP", [.. present.Select(c => c.Figures.AP)])
            {
                Low = summary.Intervals is { } lows ? [.. present.Select(c => lows.Classes[c.Index].AP.Low)] : null,
                High = summary.Intervals is { } highs ? [.. present.Select(c => highs.Classes[c.Index].AP.High)] : null,
            },
        ],
    };

    private static PointFigure AgainstBoxes(EvaluationSummary summary, ClassEvaluation[] present)
    {
        const double FarApart = 10;
        var bars = ClassBars(summary, present);
        return new()
        {
            Title = "AP against the number of objects: a class far below its neighbours fails for another reason than rarity",
            XLabel = "objects of the class",
            YLabel = "AP",
            Unit = Digits,
            Names = bars.Categories,
            X = [.. present.Select(c => (double)c.Objects)],
            Series = bars.Series[0],
            LogX = present.Max(c => c.Objects) > FarApart * present.Min(c => c.Objects),
        };
    }

    private static Table ClassTable(EvaluationSummary summary, ClassEvaluation[] present) => new(
        "Classes in numbers",
        ["class", "group", "objects", "images", "AP", "95 %", "known to", "AP50", "AP75", "AR"],
        [.. present.Select(c => (IReadOnlyList<string>)
        [
            c.Name, summary.Groups.Of[c.Index]?.ToString().ToLowerInvariant() ?? "", c.Objects.ToString("N0"), c.Images.ToString("N0"), Written(c.Figures.AP),
            .. Known(summary.Intervals?.Classes[c.Index].AP), Cell(c.Figures.AP50), Cell(c.Figures.AP75), Cell(c.Figures.ARByLimit[^1]),
        ])]);

    /// <summary>The interval, and how far the figure is known: what difference can be resolved.</summary>
    private static string[] Known(FigureInterval? interval) => interval switch
    {
        null => ["", ""],
        { Method: IntervalMethod.CannotTell } => ["cannot tell", ""],
        _ => [$"{Written(interval.Low)}\u00a0to\u00a0{Written(interval.High)}", $"±{Written(interval.HalfWidth)}"],
    };

    private static Table LrpTable(EvaluationSummary summary, ClassEvaluation[] present) => new(
        "Optimal LRP and the threshold that reaches it",
        ["class", "optimal LRP", "loose boxes", "false alarms", "misses", "best threshold"],
        [.. present.Select(c => summary.Lrp.Classes[c.Index] is var error
            ? (IReadOnlyList<string>)[c.Name, Cell(error.Error), Cell(error.Localization), Share(error.FalseAlarms), Share(error.Misses), Cell(error.Threshold)]
            : [])]);

    private static string Cell(double figure) => double.IsNaN(figure) ? "–" : figure.ToString(Digits);

    private static string Share(double share) => double.IsNaN(share) ? "–" : Phrases.Percent(share);

    /// <summary>Spearman's correlation of two rows, ties sharing their mean rank.</summary>
    private static double RankCorrelation(double[] a, double[] b)
    {
        var (x, y) = (Ranks(a), Ranks(b));
        var mean = (a.Length + 1) / 2.0;
        var (covariance, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            covariance += (x[i] - mean) * (y[i] - mean);
            first += (x[i] - mean) * (x[i] - mean);
            second += (y[i] - mean) * (y[i] - mean);
        }

        return covariance / Math.Sqrt(first * second);
    }

    private static double[] Ranks(double[] values) => Array.ConvertAll(values, value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0));
}
