using System.Globalization;
using Spectre.Console;

namespace Ballast.Cli;

/// <summary>A comparison in the terminal: a verdict a pair, then the figures, those that can be told apart first. The rest is in the report, CSV and JSON.</summary>
internal sealed class ComparisonView(Terminal terminal, ComparisonSummary summary)
{
    private const int MostLines = 39;
    private const int LeastRows = 2;

    private bool HasSeeds => summary.Comparison.Pairs.Any(pair => pair.Others.Append(pair.Primary).Any(figure => figure.BeyondTheseImages != ComparisonVerdict.CannotTell));

    /// <summary>Prints the comparison.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="summary">The comparison.</param>
    /// <param name="report">Path of the report, or null when none was written.</param>
    public static void Write(Terminal terminal, ComparisonSummary summary, string? report)
    {
        var view = new ComparisonView(terminal, summary);
        if (terminal.Quiet)
        {
            foreach (var pair in summary.Comparison.Pairs) terminal.Line(summary.Verdict(pair));
            return;
        }

        terminal.Lines(view.Page(report));
    }

    private List<string> Page(string? report)
    {
        List<string> lines = [.. terminal.Render(terminal.Text(Head())), ""];
        foreach (var pair in summary.Comparison.Pairs) lines.AddRange(Verdict(pair));
        List<string> tail = [.. terminal.Render(terminal.Text(Reading()))];
        if (report is not null) tail.AddRange(terminal.Render(terminal.Text($"report: {report}")));
        var pairs = summary.Comparison.Pairs;
        // Each table has an empty line and a heading, and a line that says how many rows are missing.
        var room = ((MostLines - lines.Count - tail.Count - 1) / pairs.Count) - 3;
        if (room >= LeastRows)
        {
            foreach (var pair in pairs) lines.AddRange(["", .. Table(pair, room)]);
        }

        return [.. lines, "", .. tail];
    }

    private string Head()
    {
        var detectors = summary.Detectors.Select(detector => detector.Runs.Count == 1 ? detector.Name : $"{detector.Name} ({detector.Runs.Count} files)");
        return $"{string.Join(", ", detectors)} against {summary.Truth.Name} · {Plural.Of(summary.Truth.Images.Count, "image", "images")} · decided by {summary.Comparison.Primary}";
    }

    private IReadOnlyList<string> Verdict(ComparedPair pair)
        => terminal.Render(terminal.Text(summary.Verdict(pair), pair.Primary.BeyondTheseImages switch
        {
            ComparisonVerdict.Better => new(Color.Green, decoration: Decoration.Bold),
            ComparisonVerdict.Worse => new(Color.Red, decoration: Decoration.Bold),
            _ => new(decoration: Decoration.Bold),
        }));

    /// <summary>The primary figure, then those that can be told apart, then those of all classes and slices, then the classes that differ most.</summary>
    private IEnumerable<string> Table(ComparedPair pair, int room)
    {
        var others = pair.Others.Select((figure, i) => (Figure: figure, At: i))
            .OrderBy(row => row.Figure.OnTheseImages == ComparisonVerdict.CannotTell)
            .ThenBy(row => row.Figure.Endpoint.StartsWith("AP of class", StringComparison.Ordinal) ? 1 - Math.Abs(row.Figure.Difference) : 0)
            .ThenBy(row => row.At)
            .Select(row => row.Figure)
            .ToArray();
        var table = new TextTable(terminal, 24, 8, 8, 8, 14, 11);
        table.Add("figure", pair.First, pair.Second, "differ", "95 %", "verdict");
        foreach (var figure in others.Take(room - 1).Prepend(pair.Primary))
        {
            var range = double.IsNaN(figure.Low) ? "cannot tell" : $"{Signed(figure.Low)} {Signed(figure.High)}";
            table.Add(figure.Endpoint, Number(figure.First), Number(figure.Second), Signed(figure.Difference), range, ComparisonSummary.Word(HasSeeds ? figure.BeyondTheseImages : figure.OnTheseImages));
        }

        return others.Length > room - 1 ? [.. table.Lines, $"  {others.Length - room + 1:N0} more figures are in --csv and --json"] : table.Lines;
    }

    private string Reading() => $"Intervals are 95 %, images{(HasSeeds ? " and seeds" : "")} drawn {summary.Options.Replicates:N0} times; verdicts are on {(HasSeeds ? "the methods" : "images such as these")}, after Holm's correction. {summary.Comparison.Groups.Rule}";

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => double.IsNaN(value) ? "-" : value.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
