namespace Ballast.Benchmarks;

/// <summary>The parts of a page that a script writes: between <c>&lt;!-- name: generated --&gt;</c> and <c>&lt;!-- end --&gt;</c>. All else is written by people.</summary>
internal static class MarkedText
{
    private const string End = "<!-- end -->";

    /// <summary>The part with its markers.</summary>
    public static string Of(string name, string content) => $"{Start(name)}\n{content.TrimEnd('\n')}\n{End}";

    /// <summary>The text with another content of a part.</summary>
    /// <exception cref="InputException">The text lacks the part.</exception>
    public static string Replace(string text, string name, string content)
    {
        var (start, end) = Find(text, name);
        return $"{text[..start]}{Of(name, content)}{text[end..]}";
    }

    /// <summary>The text with another content of a part, which comes to stand behind another part when it is new.</summary>
    public static string PutAfter(string text, string after, string name, string content)
    {
        if (text.Contains(Start(name), StringComparison.Ordinal)) return Replace(text, name, content);
        var (_, end) = Find(text, after);
        return $"{text[..end]}\n\n{Of(name, content)}{text[end..]}";
    }

    private static (int Start, int End) Find(string text, string name)
    {
        var start = text.IndexOf(Start(name), StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf(End, start, StringComparison.Ordinal);
        return end >= 0 ? (start, end + End.Length) : throw new InputException($"The page has no part '{name}': write '{Start(name)}' and '{End}' where it belongs.");
    }

    private static string Start(string name) => $"<!-- {name}: generated -->";
}
