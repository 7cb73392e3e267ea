using TorchSharp;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Which of a run's detectors is used.</summary>
public enum RunCheckpoint
{
    /// <summary>That of the last epoch, which is what a run reports.</summary>
    Last,

    /// <summary>That of the epoch whose AP on validation was highest: its figures there are too good, for it was chosen by them.</summary>
    Best,
}

/// <summary>
/// What is left of a training: the recipe, what was known of the data, the weights to use, and from which score each class is reported. The trainer keeps more beside it to
/// go on with; this is what using the detector takes.
/// </summary>
public sealed class RunFolder
{
    private const string RecipeName = "recipe.json";
    private const string FactsName = "facts.json";
    private const string WeightsName = "weights.safetensors";
    private const string ThresholdsName = "thresholds.json";

    private readonly string _path;

    /// <summary>Names a folder; nothing is read or written yet.</summary>
    /// <param name="path">The folder.</param>
    public RunFolder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        (_path, FullPath) = (path, Path.GetFullPath(path));
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>What the run goes on from, and the best it had.</summary>
    internal CheckpointFolder Checkpoints => new(At("checkpoints"));

    /// <summary>Whether a run was begun in it.</summary>
    public bool HasRecipe => File.Exists(At(RecipeName));

    /// <summary>Whether there is a detector in it that can be used.</summary>
    public bool HasDetector => File.Exists(At(RecipeName)) && File.Exists(At(FactsName)) && File.Exists(At(WeightsName));

    /// <summary>Writes what using the detector takes, each file whole or not at all, the weights last.</summary>
    /// <param name="recipe">How it was trained.</param>
    /// <param name="detector">With the weights to use.</param>
    /// <param name="thresholds">Chosen on validation; null when there was none.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Save(TrainingRecipe recipe, Detector detector, ScoreThresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(detector);
        Write(RecipeName, RecipeReader.ToJson(recipe));
        Write(FactsName, RecipeReader.ToJson(detector.Facts));
        if (thresholds is not null) Save(thresholds);
        detector.SaveWeights(At(WeightsName), new Dictionary<string, string> { ["format"] = "pt", [StartingWeights.BackgroundKey] = StartingWeights.BackgroundLast });
    }

    /// <summary>Writes thresholds chosen on validation.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Save(ScoreThresholds thresholds) => Write(ThresholdsName, RecipeReader.ToJson(thresholds));

    /// <summary>The recipe.</summary>
    /// <exception cref="InputException">There is none, or it is no recipe.</exception>
    public TrainingRecipe LoadRecipe() => RecipeReader.Load<TrainingRecipe>(Existing(RecipeName));

    /// <summary>The thresholds, or null when none were chosen.</summary>
    /// <param name="checkpoint">Of which detector.</param>
    /// <exception cref="InputException">The file is not what it should be.</exception>
    public ScoreThresholds? LoadThresholds(RunCheckpoint checkpoint = RunCheckpoint.Last)
    {
        var file = checkpoint == RunCheckpoint.Best ? Checkpoints.BestThresholds : At(ThresholdsName);
        return File.Exists(file) ? RecipeReader.Load<ScoreThresholds>(file) : null;
    }

    /// <summary>Builds the detector and loads its weights.</summary>
    /// <param name="device">Where to put it; null for the processor.</param>
    /// <param name="checkpoint">Which detector.</param>
    /// <exception cref="InputException">A file is missing, or the weights are not of this recipe.</exception>
    public Detector LoadDetector(Device? device = null, RunCheckpoint checkpoint = RunCheckpoint.Last)
    {
        var (recipe, facts) = (LoadRecipe(), RecipeReader.Load<DatasetFacts>(Existing(FactsName)));
        using var weights = WeightsFile.Read(checkpoint == RunCheckpoint.Best ? Existing(Path.GetRelativePath(FullPath, Checkpoints.Best)) : Existing(WeightsName));
        var detector = recipe.Detector.Build(facts);
        try
        {
            var report = detector.Load(weights, new() { From = checkpoint == RunCheckpoint.Best ? Checkpoint.PrefixToUse(weights) : "", Into = "" });
            if (report.Missing.Count + report.Unfit.Count > 0)
                throw new InputException($"'{weights.Path}' is not of the recipe beside it: {Some([.. report.Unfit, .. report.Missing])} {(report.Missing.Count + report.Unfit.Count == 1 ? "does" : "do")} "
                    + "not fit. Take the run's own files.");
            if (device is not null) detector.to(device);
            return detector;
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    private static string Some(IReadOnlyList<string> names) => names.Count <= 3 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more";

    private string Existing(string name)
    {
        if (!Directory.Exists(FullPath)) throw new InputException($"'{_path}' is no folder. Give the folder of a training run.");
        return File.Exists(At(name)) ? At(name) : throw new InputException($"'{_path}' holds no {name}: it is no training run, or one that has not come to its first checkpoint.");
    }

    private void Write(string name, string text) => AtomicFile.Write(At(name), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private string At(string name) => Path.Combine(FullPath, name);
}
