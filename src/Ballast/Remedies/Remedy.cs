namespace Ballast;

/// <summary>
/// A remedy that this version has: what it is against, which record it is, how it is written in a recipe and in code, when it helps and when it harms, where
/// it comes from. The record's own comments hold its options.
/// </summary>
public sealed record Remedy
{
    private readonly string _member = "";

    /// <summary>Its name in recipes, commands and pages: "focal".</summary>
    public required string Kind { get; init; }

    /// <summary>Its name for people: "focal loss".</summary>
    public required string Title { get; init; }

    /// <summary>What it is against.</summary>
    public required Imbalance Imbalance { get; init; }

    /// <summary>What it helps against beside that.</summary>
    public IReadOnlyList<Imbalance> Also { get; init; } = [];

    /// <summary>What it can stand in the place of.</summary>
    public required RemedyFamily Family { get; init; }

    /// <summary>Full name of the type: "Ballast.Training.FocalLoss".</summary>
    public required string Type { get; init; }

    /// <summary>The formula with the paper's names, as plain text.</summary>
    public required string Formula { get; init; }

    /// <summary>When it helps, in one sentence.</summary>
    public required string Helps { get; init; }

    /// <summary>When it harms, in one sentence.</summary>
    public required string Harms { get; init; }

    /// <summary>The record as C#: "new FocalLoss { Gamma = 2 }".</summary>
    public required string Code { get; init; }

    /// <summary>The record as JSON, for <see cref="Member"/>; empty where a recipe has no place for it yet.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>The member of a detector's options and recipe that takes it: that of its family, unless it has one of its own.</summary>
    public string Member { get => _member.Length > 0 ? _member : Family.Member; init => _member = value; }

    /// <summary>Whether it is what the others of its family are compared with.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Where it comes from.</summary>
    public IReadOnlyList<Paper> Papers { get; init; } = [];

    /// <summary>Its page, from the root of the repository.</summary>
    public string Docs => $"docs/remedies/{Kind}.md";

    /// <summary>How its papers are cited.</summary>
    public string Citation => string.Join("; ", Papers.Select(paper => paper.Citation));

    /// <summary>The line of a recipe: <c>"boxLoss": "giou"</c>; empty where a recipe has no place for it yet.</summary>
    public string RecipeLine => Recipe.Length == 0 ? "" : $"\"{Member}\": {Recipe}";
}
