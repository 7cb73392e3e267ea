namespace Ballast;

/// <summary>Everything the report's page shows, and nothing else: the page is this object as JSON inside fixed HTML.</summary>
internal sealed record ReportData
{
    /// <summary>Head of the page: "bccd" or "a · b · c".</summary>
    public required string Title { get; init; }

    /// <summary>What kind of report it is, above the title: "diagnosis", "evaluation", "training run", "comparison".</summary>
    public string Kind { get; init; } = "diagnosis";

    /// <summary>One line of overall verdict.</summary>
    public required string Summary { get; init; }

    /// <summary>The data sets: one, or several that are compared (the first is the one the findings speak of).</summary>
    public required IReadOnlyList<ReportDataset> Datasets { get; init; }

    /// <summary>The findings, in the article's order; "data" last.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Ids of the findings that have a tile in the overview; null for all but those of the family "data". Findings without a tile stand after the flaws.</summary>
    public IReadOnlyList<string>? Tiles { get; init; }

    /// <summary>Ids of the findings that carry numbers and no verdict; null for none.</summary>
    public IReadOnlyList<string>? Unjudged { get; init; }

    /// <summary>At most five remedies, best first, over all findings.</summary>
    public required IReadOnlyList<RankedAdvice> First { get; init; }

    /// <summary>Images by key: crops and thumbnails as data URIs.</summary>
    public IReadOnlyList<ReportCrop> Crops { get; init; } = [];

    /// <summary>How this was measured: version, seed, profile, input side, interval method, thresholds.</summary>
    public required IReadOnlyList<Fact> Method { get; init; }
}

/// <summary>A data set in the head of the page.</summary>
internal sealed record ReportDataset(string Name, string Path, string Format, int Images, long Boxes, long Ignored, IReadOnlyList<ReportClass> Classes, IReadOnlyList<ReportPart> Parts, IReadOnlyList<ReportFlaw> Flaws);

/// <summary>A class in the head of the page.</summary>
internal sealed record ReportClass(string Name, long Boxes, long Images);

/// <summary>A part in the head of the page.</summary>
internal sealed record ReportPart(string Name, int Images, long Boxes);

/// <summary>A kind of flaw: count, meaning, and the first few in full.</summary>
internal sealed record ReportFlaw(string Code, string Severity, long Count, string Meaning, IReadOnlyList<string> First);

/// <summary>A remedy with the finding it treats.</summary>
internal sealed record RankedAdvice(string Finding, Advice Advice);

/// <summary>A crop of a user's image.</summary>
/// <param name="Finding">Id of the finding it belongs to; "head" for the thumbnails in the head.</param>
/// <param name="Group">Why it is shown.</param>
/// <param name="Caption">One line.</param>
/// <param name="Uri">data:image/jpeg;base64,...</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
internal sealed record ReportCrop(string Finding, string Group, string Caption, string Uri, int Width, int Height);

/// <summary>A name and a value in "how this was measured".</summary>
internal sealed record Fact(string Name, string Value);
