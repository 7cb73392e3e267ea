using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>How a value is held against a limit.</summary>
public enum PolicyComparison
{
    /// <summary>&lt;=</summary>
    AtMost,

    /// <summary>&lt;</summary>
    Below,

    /// <summary>>=</summary>
    AtLeast,

    /// <summary>></summary>
    Above,

    /// <summary>=</summary>
    Equal,

    /// <summary>!=</summary>
    NotEqual,
}

/// <summary>
/// One rule of a policy: a measure, a comparison, a number. <c>ratio &lt;= 50</c>; <c>scale-level.evenness >= 0.3</c> (the finding's id before the dot, needed when
/// several findings have a measure of that name; without it the class finding's is meant); <c>flaws.duplicate-box = 0</c>; <c>class Platelets: boxes >= 300</c>;
/// <c>class *: matched >= 80 %</c> for every class. A name with a
/// colon or quotes stands in double quotes: <c>class "a:b": images >= 10</c>.
/// </summary>
[JsonConverter(typeof(PolicyRuleConverter))]
public sealed record PolicyRule
{
    /// <summary>The class it speaks of, or null.</summary>
    public string? Class { get; init; }

    /// <summary>Whether it must hold for every class.</summary>
    public bool EveryClass { get; init; }

    /// <summary>The measure's name, with the finding's id before a dot or without.</summary>
    public required string Measure { get; init; }

    /// <summary>How the value is held against the limit.</summary>
    public required PolicyComparison Comparison { get; init; }

    /// <summary>The limit; a fraction when it was written as per cent.</summary>
    public required double Limit { get; init; }

    /// <summary>Whether it is written as per cent.</summary>
    public bool Percent { get; init; }

    /// <summary>Reads a rule.</summary>
    /// <exception cref="InputException">It is no rule; the message says what is missing.</exception>
    public static PolicyRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new PolicyRuleParser(text).Rule();
    }

    /// <summary>Whether a value holds to the limit; a value that is not defined does not.</summary>
    public bool Holds(double value) => !double.IsNaN(value) && Comparison switch
    {
        PolicyComparison.AtMost => value <= Limit,
        PolicyComparison.Below => value < Limit,
        PolicyComparison.AtLeast => value >= Limit,
        PolicyComparison.Above => value > Limit,
        PolicyComparison.Equal => value == Limit,
        _ => value != Limit,
    };

    /// <summary>The rule as it is written in a policy; reading it gives an equal rule.</summary>
    public override string ToString()
    {
        var scope = EveryClass ? "class *: " : Class is null ? "" : $"class {PolicyRuleParser.Quote(Class)}: ";
        return $"{scope}{Measure} {PolicyRuleParser.Sign(Comparison)} {LimitText()}";
    }

    private string LimitText()
    {
        if (!Percent) return Limit.ToString("R", CultureInfo.InvariantCulture);
        // Shifting the decimal point in text keeps every digit; dividing by 100 again gives the same number.
        var percent = (Limit * 100).ToString("G15", CultureInfo.InvariantCulture);
        if (double.Parse(percent, CultureInfo.InvariantCulture) / 100 != Limit) percent = (Limit * 100).ToString("R", CultureInfo.InvariantCulture);
        return $"{percent} %";
    }
}

/// <summary>A rule is a text in JSON.</summary>
internal sealed class PolicyRuleConverter : JsonConverter<PolicyRule>
{
    public override PolicyRule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String
            ? PolicyRule.Parse(reader.GetString()!)
            : throw new InputException("a rule is a text such as \"ratio <= 50\".");

    public override void Write(Utf8JsonWriter writer, PolicyRule value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
