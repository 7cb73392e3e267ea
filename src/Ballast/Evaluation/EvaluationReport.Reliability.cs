namespace Ballast;

public static partial class EvaluationReport
{
    private const int MostParadoxes = 12;
    private const int MostConfused = 24;

    private static Finding Paradox(EvaluationSummary summary)
    {
        var paradox = summary.Paradox;
        var gap = paradox.Accuracy - paradox.Balanced;
        var shown = paradox.Classes.Where(c => !double.IsNaN(c.Balanced)).OrderByDescending(c => c.Accuracy - c.Balanced).Take(MostParadoxes).ToArray();
        return new()
        {
            Id = "paradox",
            Family = "reliability",
            Subject = "accuracy paradox",
            Verdict = AccuracyGap.Judge(new(gap, double.NaN, double.NaN)).Verdict,
            Headline = summary.ParadoxSentence?.TrimEnd('.') ?? "No class occurs, so there is no accuracy to speak of",
            Meaning = "Where a class is in few images, saying \"not here\" every time is right nearly always; only balanced accuracy tells a detector from that. An image is said to hold a class when a detection reaches the class's own best threshold.",
            Deciding = shown.Length > 0 ? "accuracyOverBalanced" : null,
            Measures =
            [
                new("accuracyOverBalanced", gap, null, null, "how much accuracy says over balanced accuracy, mean over classes") { Label = "accuracy over balanced", Unit = "%" },
                new("accuracy", paradox.Accuracy, null, null, "answers to \"is the class in the image\" that are right") { Unit = "%" },
                new("balancedAccuracy", paradox.Balanced, null, null, "mean of the right answers among images with and without the class; 50 % is blind") { Label = "balanced accuracy", Unit = "%" },
                new("blindAccuracy", paradox.Blind, null, null, "accuracy of a model that always gives the more frequent answer") { Label = "accuracy of a blind model", Unit = "%" },
            ],
            Figures = shown.Length == 0 ? [] :
            [
                new BarFigure
                {
                    Title = $"Accuracy beside what a blind model reaches" + (shown.Length < paradox.Classes.Count ? $": the {shown.Length} classes that deceive most" : ""),
                    XLabel = "images answered rightly",
                    YLabel = "class",
                    Percent = true,
                    Categories = [.. shown.Select(c => summary.Truth.Classes[c.Index])],
                    Series = [new("accuracy", [.. shown.Select(c => c.Accuracy)]), new("blind model", [.. shown.Select(c => c.Blind)]), new("balanced accuracy", [.. shown.Select(c => c.Balanced)])],
                },
            ],
        };
    }

    private static Finding Confusion(EvaluationSummary summary)
    {
        var (matrix, names) = (summary.Confusion, summary.Truth.Classes);
        var confused = matrix.Confused(10);
        var shown = ConfusedClasses(matrix);
        var (misses, alarms) = (Enumerable.Range(0, matrix.Classes).Sum(k => matrix[k, matrix.Classes]), Enumerable.Range(0, matrix.Classes).Sum(k => matrix[matrix.Classes, k]));
        int[] shownAndBackground = [.. shown, matrix.Classes];
        return new()
        {
            Id = "confusion",
            Family = "reliability",
            Subject = "confusions",
            Verdict = Verdict.CannotTell,
            Headline = confused.Count == 0
                ? $"No class is taken for another; {Phrases.Count(misses, "object is", "objects are")} missed, {Phrases.Count(alarms, "detection", "detections")} of nothing"
                : $"{names[confused[0].Truth]} is taken for {names[confused[0].Detected]} most often: {Phrases.Count(confused[0].Count, "time", "times")}, of {Phrases.Count(Row(matrix, confused[0].Truth), "object", "objects")}",
            Meaning = "Each class is cut at its own best threshold (optimal LRP); an object is taken for the class of the detection that fits it best, from IoU 0.50.",
            Measures =
            [
                new("confusions", Enumerable.Range(0, matrix.Classes).Sum(k => Enumerable.Range(0, matrix.Classes).Sum(j => k == j ? 0 : matrix[k, j])), null, null, "objects found as another class"),
                new("misses", misses, null, null, "objects found as nothing"),
                new("falseAlarms", alarms, null, null, "detections that are no object") { Label = "false alarms" },
            ],
            Figures = shown.Length == 0 ? [] :
            [
                new HeatFigure
                {
                    Title = "What objects of each class are taken for" + (shown.Length < matrix.Classes ? $": the {shown.Length} classes with the most confusions" : "") + "; the last row: what detections of nothing are called",
                    XLabel = "detected as",
                    YLabel = "truth",
                    Percent = true,
                    Columns = [.. shown.Select(k => names[k]), "missed"],
                    Rows = [.. shown.Select(k => names[k]), "nothing there"],
                    Values = [.. shownAndBackground.Select(truth => Shares(matrix, truth, shownAndBackground))],
                },
            ],
            Tables = confused.Count == 0 ? [] : [new("Most frequent confusions", ["truth", "detected as", "times", "share of the class"], [.. confused.Select(pair => (IReadOnlyList<string>)
                [names[pair.Truth], names[pair.Detected], pair.Count.ToString("N0"), Share((double)pair.Count / Row(matrix, pair.Truth))])])],
        };
    }

