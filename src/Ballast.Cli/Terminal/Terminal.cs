using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ballast.Cli;

/// <summary>Where a command prints: the result to stdout, everything else to stderr, and both only as safe text.</summary>
internal sealed partial class Terminal(TextWriter output, TextWriter error, TerminalInfo info)
{
    /// <summary>What it can show.</summary>
    public TerminalInfo Info => info;

    /// <summary>Whether only the result is wanted.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether details are wanted, such as the trace of a bug.</summary>
    public bool Verbose { get; init; }

    /// <summary>The text with every character visible.</summary>
    public string Safe(string text) => SafeText.Of(text, info.Unicode);

    /// <summary>Text to lay out: visible characters, and no markup.</summary>
    public Text Text(string text, Style? style = null) => new(Safe(text), style);

    /// <summary>Text that fits into one line of a width; what does not is cut off with an ellipsis.</summary>
    public Text Cut(string text, int width)
    {
        var safe = Safe(text);
        if (Render(new Text(safe), width).Count <= 1) return new(safe);
        var ellipsis = Safe("…");
        var cut = safe[..Math.Min(safe.Length, width - ellipsis.Length)];
        // Wide characters take two columns, so there may be fewer of them; half a pair is no character.
        while (cut.Length > 0 && (char.IsHighSurrogate(cut[^1]) || Render(new Text(cut + ellipsis), width).Count > 1)) cut = cut[..^1];
        return new(cut.TrimEnd() + ellipsis);
    }

    /// <summary>A line of the result.</summary>
    public void Line(string text = "") => output.WriteLine(Safe(text));

    /// <summary>A line of the result that starts with a coloured word; never wrapped.</summary>
    public void Mark(string word, Style style, string rest) => output.WriteLine(Render(new Text(word, style))[0] + Safe(rest));

    /// <summary>A result for programs, as it is: JSON, a script.</summary>
    public void Raw(string text) => output.Write(text);

    /// <summary>JSON for programs, made by a writer of bytes.</summary>
    public void Json(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <summary>A line on stderr about what is going on; not when quiet.</summary>
    public void Note(string text)
    {
        if (!Quiet) error.WriteLine(Safe(text));
    }

    /// <summary>A line on stderr that is never left out.</summary>
    public void Error(string text) => error.WriteLine(Safe(text));

    /// <summary>Shows how far a long step is, on stderr.</summary>
    /// <param name="what">The step: "reading bccd".</param>
    public ProgressDisplay Progress(string what) => new(Quiet ? null : error, Safe(what), info.LiveProgress, info.Width, TimeProvider.System);

    /// <summary>Lines on stderr that are drawn over again and again.</summary>
    public LiveLines Live() => new(Quiet ? null : error, info.LiveProgress);

    /// <summary>Lines as they will be printed, without trailing spaces.</summary>
    public IReadOnlyList<string> Render(IRenderable content, int? width = null)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = info.Color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = info.Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width ?? info.Width;
        console.Profile.Capabilities.Unicode = info.Unicode;
        console.Write(content);
        var lines = text.ToString().Split('\n').Select(line => SpaceInColor().Replace(line.TrimEnd(), "")).ToList();
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    /// <summary>Lines that <see cref="Render"/> made.</summary>
    public void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines) output.WriteLine(line);
    }

    /// <summary>Spaces at the end of a line that stand in front of colour codes.</summary>
    [GeneratedRegex("(?<! ) +(?=(\u001b\\[[0-9;]*m)+$)")]
    private static partial Regex SpaceInColor();
}
