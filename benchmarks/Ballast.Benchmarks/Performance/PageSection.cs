namespace Ballast.Benchmarks;

/// <summary>A part of a page that one command writes: between two comments with its name, so that other commands leave it as it is.</summary>
internal static class PageSection
{
    private const string Start = "<!-- section ";
    private const string End = "<!-- end of ";
    private const string Close = " -->";

    /// <summary>Puts a section into a page, in place of the one of its name, or at the end.</summary>
    public static void Replace(string page, string name, string text)
    {
        var old = File.Exists(page) ? File.ReadAllText(page) : "";
        var section = $"{Start}{name}{Close}\n{text.TrimEnd('\n')}\n{End}{name}{Close}\n";
        var start = old.IndexOf($"{Start}{name}{Close}", StringComparison.Ordinal);
        if (start < 0)
        {
            File.WriteAllText(page, $"{old.TrimEnd('\n')}\n\n{section}");
            return;
        }

        var last = $"{End}{name}{Close}\n";
        var end = old.IndexOf(last, start, StringComparison.Ordinal) is >= 0 and var found ? found + last.Length
            : throw new InvalidOperationException($"'{page}': section '{name}' has no end.");
        File.WriteAllText(page, old[..start] + section + old[end..]);
    }

    /// <summary>All sections of a page, from the first's beginning; empty when there is none.</summary>
    public static string AllOf(string page)
    {
        if (!File.Exists(page)) return "";
        var text = File.ReadAllText(page);
        var start = text.IndexOf(Start, StringComparison.Ordinal);
        return start < 0 ? "" : "\n" + text[start..];
    }
}
