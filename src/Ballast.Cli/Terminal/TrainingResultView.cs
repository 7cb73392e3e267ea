using System.Globalization;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary>What a training came to, in the terminal: the run in a line, then the evaluation of its last checkpoint; of a race, its entries and compare's verdict.</summary>
internal static class TrainingResultView
{
    /// <summary>Prints the result of a run.</summary>
    public static void Write(Terminal terminal, TrainingResult result)
    {
        var report = Path.Combine(result.Folder, "run.html");
        if (!terminal.Quiet)
        {
            terminal.Lines(terminal.Render(terminal.Text($"{result.Folder} · {Plural.Of(result.Recipe.Training.Epochs, "epoch", "epochs")}, {Plural.Of(result.History.Steps.Count, "step", "steps")} · {Seconds(result.History.SecondsPerStep)} s a step · {result.PeakMiB:N0} MiB")));
            terminal.Line();
        }

        EvaluationView.Write(terminal, result.Evaluation, Path.Combine(result.Folder, "detections.json"), report, $"ballast detect {result.Folder} IMAGES --draw DIR");
    }

    /// <summary>Prints the result of a race.</summary>
    public static void Write(Terminal terminal, RaceResult race, string folder)
    {
        var table = new TextTable(terminal, 40, 7, 7, 15, 10, 9);
        table.Add("last checkpoint", "AP", "AP50", "AP of the seeds", "s a step", "MiB");
        foreach (var entry in race.Entries)
        {
            table.Add(
                entry.Name, Figure(entry.Runs.Average(run => run.AP)), Figure(entry.Runs.Average(run => run.AP50)),
                entry.Runs.Count == 1 ? "one" : $"{Figure(entry.Runs.Min(run => run.AP))}-{Figure(entry.Runs.Max(run => run.AP))}",
                Seconds(entry.Runs.Average(run => run.History.SecondsPerStep)), $"{entry.Runs.Max(run => run.PeakMiB):N0}");
        }

        terminal.Lines(table.Lines);
        foreach (var (name, reason) in race.Refused) terminal.Line($"  left out: {name}: {reason}");
        terminal.Line();
        if (race.Comparison is { } comparison) ComparisonView.Write(terminal, comparison, Path.Combine(folder, "race.html"));
        else terminal.Line("One entry is nothing to compare.");
    }

    private static string Figure(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Seconds(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
