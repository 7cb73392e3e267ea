using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ballast.Cli;

/// <summary>
/// A diagnosis in the terminal: head, a verdict a finding, what to do first, where the report is. Under 40 lines at 80 columns; the rest is in the report.
/// </summary>
internal sealed class DiagnosisView
{
    private const int MostLines = 39;
    private const int RoomyWidth = 120;
    private const int Indent = 2;
    private const int NumberWidth = 3;
    private const int VerdictWidth = 13;

    private readonly Terminal _terminal;
    private readonly Diagnosis _diagnosis;
    private readonly int _familyWidth;
    private readonly int _subjectWidth;

    private DiagnosisView(Terminal terminal, Diagnosis diagnosis)
    {
        _terminal = terminal;
        _diagnosis = diagnosis;
        _familyWidth = diagnosis.Findings.Select(finding => finding.Family.Length).DefaultIfEmpty(0).Max() + 2;
        _subjectWidth = diagnosis.Findings.Select(finding => finding.Subject.Length).DefaultIfEmpty(0).Max() + 2;
    }

    private bool IsRoomy => _terminal.Info.Width >= RoomyWidth;

    /// <summary>Prints the diagnosis.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="diagnosis">The diagnosis.</param>
    /// <param name="report">Path of the report, or null when none was written.</param>
    public static void Write(Terminal terminal, Diagnosis diagnosis, string? report)
    {
        var view = new DiagnosisView(terminal, diagnosis);
        if (terminal.Quiet) view.WriteVerdicts();
        else terminal.Lines(view.Page(report));
    }

    /// <summary>A line a finding and nothing else, never wrapped.</summary>
    private void WriteVerdicts()
    {
        foreach (var finding in _diagnosis.Findings)
        {
            var start = finding.Family.PadRight(_familyWidth) + finding.Subject.PadRight(_subjectWidth) + Word(finding.Verdict).PadRight(VerdictWidth);
            _terminal.Line(start + finding.Headline);
        }
    }

    private List<string> Page(string? report)
    {
        List<string> top = [.. _terminal.Render(_terminal.Text(Head())), "", .. _diagnosis.Findings.SelectMany(Finding), ""];
        List<string> tail = report is null ? [] : [.. _terminal.Render(_terminal.Text($"report: {report}"))];
        var room = MostLines - top.Count - tail.Count - 1;
        var first = new List<string>();
        foreach (var (advice, number) in _diagnosis.First.Select((pair, index) => (pair.Advice, index + 1)))
        {
            var lines = Advice(advice, number);
            if (number > 1 && first.Count + lines.Count > room) break;
            first.AddRange(lines);
        }

        if (first.Count > 0) top.AddRange(["What to do first", .. first]);
        return [.. top, .. tail];
    }

    private string Head()
    {
        var counts = _diagnosis.Counts;
        var flaws = FlawCode.All.Where(code => code.Severity != FlawSeverity.Note).Sum(code => _diagnosis.Summary.Flaws.GetValueOrDefault(code.Code));
        List<string> words =
        [
            _diagnosis.Name, Plural.Of(counts.Images, "image", "images"), Plural.Of(counts.Boxes, "box", "boxes"), Plural.Of(counts.Classes.Count, "class", "classes"),
        ];
        if (counts.Ignored > 0) words.Add($"{counts.Ignored:N0} ignored");
        words.Add(flaws == 0 ? "no flaw" : $"{Plural.Of(flaws, "flaw", "flaws")} ({_diagnosis.CommandFor("check")} --flaws lists them)");
        return string.Join(" · ", words);
    }

    private IReadOnlyList<string> Finding(Finding finding)
    {
        var verdict = _terminal.Text(Word(finding.Verdict), StyleOf(finding.Verdict));
        var (family, subject) = ((_familyWidth, _terminal.Text(finding.Family)), (_subjectWidth, _terminal.Text(finding.Subject)));
        var before = IsRoomy ? Indent + _familyWidth + _subjectWidth + VerdictWidth : Indent + _familyWidth;
        var headline = Short(finding.Headline, _terminal.Info.Width - before, finding.Verdict == Verdict.Balanced ? 1 : 2);
        return IsRoomy
            ? Row(family, subject, (VerdictWidth, verdict), (0, headline))
            : [.. Row(family, subject, (0, verdict)), .. _terminal.Render(new Padder(headline, new Padding(before, 0, 0, 0)))];
    }

    /// <summary>What of a text fits into a few lines; the whole of a headline is in the report, and comes with --quiet.</summary>
    private Text Short(string text, int width, int most)
    {
        var lines = _terminal.Render(_terminal.Text(text), width);
        if (lines.Count <= most) return _terminal.Text(text);
        var ellipsis = _terminal.Safe("…");
        var last = lines[most - 1];
        while (last.Length > width - ellipsis.Length - 1) last = last[..Math.Max(0, last.LastIndexOf(' '))];
        return new($"{string.Concat(lines.Take(most - 1).Select(line => line + " "))}{last.TrimEnd(' ', ',', ';', ':', '(')} {ellipsis}");
    }

    private IReadOnlyList<string> Advice(Advice advice, int number)
    {
        var what = _terminal.Text($"{advice.Title}: {advice.Effect}");
        var command = _terminal.Text(advice.CommandExists ? advice.Command : $"{advice.Command} (planned)", new Style(decoration: Decoration.Dim));
        var label = _terminal.Text($"{number}.");
        return IsRoomy
            ? Row((NumberWidth, label), (_terminal.Info.Width / 2, what), (0, command))
            : [.. Row((NumberWidth, label), (0, what)), .. _terminal.Render(new Padder(command, new Padding(Indent + NumberWidth, 0, 0, 0)))];
    }

    /// <summary>Cells side by side behind the indent, each wrapped in its width; a width of 0 is what is left.</summary>
    private IReadOnlyList<string> Row(params ReadOnlySpan<(int Width, IRenderable Content)> cells)
    {
        var left = _terminal.Info.Width - Indent;
        var grid = new Grid();
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0), Width = Indent });
        var row = new List<IRenderable> { new Text("") };
        foreach (var (width, content) in cells)
        {
            var taken = width > 0 ? Math.Min(width, left) : Math.Max(left, 1);
            var gap = width == 0 ? 0 : Math.Min(width > NumberWidth ? 2 : 1, taken - 1);
            left -= taken;
            grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, gap, 0), Width = taken - gap });
            row.Add(content);
        }

        grid.AddRow([.. row]);
        return _terminal.Render(grid);
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Severe => "SEVERE",
        Verdict.Mild => "mild",
        Verdict.Balanced => "balanced",
        _ => "cannot tell",
    };

    private static Style StyleOf(Verdict verdict) => verdict switch
    {
        Verdict.Severe => new(Color.Red, decoration: Decoration.Bold),
        Verdict.Mild => new(Color.Yellow),
        Verdict.Balanced => new(Color.Green),
        _ => new(decoration: Decoration.Dim),
    };
}
