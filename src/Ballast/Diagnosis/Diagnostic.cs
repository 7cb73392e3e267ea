namespace Ballast;

/// <summary>
/// One finding: the tallies it needs, how an image adds to them, and what they say. Counting and concluding are apart so that counts can be made in shards, saved
/// and added up; concluding reads nothing but the counts (and the data set, where one is at hand, for examples and computed remedies).
/// </summary>
internal abstract class Diagnostic
{
    /// <summary>The finding's stable id.</summary>
    public abstract string Id { get; }

    /// <summary>Declares the tallies of this finding.</summary>
    public virtual void Declare(TallySet counts, CountingOptions options)
    {
    }

    /// <summary>Makes the counter of one worker for one slice; null when nothing is counted by image.</summary>
    public virtual ImageCounter? Counter(TallySet into, CountingOptions options) => null;

    /// <summary>Says what the counts mean.</summary>
    public abstract Finding Conclude(DiagnosisContext context);
}

/// <summary>Adds one image after another to the tallies of a slice. Each worker has its own.</summary>
internal abstract class ImageCounter
{
    /// <summary>Adds an image.</summary>
    /// <param name="image">Its objects.</param>
    /// <param name="weights">1 and the weights in the replicates.</param>
    public abstract void Add(ImageObjects image, ReadOnlySpan<long> weights);
}

/// <summary>What shapes the tallies: everything here is part of a summary's key.</summary>
/// <param name="Classes">Number of classes, K.</param>
/// <param name="Profile">The detector looked at.</param>
/// <param name="Anchors">Whether anchors are matched.</param>
internal sealed record CountingOptions(int Classes, DetectorProfile Profile, bool Anchors);

/// <summary>A data set beside the one the findings speak of (another data set, or a slice): drawn over it in the figures.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Classes">Names of its classes.</param>
/// <param name="Counts">Its counts.</param>
internal sealed record Overlay(string Name, IReadOnlyList<string> Classes, TallySet Counts);

/// <summary>What a finding is concluded from.</summary>
/// <param name="Summary">The counts of all slices.</param>
/// <param name="Options">The profile, and what to compute.</param>
/// <param name="Data">The data set, or null when only a saved summary is at hand.</param>
internal sealed record DiagnosisContext(DatasetSummary Summary, DiagnosisOptions Options, DetectionDataset? Data)
{
    private readonly Dictionary<(DetectorProfile Profile, Assigner? Adaptive), AnchorTrial> _trials = [];

    /// <summary>The counts over all images.</summary>
    public TallySet Counts => Summary.Whole;

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes => Summary.Classes;

    /// <summary>Other data sets or slices to draw beside this one; empty when there is only one.</summary>
    public IReadOnlyList<Overlay> Overlays { get; init; } = [];

    /// <summary>This data set and those drawn beside it, in the legend's order; beside its own slices it is "all".</summary>
    public IEnumerable<Overlay> All => Options.By == SliceBy.None ? Overlays.Prepend(new(Name, Classes, Counts)) : Overlays.Prepend(new("all", Classes, Counts));

    /// <summary>What the legend calls this data set when others are drawn beside it.</summary>
    public string Name => Data?.Name ?? "data";

    /// <summary>The detector looked at.</summary>
    public DetectorProfile Profile => Options.Profile;

    /// <summary>Number of images.</summary>
    public long Images => Summary.Images;

    /// <summary>What a profile would change on the data; several findings ask for the same one, and it is tried once.</summary>
    /// <param name="data">The data set of this context.</param>
    /// <param name="profile">The profile to try.</param>
    /// <param name="adaptive">An assigner in place of the profile's.</param>
    public AnchorTrial Trial(DetectionDataset data, DetectorProfile profile, Assigner? adaptive = null)
    {
        if (!_trials.TryGetValue((profile, adaptive), out var trial)) _trials.Add((profile, adaptive), trial = AnchorTrial.Run(data, profile, Options, adaptive));
        return trial;
    }

    /// <summary>The kind of detector that is looked at: the one of that name, else the one that pools regions or does not.</summary>
    public DetectorProfile Kind => DetectorProfile.Known.FirstOrDefault(known => known.Name == Profile.Name) ?? (Profile.PoolsRegions ? DetectorProfile.FasterRCNN : DetectorProfile.RetinaNet);

    /// <summary>Whether that kind classifies by focal loss, not by cross entropy over what a sampler chose.</summary>
    public bool IsFocal => Kind.Name == DetectorProfile.RetinaNet.Name;

    /// <summary>The setting that weighs the classes of its usual loss by their effective number.</summary>
    public string ClassBalanced => $$"""detector.classificationLoss={"type":"class-balanced","loss":"{{(IsFocal ? "focal" : "cross-entropy")}}"}""";

    /// <summary>
    /// The command that trains the detector looked at with settings of the recipe: its kind and input side stand in it where they are not what is trained anyway.
    /// </summary>
    /// <param name="settings">Members and their values: <c>detector.boxLoss.type=giou</c>.</param>
    public string Train(params string[] settings) => TrainAs(Kind, settings);

    /// <summary>The same for another kind of detector.</summary>
    public string TrainAs(DetectorProfile kind, params string[] settings)
    {
        const string Input = "detector.profile.input";
        var detector = kind.Name == DetectorProfile.RetinaNet.Name ? "" : $" --detector {kind.Name}";
        var input = kind.Input == Profile.Input || settings.Any(setting => setting.StartsWith(Input, StringComparison.Ordinal)) ? "" : $" --set {Input}={Profile.Input}";
        return $"ballast train {DataArgument}{detector}{input}{string.Concat(settings.Select(setting => $" --set {Shell.Quote(setting)}"))}";
    }

    /// <summary>How the data set is written in commands: the path the person gave, quoted where the shell needs it.</summary>
    public string DataArgument => Shell.Quote(Data?.Source.Path ?? "DATA");
}
