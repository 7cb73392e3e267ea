using System.Globalization;
using System.Text;

namespace Ballast;

/// <summary>
/// Reads a rule, left to right: <c>rule = ["class" (name | quoted | "*") ":"] measure sign number ["%"]</c>. A bare name ends at the colon.
/// </summary>
internal sealed class PolicyRuleParser(string text)
{
    private const string Class = "class";

    // Longer signs first: "<=" is not "<" and something else.
    private static readonly (string Sign, PolicyComparison Comparison)[] Signs =
    [
        ("<=", PolicyComparison.AtMost), (">=", PolicyComparison.AtLeast), ("!=", PolicyComparison.NotEqual), ("==", PolicyComparison.Equal),
        ("<", PolicyComparison.Below), (">", PolicyComparison.Above), ("=", PolicyComparison.Equal),
    ];

    private int _place;

    /// <summary>The sign of a comparison.</summary>
    public static string Sign(PolicyComparison comparison) => comparison == PolicyComparison.Equal ? "=" : Signs.First(sign => sign.Comparison == comparison).Sign;

    /// <summary>A class name as a rule holds it: in quotes when it would be read otherwise.</summary>
    public static string Quote(string name)
        => name.Length > 0 && name != "*" && name.Trim() == name && name.IndexOfAny([':', '"', '\\']) < 0
            ? name
            : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Reads the rule.</summary>
    public PolicyRule Rule()
    {
        var (name, every) = Scope();
        var measure = Word();
        if (measure.Length == 0) throw Error("the name of a measure is missing");
        if (measure == Class) throw Error("the name of a class and a colon are missing");
        var comparison = Comparison();
        var (limit, percent) = Number();
        SkipSpace();
        if (_place < text.Length) throw Error($"'{text[_place..]}' is left over");
        return new() { Class = name, EveryClass = every, Measure = measure, Comparison = comparison, Limit = limit, Percent = percent };
    }

    private (string? Name, bool Every) Scope()
    {
        SkipSpace();
        var start = _place;
        if (Word() != Class || _place == text.Length || !char.IsWhiteSpace(text[_place]))
        {
            _place = start;
            return (null, false);
        }

        SkipSpace();
        var quoted = _place < text.Length && text[_place] == '"';
        var name = quoted ? Quoted() : BareName();
        SkipSpace();
        if (_place == text.Length || text[_place] != ':') throw Error("a colon is missing after the class");
        _place++;
        return !quoted && name == "*" ? (null, true) : (name, false);
    }

    private string BareName()
    {
        var colon = text.IndexOf(':', _place);
        if (colon < 0) throw Error("a colon is missing after the class");
        var name = text[_place..colon].Trim();
        _place = colon;
        return name.Length > 0 ? name : throw Error("the class is missing before the colon");
    }

    private string Quoted()
    {
        var name = new StringBuilder();
        for (_place++; _place < text.Length; _place++)
        {
            if (text[_place] == '"')
            {
                _place++;
                return name.ToString();
            }

            if (text[_place] == '\\' && _place + 1 < text.Length) _place++;
            name.Append(text[_place]);
        }

        throw Error("the closing quote of the class is missing");
    }

    private string Word()
    {
        SkipSpace();
        var start = _place;
        while (_place < text.Length && (char.IsLetterOrDigit(text[_place]) || text[_place] is '-' or '.' or '_')) _place++;
        return text[start.._place];
    }

    private PolicyComparison Comparison()
    {
        SkipSpace();
        foreach (var (sign, comparison) in Signs)
        {
            if (string.CompareOrdinal(text, _place, sign, 0, sign.Length) != 0) continue;
            _place += sign.Length;
            return comparison;
        }

        throw Error("a comparison is missing after the measure (<=, <, >=, >, =, !=)");
    }

    private (double Value, bool Percent) Number()
    {
        SkipSpace();
        var start = _place;
        while (_place < text.Length && (char.IsAsciiLetterOrDigit(text[_place]) || text[_place] is '.' or '-' or '+')) _place++;
        var word = text[start.._place];
        if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            throw Error(word.Length == 0 ? "the limit is missing" : $"'{word}' is no number");
        SkipSpace();
        if (_place == text.Length || text[_place] != '%') return (value, false);
        _place++;
        return (value / 100, true);
    }

    private void SkipSpace()
    {
        while (_place < text.Length && char.IsWhiteSpace(text[_place])) _place++;
    }

    private InputException Error(string what)
        => new($"'{text}' is no rule: {what}. Write a measure, a comparison and a number, such as 'ratio <= 50' or 'class *: boxes >= 50'.");
}
