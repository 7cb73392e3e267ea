using System.Text.Json;

namespace Ballast.Training.Tests;

/// <summary>Whole runs on a small detector and four images; libtorch's generator is theirs alone, for their bits are compared.</summary>
[Collection(nameof(Alone))]
public sealed class TrainingRunTests : IDisposable
{
    /// <summary>Four steps, a look inside the first, two epochs and what each found again.</summary>
    private const int WholeTelemetry = 4 + 1 + 2 + 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_what_using_it_and_reading_of_it_takes()
    {
        var view = new RecordedView();
        var result = TrainingRun.Train(Plan("run"), view, view.Cancellation);
        foreach (var file in new[] { "recipe.json", "facts.json", "weights.safetensors", "thresholds.json", "telemetry.jsonl", "detections.json", "result.json", "run.html", "checkpoints/last.safetensors" })
            Assert.True(File.Exists(At("run", file)), file);
        using var detector = TrainedDetector.Open(At("run", ""));
        Assert.Equal(["red", "green", "blue"], detector.Classes);
        Assert.Equal(result.Thresholds, detector.Thresholds);
        Assert.Equal([1L, 2, 3, 4], view.Steps.Select(step => step.Step));
        Assert.Equal([1, 2], view.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(view.Epochs[^1].AP, result.AP);
        Assert.NotEmpty(view.Estimates);
        Assert.NotNull(view.Outlook);
        Assert.Equal(WholeTelemetry, TelemetryFile.Read(At("run", "telemetry.jsonl")).Count);
        using var json = JsonDocument.Parse(File.ReadAllText(At("run", "result.json")));
        Assert.Equal(["AP", "AP50", "classes", "seconds", "secondsPerStep", "peakMiB"], json.RootElement.EnumerateObject().Select(member => member.Name).TakeLast(6));
        Assert.True(json.RootElement.GetProperty("peakMiB").GetDouble() > 1);
    }

    [Fact]
    public void What_it_found_is_measured_the_same_from_its_file()
    {
        var view = new RecordedView();
        var result = TrainingRun.Train(Plan("run"), view, view.Cancellation);
        var read = CocoEvaluation.Of(result.Evaluation.Truth, DetectionResults.Read(At("run", "detections.json"), result.Evaluation.Truth, new() { Classes = ClassNaming.Id, Images = ImageNaming.Id }));
        Assert.Equal(result.AP, read.Overall.AP, 12);
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_bits()
    {
        TrainingRun.Train(Plan("whole"), new RecordedView());
        foreach (var after in new long[] { 1, 2, 3 })
        {
            var (stopped, name) = (new RecordedView { StopAfter = after }, $"stopped-{after}");
            Assert.ThrowsAny<OperationCanceledException>(() => TrainingRun.Train(Plan(name), stopped, stopped.Cancellation));
            Assert.Contains(stopped.Notes, note => note.Contains($"stopped after step {after} of 4", StringComparison.Ordinal));
            TrainingRun.Train(Plan(name) with { Resume = true }, new RecordedView());
            Assert.Equal(File.ReadAllBytes(At("whole", "weights.safetensors")), File.ReadAllBytes(At(name, "weights.safetensors")));
            Assert.Equal(Timeless("whole"), Timeless(name));
        }
    }

    [Fact]
    public void A_run_that_was_stopped_while_it_measured_measures_when_it_goes_on()
    {
        var stopped = new RecordedView { StopIn = "measuring epoch 1" };
        Assert.ThrowsAny<OperationCanceledException>(() => TrainingRun.Train(Plan("run"), stopped, stopped.Cancellation));
        Assert.Empty(stopped.Epochs);
        var resumed = new RecordedView();
        TrainingRun.Train(Plan("run") with { Resume = true }, resumed);
        Assert.Equal([1, 2], resumed.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal([3L, 4], resumed.Steps.Select(step => step.Step));
    }

    [Theory]
    [InlineData("retinanet")]
    [InlineData("faster-rcnn")]
    [InlineData("ssd")]
    public void Looking_inside_changes_no_bit(string kind)
    {
        TrainingRun.Train(Watched("seen", kind, new() { Every = 1, RecallFraction = 1, TensorBoard = true }), new RecordedView());
        TrainingRun.Train(Watched("unseen", kind, new() { Every = 0, RecallFraction = 0 }), new RecordedView());
        Assert.Equal(File.ReadAllBytes(At("unseen", "weights.safetensors")), File.ReadAllBytes(At("seen", "weights.safetensors")));
        var run = RunTelemetry.Read(At("seen", ""));
        Assert.Equal([1L, 2, 3, 4], run.Probes.Select(probe => probe.Step));
        Assert.Equal([1, 2], run.Recalls.Select(recall => recall.Epoch));
        Assert.All(run.Recalls, recall => Assert.Equal(run.Recalls[0].TrainingObjects.Sum(), recall.TrainingObjects.Sum()));
        Assert.Single(Directory.GetFiles(At("seen", ""), "events.out.tfevents.*"));
        Assert.All(TelemetryFile.Read(At("unseen", "telemetry.jsonl")), line => Assert.True(line is StepLine or EpochLine));
        Assert.Empty(Directory.GetFiles(At("unseen", ""), "events.out.tfevents.*"));
    }

    [Fact]
    public void A_run_goes_on_however_it_is_looked_at_and_has_each_line_once()
    {
        var stopped = new RecordedView { StopAfter = 3 };
        Assert.ThrowsAny<OperationCanceledException>(() => TrainingRun.Train(Watched("run", "retinanet", new() { Every = 1 }), stopped, stopped.Cancellation));

        // What a process that is killed leaves of steps after its checkpoint.
        var (telemetry, third, fourth) = (File.ReadAllLines(At("run", "telemetry.jsonl")), "\"step\":3", "\"step\":4");
        File.AppendAllLines(At("run", "telemetry.jsonl"), telemetry.Where(line => line.Contains(third, StringComparison.Ordinal)).Select(line => line.Replace(third, fourth, StringComparison.Ordinal)));
        Assert.True(File.ReadAllLines(At("run", "telemetry.jsonl")).Length > telemetry.Length);
        TrainingRun.Train(Watched("run", "retinanet", new() { Every = 2 }) with { Resume = true }, new RecordedView());
        var run = RunTelemetry.Read(At("run", ""));
        Assert.Equal([1L, 2, 3, 4], run.Steps.Select(step => step.Step));
        Assert.Equal([1L, 2, 3, 4], run.Probes.Select(probe => probe.Step));
        Assert.Equal([1, 2], run.Recalls.Select(recall => recall.Epoch));
    }

    [Fact]
    public void The_best_checkpoint_holds_the_weights_to_use_of_the_epoch_that_was_best()
    {
        var plan = Plan("run");
        plan = plan with { Recipe = plan.Recipe with { Training = plan.Recipe.Training with { AverageDecay = 0.9, Epochs = 1 } } };
        TrainingRun.Train(plan, new RecordedView());
        using var last = new RunFolder(At("run", "")).LoadDetector();
        using var best = new RunFolder(At("run", "")).LoadDetector(checkpoint: RunCheckpoint.Best);
        var expected = last.state_dict();
        Assert.All(best.state_dict(), pair => Assert.True(pair.Value.eq(expected[pair.Key]).all().item<bool>(), pair.Key));
        using var open = TrainedDetector.Open(At("run", ""), checkpoint: RunCheckpoint.Best);
        Assert.Equal(new RunFolder(At("run", "")).LoadThresholds(), open.Thresholds);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(-1, 4)]
    public void A_run_that_goes_on_knows_how_good_its_best_was(double first, long expected)
    {
        var stopped = new RecordedView { StopAfter = 3 };
        Assert.ThrowsAny<OperationCanceledException>(() => TrainingRun.Train(Plan("run"), stopped, stopped.Cancellation));
        var best = At("run", "checkpoints/best.safetensors");
        Assert.Equal(2, Checkpoint.StepOf(best));

        // As if the first epoch had been better, or worse, than the second can be.
        var lines = TelemetryFile.Read(At("run", "telemetry.jsonl")).Select(line => line is EpochLine epoch ? epoch with { AP = first } : line).ToArray();
        using (var writer = new TelemetryWriter(At("run", "telemetry.jsonl")))
        {
            foreach (var line in lines) writer.Write(line);
        }

        TrainingRun.Train(Plan("run") with { Resume = true }, new RecordedView());
        Assert.Equal(expected, Checkpoint.StepOf(best));
        Assert.Equal(4, Checkpoint.StepOf(At("run", "checkpoints/last.safetensors")));
    }

    [Fact]
    public void What_works_against_itself_is_said_before_the_first_step()
    {
        var (plan, view) = (Plan("run"), new RecordedView { StopIn = "measuring epoch 1" });
        plan = plan with { Recipe = RecipeSetting.Apply(plan.Recipe, [RecipeSetting.Parse("detector.sampler.type=random")]) };
        Assert.ThrowsAny<OperationCanceledException>(() => TrainingRun.Train(plan, view, view.Cancellation));
        Assert.Contains(view.Notes, note => note.Contains("hardness counts twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_cut_short_is_passed_over_and_said()
    {
        TrainingRun.Train(Plan("run"), new RecordedView());
        var last = At("run", "checkpoints/last.safetensors");
        File.WriteAllBytes(last, File.ReadAllBytes(last)[..1000]);
        var view = new RecordedView();
        TrainingRun.Train(Plan("run") with { Resume = true }, view);
        Assert.Contains(view.Notes, note => note.Contains("Went on from the one before it", StringComparison.Ordinal));
        Assert.Equal([3L, 4], view.Steps.Select(step => step.Step));
        Assert.Equal(WholeTelemetry, TelemetryFile.Read(At("run", "telemetry.jsonl")).Count);
    }

    [Fact]
    public void Another_recipe_is_refused_by_the_member_that_differs()
    {
        TrainingRun.Train(Plan("run"), new RecordedView());
        var other = Plan("run") with { Resume = true };
        other = other with { Recipe = RecipeSetting.Apply(other.Recipe, [RecipeSetting.Parse("detector.boxLoss.type=giou")]) };
        var error = Assert.Throws<InputException>(() => TrainingRun.Train(other, new RecordedView()));
        Assert.Contains("""detector.boxLoss.type "l1" -> "giou";""".TrimEnd(';'), error.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", Assert.Throws<InputException>(() => TrainingRun.Train(Plan("run"), new RecordedView())).Message, StringComparison.Ordinal);
        Assert.Contains("no run to go on with", Assert.Throws<InputException>(() => TrainingRun.Train(Plan("none") with { Resume = true }, new RecordedView())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_parts_is_split_and_the_split_is_kept()
    {
        var path = PaintedSet.Write(_folder.At(""), "one", Enumerable.Range(0, 5));
        var plan = Plan("run");
        plan = plan with { Recipe = plan.Recipe with { Data = path, TrainOn = null, ValidateOn = null, Training = plan.Recipe.Training with { Epochs = 1 } } };
        TrainingRun.Train(plan, new RecordedView());
        var split = RecipeReader.Load<DatasetSplit>(At("run", "split.json"));
        Assert.Equal([4, 1], split.Parts.Select(part => part.Images.Count));
        var view = new RecordedView();
        TrainingRun.Train(plan with { Resume = true }, view);
        Assert.Empty(view.Steps);
        Assert.Equal(split, RecipeReader.Load<DatasetSplit>(At("run", "split.json")));
    }

    [Fact]
    public void A_race_trains_every_entry_ends_with_a_verdict_and_goes_on()
    {
        var plan = Plan("race");
        var race = new RacePlan { Recipe = plan.Recipe with { Training = plan.Recipe.Training with { Epochs = 1 } }, Vary = ["detector.boxLoss.type=l1,giou"], Seeds = 2 };
        var names = new List<string>();
        var result = TrainingRace.Run(race, plan, (name, number, all) => names.Add($"{number}/{all} {name}"), new RecordedView());
        Assert.Equal(["1/4 boxLoss=l1, seed 1", "2/4 boxLoss=l1, seed 2", "3/4 boxLoss=giou, seed 1", "4/4 boxLoss=giou, seed 2"], names);
        Assert.Single(result.Comparison!.Comparison.Pairs);
        Assert.Equal(2, result.Comparison.Detectors[0].Runs.Count);
        Assert.True(File.Exists(At("race", "race.html")));
        var again = new RecordedView();
        var resumed = TrainingRace.Run(TrainingRace.Load(At("race", "")), plan, (_, _, _) => { }, again);
        Assert.Empty(again.Steps);
        Assert.Equal(result.Entries.SelectMany(entry => entry.Runs).Select(run => run.AP), resumed.Entries.SelectMany(entry => entry.Runs).Select(run => run.AP));
        Assert.Contains("another race", Assert.Throws<InputException>(() => TrainingRace.Run(race with { Seeds = 3 }, plan, (_, _, _) => { }, new RecordedView())).Message, StringComparison.Ordinal);
    }

    private TrainingPlan Watched(string name, string kind, TelemetryOptions telemetry)
    {
        var plan = Plan(name);
        return plan with { Recipe = plan.Recipe with { Telemetry = telemetry, Detector = SmallDetectors.Of(kind) } };
    }

    private TrainingPlan Plan(string name)
    {
        if (!File.Exists(Path.Combine(_folder.At(""), "train.json")))
        {
            PaintedSet.Write(_folder.At(""), "train", Enumerable.Range(0, 4));
            PaintedSet.Write(_folder.At(""), "val", Enumerable.Range(0, 2));
        }

        return new()
        {
            Folder = At(name, ""),
            Replicates = 0,
            Recipe = new()
            {
                Detector = SmallDetectors.Of("retinanet"),
                TrainOn = Path.Combine(_folder.At(""), "train.json"),
                ValidateOn = Path.Combine(_folder.At(""), "val.json"),
                Loader = new() { BatchSize = 2, Threads = 1 },
                Training = new() { Epochs = 2, Schedule = new ConstantSchedule() },
            },
        };
    }

    private string At(string run, string file) => Path.Combine(_folder.At(""), "runs", run, file).TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>The telemetry of a run without what depends on the clock.</summary>
    private TelemetryLine[] Timeless(string run) => [.. TelemetryFile.Read(At(run, "telemetry.jsonl")).Select(line => line switch
    {
        StepLine step => step with { Seconds = 0 },
        EpochLine epoch => epoch with { Seconds = 0, PeakMiB = 0 },
        ProbeLine probe => probe with { Seconds = 0 },
        RecallLine recall => (TelemetryLine)(recall with { Seconds = 0 }),
        _ => line,
    })];
}
