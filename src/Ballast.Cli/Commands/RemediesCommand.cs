using System.CommandLine;

namespace Ballast.Cli;

/// <summary><c>ballast remedies [KIND] [--imbalance X]</c>: what there is against which imbalance, or one remedy with its options.</summary>
internal static class RemediesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var kind = new Argument<string?>("KIND") { Description = "A remedy, to see all of it: focal, giou ...", Arity = ArgumentArity.ZeroOrOne, HelpName = "KIND" };
        kind.CompletionSources.Add([.. Remedies.All.Select(remedy => remedy.Kind)]);
        kind.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                try
                {
                    Remedies.Named(token.Value);
                }
                catch (InputException e)
                {
                    result.AddError(e.Message);
                }
            }
        });
        var imbalance = new Option<string?>("--imbalance") { Description = "Only remedies against this: class, scale, spatial, objective, or one of the findings", HelpName = "X" }
            .AcceptWords([.. Imbalance.Words]);
        var json = new Option<bool>("--json") { Description = "Print them as JSON, with their options" };
        var command = new Verb("remedies", "List the remedies by imbalance, or show one with its options")
        {
            Examples = ["ballast remedies", "ballast remedies --imbalance class", "ballast remedies focal"],
        };
        command.Add(kind);
        command.Add(imbalance);
        command.Add(json);
        command.Validators.Add(result =>
        {
            if (result.GetResult(kind) is { Tokens.Count: > 0 } && result.GetValue(imbalance) is not null) result.AddError("a KIND is one remedy and --imbalance asks for several; give one of them.");
        });
        command.SetAction(parsed =>
        {
            var view = new RemediesView(session.Terminal);
            var one = parsed.GetValue(kind) is { } word ? Remedies.Named(word) : null;
            IReadOnlyList<Imbalance> against = parsed.GetValue(imbalance) is { } name ? Imbalance.Named(name) : Imbalance.All;
            if (parsed.GetValue(json)) session.Terminal.Json(stream => RemediesView.WriteJson(stream, one is not null ? [one] : [.. against.SelectMany(Remedies.Of)]));
            else if (one is not null) view.WriteOne(one);
            else view.WriteList(against);
        });
        return command;
    }
}
