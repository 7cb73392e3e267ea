namespace Ballast.Training;

/// <summary>The weights that a training starts from instead of random ones.</summary>
internal static class StartingWeights
{
    private const int NamesSaid = 3;

    /// <summary>What a file says of itself when background stands last in the rows of its second stage.</summary>
    internal const string BackgroundKey = "background";

    /// <summary>The value of <see cref="BackgroundKey"/> in what Ballast writes; torchvision's files say nothing and have it first.</summary>
    internal const string BackgroundLast = "last";

    /// <summary>Refuses stages that are frozen at random weights.</summary>
    /// <exception cref="InputException">Stages are frozen and no weights are named.</exception>
    public static void Check(DetectorOptions options)
    {
        if (options.Backbone.StagesFrozen is > 0 and var frozen && options.Weights is null)
            throw new InputException($"detector.backbone.frozenStages is {frozen} and detector.weights is missing: stages frozen at random weights learn nothing. "
                + "Name weights (--weights FILE), or set frozenStages to 0.");
    }

    /// <summary>Fills a detector with what fits of the file that its options name.</summary>
    /// <param name="detector">As it was built.</param>
    /// <param name="path">Weights of a backbone or of a detector, of torchvision or Ballast.</param>
    /// <returns>What was loaded and what was not, a sentence.</returns>
    /// <exception cref="InputException">The file cannot be read, nothing in it fits, or a frozen stage would stay random.</exception>
    public static string Load(Detector detector, string path)
    {
        using var file = WeightsFile.Read(path);
        var report = detector.Load(file, Meeting(detector, file));
        if (report.Loaded.Count == 0) throw new InputException($"Nothing of '{path}' fits the detector: {report.Summary(NamesSaid)} Take weights of the same architecture.");
        CheckFrozen(detector, report, path);
        return $"weights of {path}: {report.Summary(NamesSaid)}";
    }

    private static WeightsLoadOptions Meeting(Detector detector, WeightsFile file)
    {
        if (file.Metadata.ContainsKey("detector") && file.Metadata.ContainsKey("step")) return new() { From = Checkpoint.PrefixToUse(file), Into = "" };
        if (detector.Options is not FasterRCNNOptions options || file.Metadata.GetValueOrDefault(BackgroundKey) == BackgroundLast) return new();
        return new() { Adapt = (name, weight) => BackgroundRows.Last(options, detector.Facts.Classes.Count, name, weight) };
    }

    private static void CheckFrozen(Detector detector, WeightsReport report, string path)
    {
        if (detector.Options.Backbone.StagesFrozen == 0) return;
        var loaded = report.Loaded.ToHashSet(StringComparer.Ordinal);
        var random = detector.named_parameters().Where(pair => !pair.parameter.requires_grad && !loaded.Contains(pair.name)).Select(pair => pair.name).ToArray();
        if (random.Length > 0)
            throw new InputException($"'{path}' does not fill {random[0]}{(random.Length > 1 ? $" and {random.Length - 1} more" : "")}, which detector.backbone.frozenStages keeps from learning. "
                + "Freeze fewer stages, or take weights that hold them.");
    }
}
