using System.Globalization;
using System.Text.Json;

namespace Ballast;

/// <summary>How the rules of a policy came out.</summary>
/// <param name="Rules">The rules' results, in the policy's order.</param>
public sealed record PolicyResult(IReadOnlyList<RuleResult> Rules)
{
    /// <summary>Whether all rules hold.</summary>
    public bool Passed => Rules.All(rule => rule.Passed);

    /// <summary>The rules that do not hold.</summary>
    public IEnumerable<RuleResult> Failed => Rules.Where(rule => !rule.Passed);

    /// <summary>
    /// Writes members into an open JSON object: <c>passed</c>, and <c>rules [{rule, passed, cases [{class, value, low, high, passed, why}], remedy}]</c>; a value that is
    /// not defined is null and <c>why</c> says why.
    /// </summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteBoolean("passed", Passed);
        writer.WriteStartArray("rules");
        foreach (var rule in Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", rule.Rule.ToString());
            writer.WriteBoolean("passed", rule.Passed);
            writer.WriteStartArray("cases");
            foreach (var each in rule.Cases) each.WriteTo(writer);
            writer.WriteEndArray();
            if (rule.Remedy.Length > 0) writer.WriteString("remedy", rule.Remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>How one rule came out.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Cases">What it was held against: one value, or one for each class.</param>
public sealed record RuleResult(PolicyRule Rule, IReadOnlyList<RuleCase> Cases)
{
    private const int MostNamed = 3;

    /// <summary>Whether it holds; over no class at all it does.</summary>
    public bool Passed => Cases.All(each => each.Holds);

    /// <summary>What to do about it, with a command where there is one; empty when the rule holds or nothing is known.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>The rule and what was found: "ratio &lt;= 5: it is 11.5 (95 %: 10.6-12.5)".</summary>
    public string Finding
    {
        get
        {
            if (!Rule.EveryClass) return $"{Rule}: {Cases[0].Text(Rule.Percent)}";
            var failed = Cases.Where(each => !each.Holds).OrderBy(each => each.Shortfall(Rule)).ToList();
            if (failed.Count == 0) return $"{Rule}: all {Cases.Count} classes hold";
            var named = failed.Take(MostNamed).Select(each => $"{each.Class} {each.Text(Rule.Percent)}");
            var more = failed.Count > MostNamed ? $", and {failed.Count - MostNamed} more" : "";
            return $"{Rule}: {failed.Count} of {Cases.Count} classes {(failed.Count == 1 ? "fails" : "fail")}: {string.Join(", ", named)}{more}";
        }
    }
}

/// <summary>One value a rule was held against.</summary>
/// <param name="Class">The class it belongs to, or null.</param>
/// <param name="Measure">The value with its interval; NaN where it is not defined, and then the meaning says why.</param>
/// <param name="Holds">Whether the rule holds.</param>
public sealed record RuleCase(string? Class, Measure Measure, bool Holds)
{
    /// <summary>"it is 11.5 (95 %: 10.6-12.5)", or why there is no value.</summary>
    internal string Text(bool percent)
    {
        if (double.IsNaN(Measure.Value)) return $"has no value ({Measure.Meaning})";
        var interval = Measure is { Low: { } low, High: { } high } && low < high ? $" (95 %: {Number(low, percent)} to {Number(high, percent)})" : "";
        return $"{(Class is null ? "it is " : "")}{Number(Measure.Value, percent)}{interval}";
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Class is not null) writer.WriteString("class", Class);
        if (double.IsFinite(Measure.Value)) writer.WriteNumber("value", Measure.Value);
        else writer.WriteNull("value");
        if (Measure.Low is { } low) writer.WriteNumber("low", low);
        if (Measure.High is { } high) writer.WriteNumber("high", high);
        writer.WriteBoolean("passed", Holds);
        if (double.IsNaN(Measure.Value)) writer.WriteString("why", Measure.Meaning);
        writer.WriteEndObject();
    }

    /// <summary>How far below what is asked, for "worst first"; no value is worst.</summary>
    internal double Shortfall(PolicyRule rule) => double.IsNaN(Measure.Value) ? double.NegativeInfinity
        : rule.Comparison is PolicyComparison.AtLeast or PolicyComparison.Above ? Measure.Value - rule.Limit : rule.Limit - Measure.Value;

    /// <summary>Whole numbers in full, others with four digits.</summary>
    private static string Number(double value, bool percent)
    {
        if (percent) return $"{(value * 100).ToString("G4", CultureInfo.InvariantCulture)} %";
        return value == Math.Floor(value) && Math.Abs(value) < 1e15 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G4", CultureInfo.InvariantCulture);
    }
}
