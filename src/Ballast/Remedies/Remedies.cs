namespace Ballast;

/// <summary>
/// The catalogue: imbalance, remedy, type, paper, page. Only what this version has is listed, and all of it: tests hold the catalogue to the records by
/// reflection. This half names the types of the differentiable half as text, for it does not reference it.
/// </summary>
public static partial class Remedies
{
    /// <summary>All remedies, by imbalance in the article's order; what others are compared with comes first in its family.</summary>
    public static IReadOnlyList<Remedy> All { get; } =
    [
        .. from imbalance in Imbalance.All
           from remedy in Listed()
           where remedy.Imbalance == imbalance
           select remedy,
    ];

    /// <summary>The remedies of an imbalance: those that are made for it, then those that help against it too.</summary>
    public static IEnumerable<Remedy> Of(Imbalance imbalance)
        => All.Where(remedy => remedy.Imbalance == imbalance).Concat(All.Where(remedy => remedy.Also.Contains(imbalance)));

    /// <summary>The remedy of a kind.</summary>
    /// <exception cref="InputException">There is none; the sentence names the nearest.</exception>
    public static Remedy Named(string kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return All.FirstOrDefault(remedy => remedy.Kind == kind)
            ?? throw new InputException($"'{kind}' is no remedy; {NearestWord.Choice(kind, [.. All.Select(remedy => remedy.Kind)])}");
    }

    private static IEnumerable<Remedy> Listed()
        => [.. ImageSamplers, .. Necks, .. Anchorings, .. Assigners, .. Samplers, .. RoIExtractors, .. RegionStages, .. ClassificationLosses, .. Reweightings, .. BoxLosses, .. Objectives];
}
