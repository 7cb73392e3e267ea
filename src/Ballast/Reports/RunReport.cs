using System.Globalization;

namespace Ballast;

/// <summary>What the report of a training is made of.</summary>
/// <param name="Name">What the run is called.</param>
/// <param name="Recipe">The recipe as JSON, shown as it is.</param>
/// <param name="Train">What was learned from.</param>
/// <param name="History">The telemetry.</param>
/// <param name="Outlook">What the labels said before the first step.</param>
public sealed record RunReportInput(string Name, string Recipe, DetectionDataset Train, RunHistory History, Diagnosis Outlook)
{
    /// <summary>The detector on validation, measured; null before the first epoch's end.</summary>
    public EvaluationSummary? Evaluation { get; init; }

    /// <summary>The least score each class is reported from; null before the first epoch's end.</summary>
    public ScoreThresholds? Thresholds { get; init; }

    /// <summary>Epochs that were asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>Further lines of "how this was measured": device, threads, seed ...</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];
}

/// <summary>
/// The report of <c>ballast train</c>, <c>run.html</c>: one self-contained page with the course of the training (losses, rates, gradients, AP, which loss weighs most), what
/// the labels foretold, the evaluation, and detections drawn on images.
/// </summary>
public static class RunReport
{
    private static readonly string[] Numbered = ["progress", "losses", "balance", "speed", "recipe", "detections"];

    /// <summary>Writes the report: whole, or not at all.</summary>
    /// <param name="input">What to report.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public static void Save(RunReportInput input, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ReportPage.Write(ToReport(input, cancellation), path);
    }

    /// <summary>Everything the page shows.</summary>
    internal static ReportData ToReport(RunReportInput input, CancellationToken cancellation)
    {
        var course = new RunCourse(input.History, input.Epochs);
        var evaluated = input.Evaluation is { } summary ? EvaluationReport.Findings(summary) : [];
        var detections = input.Evaluation is { } found ? RunPictures.Of(found, input.Thresholds, cancellation) : RunPictures.None;
        var outlook = Foretold(input.Outlook);
        List<Finding> findings =
        [
            course.Progress(), course.Losses(), course.Balance(), .. detections.Crops.Count > 0 ? [detections.Finding] : Array.Empty<Finding>(),
            .. evaluated, .. outlook, course.Speed(), Recipe(input),
        ];
        var crops = input.Evaluation is null ? new([], null) : ReportCrops.Make(input.Evaluation.Truth, evaluated, cancellation);
        return new()
        {
            Title = input.Name,
            Kind = "training run",
            Summary = $"{findings[0].Headline}.{(input.Evaluation is { } last ? $" {last.Verdict}" : "")}",
            Datasets = [EvaluationReport.Head(input.Train)],
            Findings = findings,
            Tiles = [.. findings.Where(finding => finding.Id is not ("recipe" or "speed" or "notes") && !outlook.Contains(finding)).Select(finding => finding.Id)],
            Unjudged = [.. Numbered, "accuracy", "errors", "examples", "confusion", "notes"],
            First = [.. input.Outlook.First.Where(pair => pair.Finding.Verdict is Verdict.Severe or Verdict.Mild).Select(pair => new RankedAdvice(Foreseen(pair.Finding.Id), pair.Advice))],
            Crops = [.. crops.Crops, .. detections.Crops],
            Method = Method(input, crops.Note),
        };
    }

    /// <summary>The diagnosis' findings about what holds this training back; their ids are their own, for the evaluation has some of the same names.</summary>
    private static Finding[] Foretold(Diagnosis outlook)
        => [.. outlook.Findings.Where(finding => finding.Verdict is Verdict.Severe or Verdict.Mild && finding.Family != "data").Select(finding => finding with { Id = Foreseen(finding.Id), Subject = $"foretold: {finding.Subject}", Examples = [] })];

    private static string Foreseen(string id) => $"foretold-{id}";

    private static Finding Recipe(RunReportInput input) => new()
    {
        Id = "recipe",
        Family = "data",
        Subject = "recipe",
        Verdict = Verdict.CannotTell,
        Headline = "the recipe, its defaults written out",
        Meaning = "Saved as recipe.json beside this page: ballast train recipe.json repeats the run.",
        Tables = [new("recipe.json", ["line"], [.. input.Recipe.Split('\n').Select(line => new[] { line.TrimEnd('\r').Replace(' ', '\u00a0') })])],
    };

    private static List<Fact> Method(RunReportInput input, Fact? note)
    {
        List<Fact> facts =
        [
            new("Ballast", typeof(RunReport).Assembly.GetName().Version?.ToString(3) ?? ""),
            new("trained on", $"{input.Train.Source.Path}: {Phrases.Count(input.Train.Images.Count, "image", "images")}"),
        ];
        if (input.Evaluation is { } summary)
        {
            facts.Add(new("validated on", $"{summary.Truth.Source.Path}: {summary.Truth.Name}, {Phrases.Count(summary.Truth.Images.Count, "image", "images")}"));
            facts.AddRange(EvaluationReport.Measuring(summary.Options.Evaluation));
        }

        if (input.Thresholds is { } thresholds)
            facts.Add(new("thresholds", $"least score reported, of least LRP error on validation: {string.Join(", ", thresholds.Classes.Zip(thresholds.Scores, (name, score) => $"{name} {score.ToString("0.00", CultureInfo.InvariantCulture)}"))}"));
        facts.AddRange(input.Facts.Select(fact => new Fact(fact.Name, fact.Value)));
        facts.Add(new("curves", $"of steps: each point the mean of as many steps as make {RunCourse.MostPoints} points"));
        if (note is not null) facts.Add(note);
        return facts;
    }
}
