namespace Ballast;

public static partial class EvaluationReport
{
    private static Finding Errors(EvaluationSummary summary)
    {
        var errors = summary.Errors;
        var dearest = errors.Errors.MaxBy(error => error.Cost)!;
        var any = errors.Errors.Any(error => error.Count > 0);
        return new()
        {
            Id = "errors",
            Family = "errors",
            Subject = "where AP is lost",
            Verdict = Verdict.CannotTell,
            Headline = double.IsNaN(errors.AP) ? "Errors are undefined: there is no truth to measure against"
                : !any ? $"No detection is wrong and no object is missed: AP at IoU 0.50 is {Written(errors.AP)}"
                : dearest.Cost == 0 ? $"No kind of error costs AP at IoU 0.50, which is {Written(errors.AP)}"
                : $"{Capital(Plural(dearest.Kind))} cost most: without them AP at IoU 0.50 would be {Written(errors.AP + dearest.Cost)} instead of {Written(errors.AP)}",
            Meaning = "Each kind of error is mended alone and AP measured again (TIDE); costs of kinds overlap. The steps of the waterfall mend one kind after the other, so these add up.",
            Deciding = any ? NameOf(dearest.Kind) : null,
            Measures =
            [
                .. errors.Errors.Select(error => new Measure(NameOf(error.Kind), error.Cost, null, null, $"AP won by mending {Plural(error.Kind)}: {MeaningOf(error.Kind)}; {error.Count:N0} of them") { Label = Plural(error.Kind), Unit = Digits }),
                new("falseAlarmCost", errors.FalseAlarmCost, null, null, "AP won without any false alarm") { Label = "all false alarms", Unit = Digits },
                new("missCost", errors.MissCost, null, null, "AP won if only what was found had to be found") { Label = "all misses", Unit = Digits },
            ],
            Figures = any && !double.IsNaN(errors.AP)
                ? [Waterfall(errors), .. errors.Axes.Where(axis => axis.Slices.Count(HasErrors) > 1).Select(ByKind)]
                : [],
            Tables = [CountTable(errors)],
        };
    }

    private static string NameOf(ErrorKind kind) => $"{char.ToLowerInvariant(kind.ToString()[0])}{kind.ToString()[1..]}Cost";

    private static string Plural(ErrorKind kind) => kind switch
    {
        ErrorKind.Classification => "wrong classes",
        ErrorKind.Localization => "loose boxes",
        ErrorKind.Both => "wrong class and box",
        ErrorKind.Duplicate => "duplicates",
        ErrorKind.Background => "detections of nothing",
        _ => "misses",
    };

    private static string MeaningOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Classification => "the box fits an object of another class",
        ErrorKind.Localization => "the class is right, the box overlaps its object by IoU 0.1 to 0.5",
        ErrorKind.Both => "another class, and too little overlap",
        ErrorKind.Duplicate => "the object was found already, by a higher score",
        ErrorKind.Background => "the overlap with every object is under IoU 0.1",
        _ => "objects that no detection comes near",
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static bool HasErrors(SlicedErrors slice) => slice.Errors.Any(error => error.Count > 0);

    /// <summary>AP as it is, and what mending one kind after the other adds; the last step ends where everything is found.</summary>
    private static BarFigure Waterfall(ErrorBreakdown errors)
    {
        var reached = errors.AP;
        List<double> before = [errors.AP], won = [0];
        foreach (var error in errors.Errors)
        {
            // A step can lose a little, for mending moves detections onto objects that others then miss; the bar starts where it ends.
            before.Add(Math.Min(reached, reached + error.StepCost));
            won.Add(Math.Abs(error.StepCost));
            reached += error.StepCost;
        }

        return new()
        {
            Title = $"From AP {Written(errors.AP)} at IoU 0.50, mending one kind of error after the other",
            XLabel = "AP at IoU 0.50",
            YLabel = "mended",
            Unit = Digits,
            Stacked = true,
            Categories = ["nothing: as it is", .. errors.Errors.Select(error => $"{Plural(error.Kind)} ({error.Count:N0})")],
            Series = [new("reached before", before), new("won by mending", won)],
        };
    }

    /// <summary>What each kind costs, by the slices of one axis side by side.</summary>
    private static BarFigure ByKind(ErrorsByAxis axis)
    {
        var slices = axis.Slices.Where(HasErrors).ToArray();
        var kinds = Enum.GetValues<ErrorKind>().Where(kind => slices.Any(slice => slice.Errors[(int)kind].Count > 0)).ToArray();
        return new()
        {
            Title = $"By {EvaluationSummary.NameInWords(axis.By)}",
            Multiples = "What mending the errors of one slice alone would win",
            XLabel = "AP at IoU 0.50",
            YLabel = "kind of error",
            Unit = Digits,
            Stacked = true,
            Categories = [.. kinds.Select(Plural)],
            Series = [.. slices.Select(slice => new Series(slice.Name, [.. kinds.Select(kind => slice.Errors[(int)kind].Cost)]))],
        };
    }

    private static Table CountTable(ErrorBreakdown errors) => new(
        "Errors by slice: how many, and the AP that mending all of a slice would win",
        ["imbalance", "slice", .. Enum.GetValues<ErrorKind>().Select(Plural), "AP won"],
        [.. errors.Axes.SelectMany(axis => axis.Slices.Where(HasErrors).Select(slice => (IReadOnlyList<string>)
            [EvaluationSummary.NameInWords(axis.By), slice.Name, .. slice.Errors.Select(error => error.Count.ToString("N0")), Cell(slice.Cost)]))]);
}
