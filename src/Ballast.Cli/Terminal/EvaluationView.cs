using System.Globalization;
using Spectre.Console;

namespace Ballast.Cli;

/// <summary>
/// An evaluation in the terminal: the verdict first (which imbalance costs AP, and how sure that is), COCO's twelve figures with intervals, the worst classes, where
/// AP50 is lost, what accuracy hides. Under 40 lines at 80 columns; the rest is in the report and in JSON.
/// </summary>
internal sealed class EvaluationView(Terminal terminal, EvaluationSummary summary)
{
    private const int MostLines = 39;
    private const int MostClasses = 8;
    private const int LeastClasses = 3;
    private const int MostNotes = 2;

    /// <summary>Prints the evaluation.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="summary">The evaluation.</param>
    /// <param name="detections">Path of the detections.</param>
    /// <param name="report">Path of the report, or null when none was written.</param>
    /// <param name="next">The command to go on with, or null.</param>
    public static void Write(Terminal terminal, EvaluationSummary summary, string detections, string? report, string? next)
    {
        var view = new EvaluationView(terminal, summary);
        if (terminal.Quiet) view.WriteFigures();
        else terminal.Lines(view.Page(detections, report, next));
    }

    /// <summary>The verdict and a line a figure, never wrapped.</summary>
    private void WriteFigures()
    {
        terminal.Line(summary.Verdict);
        foreach (var (name, value) in summary.Evaluation.Overall.Summary) terminal.Line($"{name,-6}{Number(value)}");
    }

    private List<string> Page(string detections, string? report, string? next)
    {
        List<string> top = [.. Paragraph(Head(detections)), "", .. Verdict(), "", .. Figures(), ""];
        List<string> tail = [.. Errors(), .. Means(), .. Paragraph(summary.ParadoxSentence), .. Notes()];
        if (next is not null) tail.AddRange(Paragraph($"next: {next}"));
        if (report is not null) tail.AddRange(Paragraph($"report: {report}"));
        // Two lines more than rows: the heading and the empty line behind.
        var room = MostLines - top.Count - tail.Count - 2;
        return [.. top, .. Classes(Math.Clamp(room, LeastClasses, MostClasses)), .. tail];
    }

    private string Head(string detections)
    {
        var evaluation = summary.Evaluation;
        List<string> words =
        [
            $"{detections} against {summary.Truth.Name}",
            Plural.Of(summary.Truth.Images.Count, "image", "images"),
            Plural.Of(evaluation.Classes.Sum(c => c.Objects), "object", "objects"),
            Plural.Of(summary.Truth.Classes.Count, "class", "classes"),
            Plural.Of(summary.Detections.Count, "detection", "detections"),
        ];
        var flaws = summary.Detections.Flaws.CountAboveNotes;
        if (flaws > 0) words.Add($"{Plural.Of(flaws, "flaw", "flaws")} in the detections");
        return string.Join(" · ", words);
    }

    private IEnumerable<string> Verdict()
    {
        var isReal = summary.Costs is [{ Interval.IsReal: true }, ..];
        foreach (var line in terminal.Render(terminal.Text(summary.Verdict, isReal ? new(Color.Red, decoration: Decoration.Bold) : new(decoration: Decoration.Bold)))) yield return line;
        if (!isReal) yield break;
        foreach (var line in summary.Costs.Skip(1).Take(1).Where(axis => axis.Interval is { IsReal: true }).SelectMany(axis => Paragraph($"{EvaluationSummary.CostSentence(axis)}."))) yield return line;
    }

    /// <summary>AP to the left with intervals, AR to the right; on a narrow terminal one under the other.</summary>
    private IEnumerable<string> Figures()
    {
        var figures = summary.Evaluation.Overall.Summary;
        var half = figures.Count / 2;
        for (var i = 0; i < half; i++)
        {
            var (name, value) = figures[i];
            var right = $"{figures[i + half].Name,-6}{Number(figures[i + half].Value)}";
            var left = $"{name,-5}{Number(value)}{Interval(IntervalOf(i))}";
            yield return $"  {left.PadRight(27)}{right}";
        }
    }

    private FigureInterval? IntervalOf(int figure) => summary.Intervals is not { } intervals ? null : figure switch
    {
        0 => intervals.Overall.AP,
        1 => intervals.Overall.AP50,
        2 => intervals.Overall.AP75,
        _ => null,
    };

    /// <summary>The classes with truths, lowest AP first.</summary>
    private IEnumerable<string> Classes(int most)
    {
        var classes = summary.Evaluation.Classes.Where(c => c.Objects > 0).OrderBy(c => c.Figures.AP).ToArray();
        if (classes.Length == 0) return [];
        var table = new TextTable(terminal, 34, 6, 13, 8, 9);
        table.Add(classes.Length > most ? $"worst of {classes.Length:N0} classes" : "classes, worst first", "AP", "95 %", "objects", "use from");
        foreach (var each in classes.Take(most))
        {
            var interval = summary.Intervals?.Classes[each.Index].AP;
            table.Add(each.Name, Number(each.Figures.AP), interval is null ? "" : Range(interval), $"{each.Objects:N0}", Number(summary.Lrp.Classes[each.Index].Threshold));
        }

        return [.. table.Lines, ""];
    }

    private IReadOnlyList<string> Errors()
    {
        var errors = summary.Errors.Errors.Where(error => error.Cost > 0.0005).OrderByDescending(error => error.Cost).ToArray();
        return errors.Length == 0 ? [] : Paragraph($"AP50 that mending an error alone would win: {string.Join(", ", errors.Select(error => $"{Words(error)} {Number(error.Cost)}"))}.");
    }

    private IReadOnlyList<string> Means()
    {
        var balance = summary.Balance;
        return double.IsNaN(balance.Mean)
            ? []
            : Paragraph($"AP by object {Number(balance.ObjectWeighted)}, by class {Number(balance.Mean)}, by frequency group {Number(balance.GroupBalanced)}, worst class {Number(balance.Worst)}.");
    }

    private IEnumerable<string> Notes()
    {
        foreach (var line in summary.Notes.Take(MostNotes).SelectMany(note => Paragraph(note))) yield return line;
        if (summary.Notes.Count > MostNotes) yield return $"{summary.Notes.Count - MostNotes:N0} more notes are in --json.";
    }

    private static string Words(ErrorFigure error) => error.Kind switch
    {
        ErrorKind.Classification => $"{Plural.Of(error.Count, "wrong class", "wrong classes")}",
        ErrorKind.Localization => $"{Plural.Of(error.Count, "loose box", "loose boxes")}",
        ErrorKind.Both => $"{error.Count:N0} of both",
        ErrorKind.Duplicate => $"{Plural.Of(error.Count, "duplicate", "duplicates")}",
        ErrorKind.Background => $"{Plural.Of(error.Count, "false alarm", "false alarms")} on background",
        _ => $"{Plural.Of(error.Count, "missed object", "missed objects")}",
    };

    private IReadOnlyList<string> Paragraph(string? text) => text is null ? [] : terminal.Render(terminal.Text(text));

    private static string Interval(FigureInterval? interval) => interval is null ? "" : $" ({Range(interval)})";

    private static string Range(FigureInterval interval) => interval.Method == IntervalMethod.CannotTell ? "cannot tell" : $"{Number(interval.Low)}-{Number(interval.High)}";

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
