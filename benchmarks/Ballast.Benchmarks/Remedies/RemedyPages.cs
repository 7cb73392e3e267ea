using System.Text;
using Ballast.Training;

namespace Ballast.Benchmarks;

/// <summary>
/// The generated parts of docs/remedies and docs/imbalances: from the catalogue, the records' own options, and measured without training. People write what stands
/// between them.
/// </summary>
internal sealed class RemedyPages(MeasuredEffects effects)
{
    /// <summary>The page of a remedy with its parts written anew; a page that is not there yet starts with the fixed sections.</summary>
    public string Remedy(Remedy remedy, string? page)
    {
        var text = page ?? Skeleton(remedy.Title);
        foreach (var (name, content) in Parts(remedy)) text = MarkedText.Replace(text, name, content);
        return text;
    }

    /// <summary>The page of an imbalance with its list of remedies written anew.</summary>
    public static string Imbalance(Imbalance imbalance, string? page)
    {
        var text = page ?? $"# {imbalance.Family}: {imbalance.Subject}\n\n{MarkedText.Of("remedies", "")}\n";
        return MarkedText.Replace(text, "remedies", Table(Remedies.Of(imbalance), "../remedies/"));
    }

    /// <summary>The list of all remedies by imbalance.</summary>
    public static string Index(string? page)
    {
        var text = page ?? $"# Remedies\n\n{MarkedText.Of("remedies", "")}\n";
        var all = Ballast.Imbalance.All.Select(imbalance => $"## [{imbalance.Family}: {imbalance.Subject}](../imbalances/{imbalance.Id}.md)\n\n{Table(Remedies.Of(imbalance), "")}");
        return MarkedText.Replace(text, "remedies", string.Join("\n\n", all));
    }

    private IEnumerable<(string Name, string Content)> Parts(Remedy remedy)
    {
        var also = string.Concat(remedy.Also.Select(imbalance => $", and [{imbalance.Family}: {imbalance.Subject}](../imbalances/{imbalance.Id}.md)"));
        var imbalance = remedy.Imbalance;
        yield return ("imbalance", $"Against [{imbalance.Family}: {imbalance.Subject}](../imbalances/{imbalance.Id}.md){also}. {Capital(remedy.Family.Name)} `{remedy.Kind}`"
            + $"{(remedy.IsBaseline ? ": what the others of its family are compared with" : "")}.");
        yield return ("formula", $"```text\n{remedy.Formula}\n```");
        yield return ("helps", $"- **Helps:** {remedy.Helps}\n- **Harms:** {remedy.Harms}");
        yield return ("options", Options(remedy));
        yield return ("recipe", remedy.Recipe.Length == 0 ? "Recipes have no place for it yet; it is used from code." : $"```json\n{{ {remedy.RecipeLine} }}\n```");
        yield return ("code", $"```csharp\n{remedy.Code}\n```");
        yield return ("effect", effects.Of(remedy));
        yield return ("paper", remedy.Papers.Count == 0 ? "Folklore; no paper of its own." : string.Join('\n', remedy.Papers.Select(paper => $"- {Cited(paper)}")));
    }

    private static string Options(Remedy remedy)
    {
        var options = RemedyTypes.Options(remedy);
        if (options.Count == 0) return "None.";
        var table = new StringBuilder("| option | takes | default | meaning |\n|---|---|---|---|\n");
        foreach (var option in options)
        {
            var rule = option.Rule.Length > 0 ? $", {option.Rule}" : "";
            table.Append($"| `{option.Name}` | {option.Takes}{rule} | {(option.Default is "absent" or "required" ? option.Default : $"`{option.Default}`")} | {Escaped(option.Meaning)} |\n");
        }

        return table.ToString();
    }

    private static string Table(IEnumerable<Remedy> remedies, string folder)
    {
        var rows = remedies.Select(remedy => $"| [`{remedy.Kind}`]({folder}{remedy.Kind}.md) | {remedy.Title}{(remedy.IsBaseline ? " (baseline)" : "")} | {remedy.Family.Name} | {remedy.Helps} |").ToArray();
        return rows.Length == 0 ? "None in this version." : $"| remedy | | family | helps |\n|---|---|---|---|\n{string.Join('\n', rows)}";
    }

    private static string Cited(Paper paper)
    {
        var link = paper.ArXiv.Length > 0 ? $", [arXiv:{paper.ArXiv}](https://arxiv.org/abs/{paper.ArXiv})" : "";
        return $"{paper.Authors} *{paper.Title}{(paper.Title.EndsWith('?') ? "" : ".")}* {paper.Venue} {paper.Year}{link}.";
    }

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Skeleton(string title) => $"""
        # {Capital(title)}

        {MarkedText.Of("imbalance", "")}

        ## Formula

        {MarkedText.Of("formula", "")}

        ## When it helps, when it harms

        {MarkedText.Of("helps", "")}

        ## Options

        {MarkedText.Of("options", "")}

        ## In a recipe

        {MarkedText.Of("recipe", "")}

        ## In code

        {MarkedText.Of("code", "")}

        ## Measured effect

        {MarkedText.Of("effect", "")}

        ## Paper

        {MarkedText.Of("paper", "")}

        """;
}