    /// <summary>The classes with the most confusions, in the truth's order; all where they fit.</summary>
    private static int[] ConfusedClasses(ConfusionMatrix matrix)
    {
        var counted = Enumerable.Range(0, matrix.Classes).Where(k => Row(matrix, k) > 0 || matrix[matrix.Classes, k] > 0);
        return [.. counted.OrderByDescending(k => Enumerable.Range(0, matrix.Classes).Sum(j => j == k ? 0 : matrix[k, j] + matrix[j, k])).Take(MostConfused).Order()];
    }

    private static int Row(ConfusionMatrix matrix, int truth) => Enumerable.Range(0, matrix.Classes + 1).Sum(detected => matrix[truth, detected]);

    private static double[] Shares(ConfusionMatrix matrix, int truth, int[] shown)
    {
        double all = Row(matrix, truth);
        return Array.ConvertAll(shown, detected => truth == matrix.Classes && detected == matrix.Classes ? double.NaN : matrix[truth, detected] / all);
    }

    private static Finding Calibration(EvaluationSummary summary)
    {
        var calibration = summary.Calibration;
        var bins = calibration.Bins.Where(bin => bin.Count > 0 && !double.IsNaN(bin.Precision)).ToArray();
        var over = bins.Sum(bin => bin.Count * (bin.Confidence - bin.Precision)) / Math.Max(1, bins.Sum(bin => bin.Count));
        return new()
        {
            Id = "calibration",
            Family = "reliability",
            Subject = "scores",
            Verdict = CalibrationError.Judge(new(calibration.Error, double.NaN, double.NaN)).Verdict,
            Headline = bins.Length == 0
                ? summary.Detections.Count == 0 ? "There are no detections whose scores could be judged" : "Scores outside 0 to 1 are no probabilities, so there is no calibration"
                : $"Scores are {Phrases.Percent(calibration.Error)} off the share of hits, and {(over > 0 ? "mostly promise too much" : "mostly promise too little")}",
            Meaning = "Of the detections with a score about 0.7, 70 % should be hits (IoU 0.50). Order decides AP, but a threshold chosen by score relies on this.",
            Deciding = bins.Length == 0 ? null : "calibrationError",
            Measures =
            [
                new("calibrationError", calibration.Error, null, null, "expected calibration error: mean distance of score and share of hits, over ten ranges of scores, by detections") { Label = "calibration error", Unit = "%" },
                new("classCalibrationError", calibration.ClassMean, null, null, "mean of the classes' own errors, so that rare classes count as much") { Label = "mean over classes", Unit = "%" },
            ],
            Figures = bins.Length == 0 ? [] : [Reliability(bins)],
            Tables = [new("Ranges of scores", ["score", "detections", "mean score", "hits"], [.. bins.Select(bin => (IReadOnlyList<string>)
                [$"{bin.Low:0.0} to {bin.High:0.0}", bin.Count.ToString("N0"), bin.Confidence.ToString(Digits), Share(bin.Precision)])])],
        };
    }

    private static CurveFigure Reliability(CalibrationBin[] bins) => new()
    {
        Title = "Share of hits against the score, beside what the score promises",
        XLabel = "mean score of a range",
        YLabel = "share of hits",
        Percent = true,
        X = [],
        Series =
        [
            new("hits", [.. bins.Select(bin => bin.Precision)]) { X = [.. bins.Select(bin => bin.Confidence)] },
            new("promised", [0, 1]) { X = [0, 1] },
        ],
    };
}
