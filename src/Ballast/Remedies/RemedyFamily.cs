namespace Ballast;

/// <summary>What remedies stand in each other's place: the records of one base, at one place of a detector.</summary>
/// <param name="Name">What it is called: "classification loss".</param>
/// <param name="Type">Full name of the base record; empty for remedies that stand alone.</param>
/// <param name="Member">The member of a detector's options and recipe that takes one: "classificationLoss"; empty where there is none yet.</param>
public sealed record RemedyFamily(string Name, string Type, string Member)
{
    /// <summary>Soft sampling: how each candidate's class is paid for.</summary>
    public static RemedyFamily ClassificationLoss { get; } = new("classification loss", "Ballast.Training.ClassificationLoss", "classificationLoss");

    /// <summary>How each box is paid for.</summary>
    public static RemedyFamily BoxLoss { get; } = new("box loss", "Ballast.Training.BoxLoss", "boxLoss");

    /// <summary>How the losses of all stages become one number.</summary>
    public static RemedyFamily Objective { get; } = new("objective", "Ballast.Training.ObjectiveOptions", "objective");

    /// <summary>Which candidates are objects.</summary>
    public static RemedyFamily Assigner { get; } = new("assigner", "Ballast.Assigner", "assigner");

    /// <summary>Which candidates enter the loss, and with what weight.</summary>
    public static RemedyFamily Sampler { get; } = new("sampler", "Ballast.Sampler", "sampler");

    /// <summary>How the maps of the backbone become the pyramid that heads look at.</summary>
    public static RemedyFamily Neck { get; } = new("neck", "Ballast.Training.NeckOptions", "neck");

    /// <summary>How the anchors of a detector of one stage come to be.</summary>
    public static RemedyFamily Anchoring { get; } = new("anchoring", "Ballast.Training.AnchoringOptions", "anchoring");

    /// <summary>How regions are taken out of the pyramid.</summary>
    public static RemedyFamily RoIExtractor { get; } = new("RoI extractor", "Ballast.Training.RoIExtractorOptions", "extractor");

    /// <summary>What stands behind the head of regions.</summary>
    public static RemedyFamily RegionStages { get; } = new("region stages", "", "");

    /// <summary>How objects' losses are weighed again once they are known.</summary>
    public static RemedyFamily Reweighting { get; } = new("reweighting", "", "");

    /// <summary>How often each image is shown.</summary>
    public static RemedyFamily ImageSampling { get; } = new("image sampling", "", "");

    /// <summary>All, in the order a training step meets them.</summary>
    public static IReadOnlyList<RemedyFamily> All { get; } =
        [ImageSampling, Neck, Anchoring, Assigner, Sampler, RoIExtractor, RegionStages, ClassificationLoss, Reweighting, BoxLoss, Objective];
}
