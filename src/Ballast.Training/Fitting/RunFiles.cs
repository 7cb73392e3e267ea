namespace Ballast.Training;

/// <summary>The files of a run beside those that use the detector: what it goes on from, and what is said of it.</summary>
internal sealed class RunFiles(string path)
{
    private const int MostDifferences = 5;

    /// <summary>What using the detector takes.</summary>
    public RunFolder Folder { get; } = new(path);

    /// <summary>What it goes on from.</summary>
    public CheckpointFolder Checkpoints => Folder.Checkpoints;

    /// <summary>The telemetry.</summary>
    public string Telemetry => At("telemetry.jsonl");

    /// <summary>The report.</summary>
    public string Report => At("run.html");

    /// <summary>What the last checkpoint found on validation, COCO results.</summary>
    public string Detections => At("detections.json");

    /// <summary>What it came to; its presence says that the run is finished.</summary>
    public string Result => At("result.json");

    private string Recipe => At("recipe.json");

    private string Split => At("split.json");

    /// <summary>Checks that a plan fits what is in the folder.</summary>
    /// <exception cref="InputException">A run is there and is not resumed, none is there to resume, or it is of another recipe; the difference is named.</exception>
    public void Check(TrainingPlan plan)
    {
        var holdsRun = File.Exists(Recipe);
        if (!plan.Resume)
        {
            if (holdsRun) throw new InputException($"'{path}' holds a run already. Go on with --resume, or name another folder with -o.");
            if (File.Exists(path)) throw new InputException($"'{path}' is a file. Name a folder with -o.");
            return;
        }

        if (!holdsRun) throw new InputException($"'{path}' holds no run to go on with. Begin one without --resume.");
        // A run is called as it likes, may be found from elsewhere, and learns the same however it is looked at.
        var (kept, asked) = (Folder.LoadRecipe(), plan.Recipe);
        var differences = RecipeDifference.Between(kept with { Name = null, About = null, Telemetry = new() }, asked with { Name = null, About = null, Telemetry = new() });
        if (differences.Count == 0) return;
        var some = string.Join("; ", differences.Take(MostDifferences)) + (differences.Count > MostDifferences ? $"; and {differences.Count - MostDifferences} more" : "");
        throw new InputException($"'{path}' is of another recipe: {some}. Resume with the recipe it was begun with (ballast train --resume -o {Shell.Quote(path)}), or begin anew in another folder.");
    }

    /// <summary>Writes what the run is, before its first step.</summary>
    public void Begin(TrainingRecipe recipe, DatasetFacts facts, DatasetSplit? split)
    {
        Write(Recipe, RecipeReader.ToJson(recipe));
        Write(At("facts.json"), RecipeReader.ToJson(facts));
        if (split is not null) Write(Split, RecipeReader.ToJson(split));
    }

    /// <summary>The split the run was begun with; null when it made none.</summary>
    public DatasetSplit? LoadSplit() => File.Exists(Split) ? RecipeReader.Load<DatasetSplit>(Split) : null;

    /// <summary>What telemetry says of the epochs so far; the file grows with every step, so it is read once for all that is asked after an epoch.</summary>
    public MeasuredEpochs Measured() => new(TelemetryFile.Read(Telemetry));

    /// <summary>The course so far.</summary>
    public RunHistory History(DatasetFacts facts) => new([.. facts.Classes], TelemetryFile.Read(Telemetry));

    private static void Write(string file, string text) => AtomicFile.Write(file, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private string At(string name) => Path.Combine(path, name);
}
