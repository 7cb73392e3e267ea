using System.Globalization;
using System.Text;

namespace Ballast.Cli;

/// <summary>
/// Names in a data set may hold anything: colour codes, cursor movements, right-to-left overrides, line breaks. Everything that is printed for people goes through
/// here, and what is not a visible character becomes an escape that can be read: "\x1B".
/// </summary>
internal static class SafeText
{
    /// <summary>The text on one line, every character visible.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="unicode">Whether characters beyond ASCII may stand; otherwise typographic ones are spelled in ASCII and the others are escaped.</param>
    public static string Of(string text, bool unicode)
    {
        if (IsPlain(text)) return text;
        var safe = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                Escape(safe, text[i++]);
                continue;
            }

            i += rune.Utf16SequenceLength;
            if (!IsVisible(rune)) Escape(safe, rune.Value);
            else if (unicode || rune.IsAscii) safe.Append(rune.ToString());
            else if (Ascii(rune.Value) is { } spelled) safe.Append(spelled);
            else Escape(safe, rune.Value);
        }

        return safe.ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~') return false;
        }

        return true;
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string? Ascii(int character) => character switch
    {
        '·' or '–' or '—' or '−' => "-",
        '→' => "->",
        '×' => "x",
        '…' => "...",
        '≤' => "<=",
        '≥' => ">=",
        '±' => "+-",
        '“' or '”' => "\"",
        '‘' or '’' => "'",
        0xA0 or 0x202F => " ",
        _ => null,
    };

    private static void Escape(StringBuilder safe, int value)
        => safe.Append(value switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            <= 0xFF => $"\\x{value:X2}",
            _ => $"\\u{{{value:X4}}}",
        });
}
