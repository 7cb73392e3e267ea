using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// What a data set must hold to: rules such as <c>ratio &lt;= 50</c> or <c>class *: matched >= 0.8</c>, as a file that is reviewed like code. A file looks like this,
/// comments allowed: <c>{ "rules": ["evenness >= 0.7", "flaws.duplicate-box = 0", "class Platelets: boxes >= 300"] }</c>.
/// </summary>
public sealed record Policy
{
    /// <summary>The rules; all must hold.</summary>
    public required Values<PolicyRule> Rules { get; init; }

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="InputException">The file cannot be read or is no policy; the message names file, line and rule.</exception>
    public static Policy Load(string path) => RecipeReader.Load<Policy>(path);

    /// <summary>Reads a policy's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InputException">It is no policy.</exception>
    public static Policy Parse(string json, string name = "policy") => RecipeReader.Parse<Policy>(json, name);

    /// <summary>The policy as a file's text.</summary>
    public string ToJson() => RecipeReader.ToJson(this);

    /// <summary>Whether a rule speaks of anchors; without, a diagnosis for this policy may leave them out and is much faster.</summary>
    [JsonIgnore]
    public bool NeedsAnchors => Rules.Any(PolicyMeasures.NeedsAnchors);

    /// <summary>Holds a diagnosis to the rules.</summary>
    /// <exception cref="InputException">A rule names a measure that no finding has; the message names the nearest one and lists all.</exception>
    public PolicyResult Check(Diagnosis diagnosis)
    {
        ArgumentNullException.ThrowIfNull(diagnosis);
        var measures = new PolicyMeasures(diagnosis);
        return new([.. Rules.Select(rule => Check(rule, measures))]);
    }

    private static RuleResult Check(PolicyRule rule, PolicyMeasures measures)
    {
        var cases = measures.Of(rule).Select(measured => new RuleCase(measured.Class, measured.Measure, rule.Holds(measured.Measure.Value))).ToList();
        return new(rule, cases) { Remedy = cases.TrueForAll(each => each.Holds) ? "" : measures.RemedyOf(rule) };
    }
}
