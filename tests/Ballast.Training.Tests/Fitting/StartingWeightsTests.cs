using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Runs that start from weights written here.</summary>
[Collection(nameof(Alone))]
public sealed class StartingWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Weights => Path.Combine(_folder.At(""), "start.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("retinanet")]
    [InlineData("faster-rcnn")]
    [InlineData("ssd")]
    public void What_ballast_wrote_gives_equal_outputs_before_the_first_step(string kind)
    {
        using var scope = NewDisposeScope();
        var options = SmallDetectors.Of(kind);
        using var source = options.Build(PaintedScenes.Facts, seed: 5);
        using var target = options.Build(PaintedScenes.Facts, seed: 6);
        new RunFolder(_folder.At("written")).Save(new() { Detector = options }, source);
        var before = Outputs(target);
        var note = StartingWeights.Load(target, Path.Combine(_folder.At("written"), "weights.safetensors"));
        var (expected, weights) = (source.state_dict(), target.state_dict());
        Assert.All(weights, pair => Assert.True(pair.Value.eq(expected[pair.Key]).all().item<bool>(), pair.Key));
        Assert.NotEqual(before, Outputs(target));
        Assert.Equal(Outputs(source), Outputs(target));
        Assert.Contains($"{weights.Count} of {weights.Count} tensors loaded", note, StringComparison.Ordinal);
    }

    [Fact]
    public void Torchvision_has_background_first_and_it_is_put_last()
    {
        using var scope = NewDisposeScope();
        var options = (FasterRCNNOptions)SmallDetectors.Of("faster-rcnn");
        using var source = options.Build(PaintedScenes.Facts, seed: 5);
        using var target = options.Build(PaintedScenes.Facts, seed: 6);
        WeightsFile.Write(Weights, source.state_dict().Select(pair => KeyValuePair.Create(pair.Key, BackgroundRows.First(options, 3, pair.Key, pair.Value))));
        StartingWeights.Load(target, Weights);
        var expected = source.state_dict();
        Assert.All(target.state_dict(), pair => Assert.True(pair.Value.eq(expected[pair.Key]).all().item<bool>(), pair.Key));
    }

    [Fact]
    public void Another_number_of_classes_skips_the_rows_of_the_heads_and_names_them()
    {
        var options = SmallDetectors.Of("retinanet");
        using var source = options.Build(PaintedScenes.Facts with { Classes = ["a", "b"], Objects = [1, 1], ImagesWith = [1, 1] }, seed: 5);
        using var target = options.Build(PaintedScenes.Facts, seed: 6);
        source.SaveWeights(Weights);
        var note = StartingWeights.Load(target, Weights);
        Assert.Contains("unfit: ", note, StringComparison.Ordinal);
        Assert.Contains("cls_logits", note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_alone_fills_the_backbone()
    {
        var options = Frozen(2);
        using var source = options.Build(PaintedScenes.Facts, seed: 5);
        WriteBackbone(source);
        using var target = options.Build(PaintedScenes.Facts, seed: 6);
        var note = StartingWeights.Load(target, Weights);
        Assert.Contains("into 'backbone.body.*'", note, StringComparison.Ordinal);
        var expected = source.state_dict();
        Assert.All(target.state_dict().Where(pair => pair.Key.StartsWith("backbone.body.", StringComparison.Ordinal)), pair => Assert.True(pair.Value.eq(expected[pair.Key]).all().item<bool>(), pair.Key));
    }

    [Fact]
    public void A_file_of_which_nothing_fits_is_named_with_names_of_both_sides()
    {
        using var target = SmallDetectors.Of("retinanet").Build(PaintedScenes.Facts);
        WeightsFile.Write(Weights, [KeyValuePair.Create("encoder.weight", zeros(7))]);
        var message = Assert.Throws<InputException>(() => StartingWeights.Load(target, Weights)).Message;
        Assert.Contains(Weights, message, StringComparison.Ordinal);
        Assert.Contains("encoder.weight", message, StringComparison.Ordinal);
        Assert.Contains("backbone.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_says_what_it_starts_from_and_goes_on_without_the_file_to_the_same_bits()
    {
        var options = SmallDetectors.Of("retinanet");
        using (var source = options.Build(PaintedScenes.Facts, seed: 5)) source.SaveWeights(Weights);
        var whole = new RecordedView();
        TrainingRun.Train(Plan("whole", options with { Weights = Weights }), whole);
        Assert.Contains(whole.Notes, note => note.Contains("tensors loaded", StringComparison.Ordinal));
        TrainingRun.Train(Plan("random", options), new RecordedView());
        Assert.NotEqual(File.ReadAllBytes(At("random")), File.ReadAllBytes(At("whole")));
        var stopped = new RecordedView { StopAfter = 2 };
        Assert.ThrowsAny<OperationCanceledException>(() => TrainingRun.Train(Plan("stopped", options with { Weights = Weights }), stopped, stopped.Cancellation));
        File.Delete(Weights);
        var resumed = new RecordedView();
        TrainingRun.Train(Plan("stopped", options with { Weights = Weights }) with { Resume = true }, resumed);
        Assert.DoesNotContain(resumed.Notes, note => note.Contains("tensors loaded", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(At("whole")), File.ReadAllBytes(At("stopped")));
    }

    [Fact]
    public void Frozen_stages_stay_as_they_were_loaded_and_the_rest_learns()
    {
        var options = Frozen(2);
        using var source = options.Build(PaintedScenes.Facts, seed: 5);
        WriteBackbone(source);
        var plan = Plan("run", options with { Weights = Weights });
        TrainingRun.Train(plan with { Recipe = plan.Recipe with { Training = plan.Recipe.Training with { AverageDecay = 0.5 } } }, new RecordedView());
        using var trained = new RunFolder(plan.Folder).LoadDetector();
        var (before, after) = (source.state_dict(), trained.state_dict());
        var body = before.Keys.Where(name => name.StartsWith("backbone.body.", StringComparison.Ordinal)).ToLookup(IsFrozen);
        Assert.Contains(body[true], name => name.EndsWith("running_mean", StringComparison.Ordinal));
        Assert.All(body[true], name => Assert.True(after[name].eq(before[name]).all().item<bool>(), name));
        Assert.All(body[false], name => Assert.False(after[name].eq(before[name]).all().item<bool>(), name));
    }

    [Fact]
    public void Stages_frozen_at_random_weights_are_refused()
    {
        var message = Assert.Throws<InputException>(() => TrainingRun.Train(Plan("run", Frozen(1)), new RecordedView())).Message;
        Assert.Contains("frozenStages is 1", message, StringComparison.Ordinal);
        Assert.Contains("--weights", message, StringComparison.Ordinal);
        using var target = Frozen(2).Build(PaintedScenes.Facts);
        WeightsFile.Write(Weights, target.state_dict().Where(pair => !pair.Key.Contains("layer1", StringComparison.Ordinal)));
        Assert.Contains("layer1", Assert.Throws<InputException>(() => StartingWeights.Load(target, Weights)).Message, StringComparison.Ordinal);
    }

    private static bool IsFrozen(string name) => name.Contains(".conv1.", StringComparison.Ordinal) && !name.Contains("layer", StringComparison.Ordinal)
        || name.Contains("body.bn1.", StringComparison.Ordinal) || name.Contains(".layer1.", StringComparison.Ordinal);

    private static DetectorOptions Frozen(int stages) => SmallDetectors.Of("retinanet") with { Backbone = new ResNetOptions { Width = 8, FrozenStages = stages, FinestLevel = 2 } };

    /// <summary>What it finds and what it loses: a random detector may find nothing that is probable enough.</summary>
    private static float[] Outputs(Detector detector)
    {
        using var scope = NewDisposeScope();
        var (batch, losses) = (PaintedScenes.Batch(detector.Options), detector.Loss(PaintedScenes.Batch(detector.Options)).Value.item<float>());
        detector.eval();
        return [losses, .. detector.Detect(batch).SelectMany(each => Enumerable.Range(0, each.Count).SelectMany(i => (float[])[each.Boxes[i].X1, each.Boxes[i].Y1, each.Scores[i], each.Classes[i]]))];
    }

    private void WriteBackbone(Detector source)
        => WeightsFile.Write(Weights, source.state_dict().Where(pair => pair.Key.StartsWith("backbone.body.", StringComparison.Ordinal))
            .Select(pair => KeyValuePair.Create(pair.Key["backbone.body.".Length..], pair.Value)));

    private TrainingPlan Plan(string name, DetectorOptions detector)
    {
        var (train, validate) = (PaintedSet.Write(_folder.At(""), "train", Enumerable.Range(0, 4)), PaintedSet.Write(_folder.At(""), "val", Enumerable.Range(0, 2)));
        return new()
        {
            Folder = Path.Combine(_folder.At(""), "runs", name),
            Replicates = 0,
            Recipe = new()
            {
                Detector = detector,
                TrainOn = train,
                ValidateOn = validate,
                Loader = new() { BatchSize = 2, Threads = 1 },
                Training = new() { Epochs = 2, Schedule = new ConstantSchedule() },
            },
        };
    }

    private string At(string run) => Path.Combine(_folder.At(""), "runs", run, "weights.safetensors");
}
