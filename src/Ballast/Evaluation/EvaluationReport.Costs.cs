namespace Ballast;

public static partial class EvaluationReport
{
    private const double LargerInput = 1.5;
    private const int LargestSide = 16384;
    private const double CostDrawn = 0.0005;

    private static Finding Costs(EvaluationSummary summary)
    {
        var axes = summary.Slices.Axes.Where(axis => !double.IsNaN(axis.Cost)).ToArray();
        var costs = summary.Costs;
        var dearest = costs.Count > 0 ? costs[0] : axes.FirstOrDefault();
        var found = summary.Evaluation.Overall.AP > 0;
        var judged = found && dearest is not null && dearest.Interval is not { Low: double.NaN }
            ? ImbalanceCost.Judge(new(dearest.Cost, dearest.Interval?.Low ?? double.NaN, dearest.Interval?.High ?? double.NaN))
            : ImbalanceCost.Judge(new(double.NaN, double.NaN, double.NaN));
        return new()
        {
            Id = "costs",
            Family = "imbalance",
            Subject = "what it costs",
            Verdict = judged.Verdict,
            Headline = summary.Verdict.TrimEnd('.'),
            Meaning = "A cost is the AP that would be won if every slice of the objects were found as well as the slice with the most; small objects can be rare as well, so costs overlap and do not add up.",
            Deciding = dearest is null ? null : NameOf(dearest.By),
            Measures = [.. axes.Select(axis => new Measure(NameOf(axis.By), axis.Cost, Bound(axis.Interval?.Low), Bound(axis.Interval?.High), $"AP that {EvaluationSummary.NameInWords(axis.By)} costs") { Label = EvaluationSummary.NameInWords(axis.By), Unit = Digits })],
            Figures = found ? [CostDots(axes), .. axes.Where(axis => axis.Slices.Count(slice => slice.Objects > 0) > 1).Select(AlongAxis)] : [],
            Tables = [SliceTable(axes)],
            Remedies = [.. costs.Where(axis => axis.Cost >= CostDrawn && axis.Interval is null or { IsReal: true }).SelectMany(axis => Treat(summary, axis))],
        };
    }

    private static string NameOf(EvaluationAxis axis) => $"cost{axis}";

    private static DotFigure CostDots(SlicedFigures[] axes)
    {
        var sorted = axes.OrderByDescending(axis => axis.Cost).ToArray();
        return new()
        {
            Title = "Which imbalance costs AP",
            XLabel = "AP it costs, with its 95 % interval",
            YLabel = "imbalance",
            Unit = Digits,
            Categories = [.. sorted.Select(axis => EvaluationSummary.NameInWords(axis.By))],
            Series = new("AP", [.. sorted.Select(axis => axis.Cost)])
            {
                Low = sorted.Any(axis => axis.Interval is not null) ? [.. sorted.Select(axis => axis.Interval?.Low ?? double.NaN)] : null,
                High = sorted.Any(axis => axis.Interval is not null) ? [.. sorted.Select(axis => axis.Interval?.High ?? double.NaN)] : null,
            },
            Words = [.. sorted.Select(WordOf)],
            Told = [.. sorted.Select(axis => axis.Interval is { IsReal: true })],
        };
    }

    private static string WordOf(SlicedFigures axis) => axis switch
    {
        { Cost: 0 } => "no cost",
        { Interval: null } => "",
        { Interval.IsReal: true } => "beyond chance",
        { Interval.Low: double.NaN } => "cannot tell",
        _ => "may be chance",
    };

    private static BarFigure AlongAxis(SlicedFigures axis)
    {
        var slices = axis.Slices.Where(slice => slice.Objects > 0).ToArray();
        return new()
        {
            Title = $"By {EvaluationSummary.NameInWords(axis.By)}",
            Multiples = "AP slice by slice, on the same axis",
            XLabel = "AP; beside each slice its number of objects",
            YLabel = EvaluationSummary.NameInWords(axis.By),
            Unit = Digits,
            Categories = [.. slices.Select(slice => $"{slice.Name} · {slice.Objects:N0}")],
            Series = [new("AP", [.. slices.Select(slice => slice.AP)])],
        };
    }

    private static Table SliceTable(SlicedFigures[] axes) => new(
        "Slices in numbers",
        ["imbalance", "slice", "objects", "classes", "AP", "AP50", "share of the cost's weight", ""],
        [.. axes.SelectMany(axis => axis.Slices.Select((slice, i) => (axis, slice, i))).Where(each => each.slice.Objects > 0).Select(each => (IReadOnlyList<string>)
        [
            EvaluationSummary.NameInWords(each.axis.By), each.slice.Name, each.slice.Objects.ToString("N0"), each.slice.Classes.ToString("N0"), Cell(each.slice.AP), Cell(each.slice.AP50),
            each.axis.Shares.Count > each.i ? Share(each.axis.Shares[each.i]) : "–", each.i == each.axis.Reference ? "the others are held against it" : "",
        ])]);

    /// <summary>What this version can do about a cost.</summary>
    private static IEnumerable<Advice> Treat(EvaluationSummary summary, SlicedFigures axis)
    {
        var data = Shell.Quote((summary.Options.Training ?? summary.Truth).Source.Path);
        var (title, then, cost, command) = axis.By switch
        {
            EvaluationAxis.ClassFrequency => ("evener classes", "the diagnosis computes what sampling and weighing would do to them", "a minute: it reads annotations and trains nothing", $"ballast diagnose {data}"),
            EvaluationAxis.Size or EvaluationAxis.PyramidLevel => (
                "a larger input, or anchors that fit",
                "the diagnosis computes which objects then have an anchor",
                $"at {Larger(summary.Options.Profile.Input)} about {LargerInput * LargerInput:0.#} times the pixels to train on",
                $"ballast diagnose {data} --input-side {Shell.Quote(Larger(summary.Options.Profile.Input).ToString())}"),
            EvaluationAxis.Zone => ("shifts and flips", "the diagnosis computes how evenly places are then filled", "a minute: it reads annotations and trains nothing", $"ballast diagnose {data}"),
            _ => ("a look at the most crowded image", "boxes may be missing, or suppression may remove neighbours", "a minute", $"ballast show {Shell.Quote(summary.Truth.Source.Path)} --image {Shell.Quote(MostCrowded(summary.Truth))} -o crowded"),
        };
        yield return new()
        {
            Title = title,
            Effect = $"up to {Written(axis.Cost)} AP, were {EvaluationSummary.NameInWords(axis.By)} to make no difference; {then}",
            Computed = true,
            Gain = axis.Cost,
            Cost = cost,
            Command = command,
        };
    }

    private static InputSize Larger(InputSize input) => input with { Short = Math.Min(LargestSide, (int)(input.Short * LargerInput)), Long = Math.Min(LargestSide, (int)(input.Long * LargerInput)) };

    private static string MostCrowded(DetectionDataset truth) => truth.Images.File(Enumerable.Range(0, truth.Images.Count).MaxBy(truth.Boxes.CountOf));
}
