using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Ballast.Cli;

/// <summary>The rules of <c>ballast check</c>: short options for the usual ones, any rule by <c>--rule</c>, and a file of them.</summary>
internal sealed class GateOptions
{
    private readonly (Option<double?> Option, string Rule)[] _limits =
    [
        (Limit("--max-ratio", "R", "Most boxes a class may have for one of the rarest that has any"), "class-foreground.ratio <= {0}"),
        (Limit("--min-evenness", "E", "Least evenness of boxes over classes, 0 to 1"), "class-foreground.evenness >= {0}"),
        (Limit("--min-recall", "B", "Least share of objects an anchor reaches, 0 to 1"), "iou-distribution.best-possible-recall >= {0}"),
        (Limit("--max-empty-classes", "N", "Most classes without a box"), "empty-classes <= {0}"),
        (Limit("--max-flaws", "N", "Most flaws that are more than a note"), "flaws <= {0}"),
    ];

    private readonly Option<bool> _noLeak = new("--no-leak") { Description = "No image may stand in two parts" };
    private readonly Option<string[]> _rules = new("--rule")
    {
        Description = "A rule as a policy file has it; may be given more than once",
        HelpName = "RULE",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "A file of rules: { \"rules\": [\"evenness >= 0.7\", ...] }",
        HelpName = "FILE",
    };

    public GateOptions() => _rules.AcceptParsed(text => PolicyRule.Parse(text));

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (option, _) in _limits) command.Add(option);
        command.Add(_noLeak);
        command.Add(_rules);
        command.Add(_policy);
    }

    /// <summary>Whether there is any rule.</summary>
    public bool IsAnyGiven(CommandResult result)
        => _limits.Select(limit => (Option)limit.Option).Append(_noLeak).Append(_rules).Append(_policy)
            .Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>All rules together.</summary>
    /// <exception cref="InputException">The policy file cannot be read.</exception>
    public Policy Policy(ParseResult parsed)
    {
        var texts = _limits
            .Where(limit => parsed.GetValue(limit.Option) is not null)
            .Select(limit => string.Format(CultureInfo.InvariantCulture, limit.Rule, parsed.GetValue(limit.Option)))
            .Concat(parsed.GetValue(_noLeak) ? ["leaks = 0"] : [])
            .Concat(parsed.GetValue(_rules) ?? []);
        var file = parsed.GetValue(_policy) is { } path ? Ballast.Policy.Load(path) : null;
        return new() { Rules = [.. texts.Select(PolicyRule.Parse), .. file?.Rules ?? []] };
    }

    private static Option<double?> Limit(string name, string value, string description) => new(name) { Description = description, HelpName = value };
}
