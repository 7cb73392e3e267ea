using System.Text.Json;

namespace Ballast.Training;

/// <summary>What is raced: a recipe, what varies in it, and over how many seeds. It is kept in the race's folder, so that the race can go on.</summary>
public sealed record RacePlan
{
    private readonly int _seeds = 1;

    /// <summary>What they all have in common.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>What varies, "path=value,value" each; every combination is trained.</summary>
    public required Values<string> Vary { get; init; }

    /// <summary>Runs of each combination, each of another seed: the recipe's and those that follow.</summary>
    public int Seeds { get => _seeds; init => _seeds = Requires.AtLeastOne<RacePlan>(value); }
}

/// <summary>One combination of a race that was trained.</summary>
/// <param name="Name">What tells it from the others: "boxLoss=giou".</param>
/// <param name="Settings">The settings that make it.</param>
/// <param name="Runs">Its runs, a seed each.</param>
public sealed record RaceEntry(string Name, Values<RecipeSetting> Settings, IReadOnlyList<TrainingResult> Runs);

/// <summary>What a race came to.</summary>
/// <param name="Entries">The combinations, in the order of the grid.</param>
/// <param name="Refused">Combinations that contradict themselves, and why.</param>
/// <param name="Comparison">Whether they differ; null when only one is left.</param>
public sealed record RaceResult(IReadOnlyList<RaceEntry> Entries, IReadOnlyList<(string Name, string Reason)> Refused, ComparisonSummary? Comparison)
{
    /// <summary>Writes it as JSON for programs.</summary>
    public void WriteJson(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartArray("entries");
        foreach (var entry in Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("name", entry.Name);
            writer.Texts("settings", entry.Settings.Select(setting => setting.ToString()));
            writer.Figure("AP", entry.Runs.Average(run => run.AP));
            writer.Figure("AP50", entry.Runs.Average(run => run.AP50));
            writer.WriteStartArray("runs");
            foreach (var run in entry.Runs) run.Write(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("refused");
        foreach (var (name, reason) in Refused)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("reason", reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Texts("verdicts", Comparison is null ? [] : Comparison.Comparison.Pairs.Select(Comparison.Verdict));
        writer.WriteEndObject();
    }
}

/// <summary>
/// Trains every combination of a grid at the same budget, over the same data and seeds, and says whether they differ. Each run has its own folder, so a race that stopped
/// goes on: what is finished is only measured again. The last checkpoint counts, never the best on validation.
/// </summary>
public sealed class TrainingRace
{
    private const string PlanName = "race.json";

    private readonly RacePlan _plan;
    private readonly string _folder;
    private readonly TrainingPlan _template;
    private readonly List<RaceEntry> _entries = [];

    private TrainingRace(RacePlan plan, TrainingPlan template) => (_plan, _folder, _template) = (plan, template.Folder, template);

    /// <summary>Whether a folder holds a race.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, PlanName));

    /// <summary>The plan of the race in a folder.</summary>
    /// <exception cref="InputException">There is none, or it is not what it should be.</exception>
    public static RacePlan Load(string folder)
        => IsIn(folder) ? RecipeReader.Load<RacePlan>(Path.Combine(folder, PlanName)) : throw new InputException($"'{folder}' holds no race to go on with. Begin one without --resume.");

    /// <summary>Races, or goes on racing.</summary>
    /// <param name="plan">What is raced.</param>
    /// <param name="template">Folder, device and how data is read; its recipe is not looked at.</param>
    /// <param name="began">Told the name of each run before it begins, and of how many it is which.</param>
    /// <param name="view">Is told how each run goes.</param>
    /// <param name="options">How the runs are compared; null for the usual way.</param>
    /// <param name="cancellation">Stops it, with a checkpoint of the run that goes.</param>
    /// <exception cref="InputException">The plan does not fit its folder, a variation is wrong in every combination, or a run fails.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static RaceResult Run(RacePlan plan, TrainingPlan template, Action<string, int, int> began, ITrainingView view, ComparisonOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(began);
        return new TrainingRace(plan, template).Run(began, view, options, cancellation);
    }

    private RaceResult Run(Action<string, int, int> began, ITrainingView view, ComparisonOptions? options, CancellationToken cancellation)
    {
        var cells = RecipeGrid.Of(_plan.Recipe, _plan.Vary, recipe => recipe.Validate());
        Begin();
        var refused = cells.Where(cell => cell.Recipe is null).Select(cell => (NameOf(cell.Settings, cells), cell.Refusal!)).ToArray();
        foreach (var (name, reason) in refused) view.Note($"left out: {name}: {reason}");
        var racing = cells.Where(cell => cell.Recipe is not null).ToArray();
        var number = 0;
        foreach (var cell in racing)
        {
            var name = NameOf(cell.Settings, cells);
            var runs = new List<TrainingResult>();
            for (var seed = 0; seed < _plan.Seeds; seed++)
            {
                cancellation.ThrowIfCancellationRequested();
                var recipe = cell.Recipe! with { Name = name, Training = cell.Recipe!.Training with { Seed = cell.Recipe.Training.Seed + seed } };
                began(_plan.Seeds == 1 ? name : $"{name}, seed {recipe.Training.Seed}", ++number, racing.Length * _plan.Seeds);
                var folder = Path.Combine(_folder, SafeName.OfStep(name), $"seed-{recipe.Training.Seed}");
                runs.Add(TrainingRun.Train(_template with { Recipe = recipe, Folder = folder, Resume = new RunFolder(folder).HasRecipe, SplitSeed = _plan.Recipe.Training.Seed }, view, cancellation));
            }

            _entries.Add(new(name, cell.Settings, runs));
        }

        return new(_entries, refused, Compare(options, cancellation));
    }

    /// <summary>Whether the entries differ, on the images they were all measured on.</summary>
    private ComparisonSummary? Compare(ComparisonOptions? options, CancellationToken cancellation)
    {
        if (_entries.Count < 2) return null;
        var first = _entries[0].Runs[0].Evaluation;
        var comparing = (options ?? new()) with { Groups = first.Groups, Cancellation = cancellation };
        var summary = ComparisonSummary.Of(first.Truth, [.. _entries.Select(entry => new ComparedDetector(entry.Name, [.. entry.Runs.Select(run => run.Detections)]))], comparing);
        ComparisonReport.Save(summary, Path.Combine(_folder, "race.html"), cancellation);
        return summary;
    }

    private void Begin()
    {
        if (IsIn(_folder))
        {
            var differences = RecipeDifference.Between(Load(_folder), _plan);
            if (differences.Count > 0) throw new InputException($"'{_folder}' is of another race: {differences[0]}. Go on with the race it was begun with (--resume), or begin anew in another folder.");
            return;
        }

        if (new RunFolder(_folder).HasRecipe) throw new InputException($"'{_folder}' holds a single run. Name another folder for the race with -o.");
        AtomicFile.Write(Path.Combine(_folder, PlanName), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(RecipeReader.ToJson(_plan))));
    }

    /// <summary>The settings by as much of their paths as tells them apart: "boxLoss=giou, rate=0.02".</summary>
    private static string NameOf(Values<RecipeSetting> settings, IReadOnlyList<RecipeCell<TrainingRecipe>> cells)
    {
        var paths = cells[0].Settings.Select(setting => setting.Path).ToArray();
        return string.Join(", ", settings.Select(setting => $"{ShortOf(setting.Path, paths)}={setting.Value}"));
    }

    private static string ShortOf(string path, string[] paths)
    {
        var own = Trimmed(path).Split('.');
        for (var length = 1; length < own.Length; length++)
        {
            var tail = string.Join('.', own[^length..]);
            if (paths.Count(each => Trimmed(each) == tail || Trimmed(each).EndsWith($".{tail}", StringComparison.Ordinal)) == 1) return tail;
        }

        return Trimmed(path);
    }

    private static string Trimmed(string path) => path.EndsWith(".type", StringComparison.Ordinal) ? path[..^5] : path;
}
