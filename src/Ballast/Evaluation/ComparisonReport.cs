namespace Ballast;

/// <summary>The report of <c>ballast compare</c>: one self-contained page that says which detectors differ, by how much, and what difference the truth can show at all.</summary>
public static class ComparisonReport
{
    private const string ClassPrefix = "AP of class '";

    /// <summary>Writes the report: whole, or not at all.</summary>
    /// <param name="summary">What to report.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public static void Save(ComparisonSummary summary, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var crops = ReportCrops.Make(summary.Truth, [], cancellation);
        ReportPage.Write(ToReport(summary, crops), path);
    }

    /// <summary>Everything the page shows.</summary>
    internal static ReportData ToReport(ComparisonSummary summary, ReportCrops crops)
    {
        var pairs = summary.Comparison.Pairs;
        List<Finding> findings = [.. pairs.Select((pair, i) => Pair(summary, pair, i))];
        if (pairs.Count > 1) findings.Insert(0, Overview(summary));
        return new()
        {
            Title = string.Join(" · ", summary.Detectors.Select(detector => detector.Name)),
            Kind = "comparison",
            Summary = pairs.Count == 1 ? summary.Verdict(pairs[0]) : Overall(summary),
            Datasets = [EvaluationReport.Head(summary.Truth, [.. summary.Detectors.SelectMany(detector => detector.Runs).Select(run => run.Flaws)])],
            Findings = findings,
            Tiles = [.. findings.Select(finding => finding.Id)],
            // A difference is better or worse, in words; only what cannot be told has a verdict of the page's own.
            Unjudged = [.. findings.Where((finding, i) => pairs.Count > 1 ? i == 0 || IsTold(pairs[i - 1].Primary) : IsTold(pairs[i].Primary)).Select(finding => finding.Id)],
            First = [],
            Crops = crops.Crops,
            Method = crops.Note is { } note ? [.. Method(summary), note] : Method(summary),
        };
    }

    private static Finding Pair(ComparisonSummary summary, ComparedPair pair, int index)
    {
        var (headline, resolvable) = Sentences(summary.Verdict(pair));
        var figures = pair.Others.Where(figure => !IsOfClass(figure)).ToArray();
        ComparedFigure[] classes = [.. pair.Others.Append(pair.Primary).Where(IsOfClass).OrderByDescending(figure => double.IsNaN(figure.Difference) ? double.NegativeInfinity : figure.Difference)];
        return new()
        {
            Id = $"pair-{index + 1}",
            Family = "comparison",
            Subject = $"{pair.Second} against {pair.First}",
            Verdict = Verdict.CannotTell,
            Headline = headline,
            Meaning = $"{resolvable} {pair.Primary.Endpoint} decides, for it was named beforehand; the other figures are corrected for their number (Holm). \"As trained\" is said of these runs on images such as these, whatever other seeds would give.",
            Deciding = "difference",
            Measures = Measures(pair),
            Figures =
            [
                Differences($"{pair.Second} against {pair.First}: {pair.Primary.Endpoint} decides", pair, [pair.Primary, .. figures], figure => figure.Endpoint),
                .. classes.Length > 1 ? [Differences("Class by class", pair, classes, ClassOf)] : Array.Empty<Figure>(),
            ],
            Tables =
            [
                FigureTable("Figures", pair, [pair.Primary, .. figures], figure => figure == pair.Primary ? $"{figure.Endpoint} (decides)" : figure.Endpoint),
                .. classes.Length > 0 ? [FigureTable("Classes", pair, classes, ClassOf)] : Array.Empty<Table>(),
            ],
        };
    }

    private static Finding Overview(ComparisonSummary summary)
    {
        var pairs = summary.Comparison.Pairs;
        return new()
        {
            Id = "overview",
            Family = "comparison",
            Subject = "all pairs",
            Verdict = Verdict.CannotTell,
            Headline = Overall(summary).TrimEnd('.'),
            Meaning = $"{summary.Comparison.Primary} decides between all pairs, corrected for their number (Holm); images are drawn alike for all detectors, since all were measured on them.",
            Figures = [Dots($"Differences in {summary.Comparison.Primary}", $"difference in {summary.Comparison.Primary}, with its 95 % interval", [.. pairs.Select(pair => $"{pair.Second} against {pair.First}")], [.. pairs.Select(pair => pair.Primary)])],
            Tables = [new("Pairs", ["second", "first", .. Columns("second", "first")[1..]], [.. pairs.Select(pair => (IReadOnlyList<string>)[pair.Second, pair.First, .. Cells(pair.Primary)])])],
        };
    }

    private static string Overall(ComparisonSummary summary)
    {
        var pairs = summary.Comparison.Pairs;
        var told = pairs.Where(pair => IsTold(pair.Primary)).ToArray();
        return told.Length == 0
            ? $"None of {pairs.Count} pairs can be told apart in {summary.Comparison.Primary}."
            : $"{told.Length} of {pairs.Count} pairs can be told apart in {summary.Comparison.Primary}: {Phrases.List([.. told.Select(pair => Said(pair))])}.";
    }

    private static string Said(ComparedPair pair)
    {
        var verdict = pair.Primary.BeyondTheseImages != ComparisonVerdict.CannotTell ? pair.Primary.BeyondTheseImages : pair.Primary.OnTheseImages;
        return verdict == ComparisonVerdict.Worse ? $"{pair.First} is better than {pair.Second}" : $"{pair.Second} is better than {pair.First}";
    }

    private static IReadOnlyList<Measure> Measures(ComparedPair pair)
    {
        var figure = pair.Primary;
        return
        [
            new("first", figure.First, null, null, $"{figure.Endpoint} of {pair.First}, mean over its runs") { Label = pair.First, Unit = EvaluationReport.Digits },
            new("second", figure.Second, null, null, $"{figure.Endpoint} of {pair.Second}, mean over its runs") { Label = pair.Second, Unit = EvaluationReport.Digits },
            new("difference", figure.Difference, EvaluationReport.Bound(figure.Low), EvaluationReport.Bound(figure.High), $"{pair.Second} less {pair.First}, in {figure.Endpoint}") { Label = $"difference in {figure.Endpoint}", Unit = EvaluationReport.Digits },
            new("p", figure.PValue, null, null, "chance of a difference this large if there were none, corrected for the number of pairs") { Label = "p", Unit = EvaluationReport.Digits },
            new("resolvable", figure.Resolvable, null, null, "the smallest difference this truth shows in four cases of five") { Label = "smallest difference to be seen", Unit = EvaluationReport.Digits },
        ];
    }

    private static DotFigure Differences(string title, ComparedPair pair, ComparedFigure[] figures, Func<ComparedFigure, string> name)
        => Dots(title, $"{pair.Second} less {pair.First}, with its 95 % interval; full where it can be told", [.. figures.Select(name)], figures);

    private static DotFigure Dots(string title, string label, string[] names, ComparedFigure[] figures) => new()
    {
        Title = title,
        XLabel = label,
        Unit = EvaluationReport.Digits,
        Categories = names,
        Series = new("difference", [.. figures.Select(figure => figure.Difference)]) { Low = [.. figures.Select(figure => figure.Low)], High = [.. figures.Select(figure => figure.High)] },
        Words = [.. figures.Select(WordOf)],
        // An interval over seeds may hold 0 where these runs, as trained, can be told apart: that is said in words and not drawn full.
        Told = [.. figures.Select(figure => IsTold(figure) && (figure.Low > 0 || figure.High < 0))],
    };

    private static string WordOf(ComparedFigure figure) => figure switch
    {
        { BeyondTheseImages: not ComparisonVerdict.CannotTell } => ComparisonSummary.Word(figure.BeyondTheseImages),
        { OnTheseImages: not ComparisonVerdict.CannotTell } => $"{ComparisonSummary.Word(figure.OnTheseImages)} as trained",
        { Low: double.NaN } => $"too few: {figure.Objects:N0}",
        _ => "cannot tell",
    };

    private static Table FigureTable(string title, ComparedPair pair, ComparedFigure[] figures, Func<ComparedFigure, string> name)
        => new(title, Columns(pair.Second, pair.First), [.. figures.Select(figure => (IReadOnlyList<string>)[name(figure), .. Cells(figure)])]);

    private static string[] Columns(string second, string first) => ["figure", second, first, "difference", "95 %", "p (Holm)", "seen from", "objects", "verdict"];

    private static string[] Cells(ComparedFigure figure) =>
    [
        Cell(figure.Second), Cell(figure.First), Signed(figure.Difference), double.IsNaN(figure.Low) ? "–" : $"{Signed(figure.Low)}\u00a0to\u00a0{Signed(figure.High)}",
        double.IsNaN(figure.PValue) ? "–" : figure.PValue < 0.001 ? "under 0.001" : figure.PValue.ToString(EvaluationReport.Digits), Cell(figure.Resolvable), figure.Objects.ToString("N0"),
        WordOf(figure),
    ];

    private static string Cell(double figure) => double.IsNaN(figure) ? "–" : figure.ToString(EvaluationReport.Digits);

    private static string Signed(double figure) => double.IsNaN(figure) ? "–" : figure.ToString("+0.000;−0.000;0.000");

    private static bool IsOfClass(ComparedFigure figure) => figure.Endpoint.StartsWith(ClassPrefix, StringComparison.Ordinal);

    private static string ClassOf(ComparedFigure figure) => figure.Endpoint[ClassPrefix.Length..^1];

    private static bool IsTold(ComparedFigure figure) => figure.OnTheseImages != ComparisonVerdict.CannotTell || figure.BeyondTheseImages != ComparisonVerdict.CannotTell;

    /// <summary>The verdict, and what difference the truth can show: the last sentence.</summary>
    private static (string Headline, string Resolvable) Sentences(string verdict)
    {
        var end = verdict.LastIndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? (verdict.TrimEnd('.'), "") : (verdict[..end], verdict[(end + 2)..]);
    }

    private static List<Fact> Method(ComparisonSummary summary)
    {
        var options = summary.Options;
        return
        [
            new("Ballast", typeof(ComparisonReport).Assembly.GetName().Version?.ToString(3) ?? ""),
            new("truth", $"{summary.Truth.Source.Path}: {Phrases.Count(summary.Truth.Images.Count, "image", "images")}"),
            .. summary.Detectors.Select(detector => new Fact("detector", $"{detector.Name}: {Runs(detector)}; {string.Join("; ", detector.Runs.Select(run => run.Mapping).Where(mapping => mapping.Length > 0).Distinct())}".TrimEnd(' ', ';'))),
            .. EvaluationReport.Measuring(options.Evaluation),
            new("primary endpoint", options.Primary is null ? $"{summary.Comparison.Primary}: the rarest group of classes, as nothing else was named" : summary.Comparison.Primary),
            new("frequency", summary.Comparison.Groups.Rule),
            new("intervals", $"95 %, bootstrap over images and over seeds, {options.Replicates:N0} replicates, seed {options.Seed}; Holm's correction over the {summary.Comparison.Pairs[0].Others.Count} other figures of a pair, and over the pairs"),
            new("beyond these images", $"said from {Comparison.FewestRuns} runs a side on, and only where all runs agree in sign"),
        ];
    }

    private static string Runs(ComparedDetector detector) => DetectionTable.AreFolds(detector.Runs) ? $"{detector.Runs.Count} folds, pooled" : Phrases.Count(detector.Runs.Count, "run", "runs");
}
