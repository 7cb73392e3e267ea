namespace Ballast;

/// <summary>One of the imbalances of object detection, as the review of Oksuz et al. 2020 (arXiv:1909.00169) divides the field.</summary>
/// <param name="Id">Stable name: of the finding that measures it, of its page, and what commands take: class-background.</param>
/// <param name="Family">class, scale, spatial or objective.</param>
/// <param name="Subject">Which of the family: foreground-background.</param>
/// <param name="Symptom">What a person sees who has it.</param>
public sealed record Imbalance(string Id, string Family, string Subject, string Symptom)
{
    /// <summary>Background outnumbers objects in what a detector is trained on.</summary>
    public static Imbalance ClassBackground { get; } = new("class-background", "class", "foreground-background",
        "for one anchor on an object there are a thousand on background, and their sum rules the classification loss");

    /// <summary>Some classes have many more objects than others.</summary>
    public static Imbalance ClassForeground { get; } = new("class-foreground", "class", "foreground-foreground",
        "the common class is found, the rare one is not, and the mean hides it");

    /// <summary>Objects of some sizes are rare.</summary>
    public static Imbalance ScaleBox { get; } = new("scale-box", "scale", "boxes",
        "small objects vanish at the input side, or large ones are few");

    /// <summary>Some levels of the pyramid do most of the work, and levels know different things.</summary>
    public static Imbalance ScaleLevel { get; } = new("scale-level", "scale", "pyramid levels",
        "one level of the pyramid gets nearly all objects, and coarse levels know little of edges, fine ones little of meaning");

    /// <summary>Few bad boxes rule the box loss, or the loss is not what is measured.</summary>
    public static Imbalance RegressionLoss { get; } = new("regression-loss", "spatial", "regression loss",
        "boxes of the same IoU cost differently, and a few far ones outweigh the many near ones");

    /// <summary>Most positives overlap their object just enough.</summary>
    public static Imbalance IoUDistribution { get; } = new("iou-distribution", "spatial", "IoU of positives",
        "most positives overlap their object just above the threshold, so boxes stay loose");

    /// <summary>Objects stand in some places only.</summary>
    public static Imbalance Location { get; } = new("location", "spatial", "location",
        "objects stand in the middle of images, anchors everywhere");

    /// <summary>One of the losses that are summed outweighs the others.</summary>
    public static Imbalance Objective { get; } = new("objective", "objective", "classes against boxes",
        "classification and box losses differ in size, and one of them rules the shared features");

    /// <summary>All, in the article's order.</summary>
    public static IReadOnlyList<Imbalance> All { get; } =
        [ClassBackground, ClassForeground, ScaleBox, ScaleLevel, RegressionLoss, IoUDistribution, Location, Objective];

    /// <summary>Its page, from the root of the repository.</summary>
    public string Docs => $"docs/imbalances/{Id}.md";

    /// <summary>The imbalances that a word names: one by its id, or all of a family.</summary>
    /// <exception cref="InputException">The word names none.</exception>
    public static IReadOnlyList<Imbalance> Named(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        Imbalance[] named = [.. All.Where(imbalance => imbalance.Id == word || imbalance.Family == word)];
        return named.Length > 0 ? named : throw new InputException($"'{word}' is no imbalance; {NearestWord.Choice(word, [.. Words])}");
    }

    /// <summary>The words that <see cref="Named"/> takes: families, then ids.</summary>
    public static IEnumerable<string> Words => All.Select(imbalance => imbalance.Family).Concat(All.Select(imbalance => imbalance.Id)).Distinct();
}
