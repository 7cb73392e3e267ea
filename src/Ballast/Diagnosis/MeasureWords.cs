namespace Ballast;

/// <summary>How measures are written for people: their units, and names that read as words where the stable name does not.</summary>
internal static class MeasureWords
{
    private const string Percent = "%";
    private const string Factor = "x";

    private static readonly Dictionary<string, (string Unit, string Label)> Known = new(StringComparer.Ordinal)
    {
        ["ratio"] = (Factor, "commonest to rarest class"),
        ["median-ratio"] = (Factor, "commonest to median class"),
        ["gini"] = ("", "Gini"),
        ["cv"] = ("", "coefficient of variation"),
        ["evenness"] = ("", "evenness over classes"),
        ["kl"] = ("", "KL to equal classes"),
        ["empty-images"] = (Percent, ""),
        ["background-per-positive"] = ("", "background for one positive"),
        ["background-over-usual"] = (Factor, "background over the usual"),
        ["matched"] = (Percent, "objects with an anchor"),
        ["matched-worst"] = (Percent, "objects with an anchor, worst class"),
        ["object-area"] = (Percent, "area under objects"),
        ["median-px"] = ("px", "median side"),
        ["under8"] = (Percent, "objects under 8 px"),
        ["under16"] = (Percent, "objects under 16 px"),
        ["under32"] = (Percent, "objects under 32 px"),
        ["under16-worst-class"] = (Percent, "under 16 px, worst class"),
        ["beyond-1-to-3"] = (Percent, "longer than 1 : 3"),
        ["mean-iou"] = ("", "mean IoU of positives"),
        ["mean-iou-over-usual"] = ("", "mean IoU over the usual"),
        ["best-possible-recall"] = (Percent, ""),
        ["edge-share"] = (Percent, "centres near an edge"),
        ["touching-edge"] = (Percent, "boxes at an edge"),
    };

    /// <summary>The measure with its unit and words; what a finding has set itself stays.</summary>
    public static Measure Say(Measure measure)
    {
        var (unit, label) = Known.TryGetValue(measure.Name, out var words) ? words : (UnitByName(measure.Name), "");
        return measure with { Unit = measure.Unit.Length > 0 ? measure.Unit : unit, Label = measure.Label.Length > 0 ? measure.Label : label };
    }

    private static string UnitByName(string name)
    {
        if (name.EndsWith("-fraction", StringComparison.Ordinal) || name.EndsWith("-worst-tenth", StringComparison.Ordinal)) return Percent;
        if (name.StartsWith("share-", StringComparison.Ordinal) || name.StartsWith("coco-", StringComparison.Ordinal) || name.StartsWith("scaled-", StringComparison.Ordinal)) return Percent;
        return name.EndsWith("-spread", StringComparison.Ordinal) ? Factor : "";
    }
}
