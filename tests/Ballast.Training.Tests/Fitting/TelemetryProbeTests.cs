using TorchSharp;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class TelemetryProbeTests
{
    public static TheoryData<string> Remedies => new(Detectors.Keys);

    private static Dictionary<string, DetectorOptions> Detectors { get; } = new()
    {
        ["baseline"] = PaintedBatches.Options(),
        ["sampled"] = PaintedBatches.Options() with { ClassificationLoss = new CrossEntropyLoss(), Sampler = new OnlineHardExampleMiningSampler { Count = 64 } },
        ["remembering"] = PaintedBatches.Options() with { ClassificationLoss = new SeesawLoss(), BoxLoss = new GradientHarmonizedBoxLoss() },
        ["ranking"] = PaintedBatches.Options() with { ClassificationLoss = new RankSortLoss(), BoxLoss = new GIoUBoxLoss() },
        ["aware"] = PaintedBatches.Options() with { Importance = new(), ClassificationAware = new() },
        ["reweighted corners"] = PaintedBatches.Options() with { Importance = new(), BoxLoss = new CIoUBoxLoss() },
        ["central"] = PaintedBatches.Options() with { Centerness = true },
        ["weighing"] = PaintedBatches.Options() with { Objective = new GradNormOptions() },
        ["two stages"] = TwoStages(),
        ["unsure"] = PaintedBatches.Options() with { BoxLoss = new KLBoxLoss(), Objective = new UncertaintyWeightingOptions() },
    };

    [Theory]
    [MemberData(nameof(Remedies))]
    public void A_training_that_is_looked_into_has_the_bits_of_one_that_is_not(string name)
    {
        var (seen, unseen) = (Train(Detectors[name], every: 2, out var lines), Train(Detectors[name], every: 0, out var none));
        using (seen)
        using (unseen)
        {
            Assert.Equal([1, 2, 4], lines.Select(line => line.Step));
            Assert.Empty(none);
            var weights = unseen.state_dict();
            Assert.NotEmpty(weights);
            foreach (var (key, tensor) in seen.state_dict()) Assert.True(tensor.eq(weights[key]).logical_or(tensor.isnan()).all().item<bool>(), $"{key} differs.");
            foreach (var line in lines) AssertConsistent(line);
        }
    }

    [Fact]
    public void Lengths_at_the_shared_maps_are_those_of_the_losses_alone()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 7);
        using var probe = new TelemetryProbe(detector, new());
        using var scope = NewDisposeScope();
        detector.train();
        probe.Begin(1);
        var total = detector.Loss(new PaintedBatches().Load(0).To(CPU));
        var line = probe.Take()!;
        var whole = Backward.Gradients(total.Value, detector.SharedMaps);
        Assert.Equal(["P3", "P4", "P5"], line.Levels);
        for (var level = 0; level < 3; level++)
        {
            // |a + b|^2 = |a|^2 + |b|^2 + 2 |a| |b| cos, and the gradient of the sum is the sum of the gradients.
            var (a, b) = (line.ClassificationGradients[level], line.BoxGradients[level]);
            var square = whole[level].pow(2).sum().item<float>();
            Assert.Equal(square, (a * a) + (b * b) + (b == 0 ? 0 : 2 * a * b * line.Cosines[level]), 1e-4 * square);
            Assert.True(a > 0);
        }

        Assert.Contains(line.BoxGradients, length => length > 0);
    }

    [Fact]
    public void A_loss_that_weighs_nothing_sends_nothing()
    {
        using var detector = (PaintedBatches.Options() with { Objective = new WeightedSumOptions { BoxWeight = 0 } }).Build(PaintedBatches.Facts, seed: 7);
        var line = LookAt(detector, new PaintedBatches());
        Assert.All(line.BoxGradients, length => Assert.Equal(0, length));
        Assert.All(line.Stages[0].BoxGradients, length => Assert.Equal(0, length));
        Assert.All(line.Stages[0].BoxLosses, loss => Assert.Equal(0, loss));
        Assert.Contains(line.ClassificationGradients, length => length > 0);
    }

    [Fact]
    public void What_objects_add_to_the_box_loss_is_the_box_loss()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 7);
        using var trainer = new Trainer(detector, new());
        using var probe = new TelemetryProbe(detector, new());
        probe.Begin(1);
        var step = trainer.Advance(new PaintedBatches());
        var stage = probe.Take()!.Stages[0];
        Assert.Equal(step.Losses.Single(loss => loss.IsBox).Value, stage.BoxLosses.Sum(), 1e-5);
    }

    [Fact]
    public void Gradients_at_a_class_are_split_between_its_objects_and_all_else()
    {
        // Cross-entropy of sigmoids over all anchors, not weighed: |dL/dlogit| is 1 - p at an object's own class and p elsewhere, over the number of anchors and classes.
        using var detector = (PaintedBatches.Options() with { ClassificationLoss = new CrossEntropyLoss { Sigmoid = true }, PriorProbability = 0.25 }).Build(PaintedBatches.Facts, seed: 7);
        using var scope = NewDisposeScope();
        var batch = new PaintedBatches().Load(0).To(CPU);
        using var probe = new TelemetryProbe(detector, new());
        using (no_grad())
        {
            foreach (var (name, parameter) in detector.named_parameters())
            {
                if (name.EndsWith("cls_logits.weight", StringComparison.Ordinal)) parameter.zero_();
            }
        }

        detector.train();
        probe.Begin(1);
        var term = detector.Loss(batch).Parts[0];
        var stage = probe.Take()!.Stages[0];
        var objects = Enumerable.Range(0, 2).Select(@class => stage.Positives.Skip(3 * @class).Take(3).Sum()).ToArray();
        var ratio = stage.OtherGradients.Zip(stage.OwnGradients).Select(pair => pair.First / pair.Second).ToArray();
        var seen = stage.Sampled.Foreground + stage.Sampled.Background;
        for (var @class = 0; @class < 2; @class++) Assert.Equal(0.25 * (seen - objects[@class]) / (0.75 * objects[@class]), ratio[@class], 1e-3 * ratio[@class]);
        Assert.True(term.Value.item<float>() > 0);
    }

    [Fact]
    public void Parts_of_a_step_add_up_to_it()
    {
        var options = PaintedBatches.Options() with { Divisor = LossDivisor.Positives };
        using var inParts = options.Build(PaintedBatches.Facts, seed: 5);
        using var atOnce = options.Build(PaintedBatches.Facts, seed: 5);
        var (parts, whole) = (LookAt(inParts, new PaintedBatches(images: 2), batches: 2), LookAt(atOnce, new PaintedBatches(images: 4)));
        Assert.Equal(whole.Stages[0].Positives, parts.Stages[0].Positives);
        Assert.Equal(whole.Stages[0].StartOverlaps, parts.Stages[0].StartOverlaps);
        Assert.Equal(whole.Stages[0].Assigned, parts.Stages[0].Assigned);
        for (var level = 0; level < 3; level++)
        {
            Assert.Equal(whole.ClassificationGradients[level], parts.ClassificationGradients[level], 1e-4 * whole.ClassificationGradients[level]);
            Assert.Equal(whole.BoxGradients[level], parts.BoxGradients[level], 1e-4 * whole.BoxGradients[level]);
        }
    }

    [Fact]
    public void Counts_before_sampling_are_those_without_a_sampler()
    {
        using var all = (PaintedBatches.Options() with { ClassificationLoss = new CrossEntropyLoss() }).Build(PaintedBatches.Facts, seed: 5);
        using var some = (PaintedBatches.Options() with { ClassificationLoss = new CrossEntropyLoss(), Sampler = new RandomSampler { Count = 16 } }).Build(PaintedBatches.Facts, seed: 5);
        var (unsampled, sampled) = (LookAt(all, new PaintedBatches()).Stages[0], LookAt(some, new PaintedBatches()).Stages[0]);
        Assert.Equal(unsampled.Assigned, sampled.Assigned);
        Assert.Equal(unsampled.Assigned, unsampled.Sampled);
        Assert.Equal(32, sampled.Sampled.Foreground + sampled.Sampled.Background);
        Assert.True(sampled.Sampled.Background < sampled.Assigned.Background);
    }

    [Fact]
    public void Every_stage_is_seen()
    {
        using var detector = TwoStages().Build(PaintedBatches.Facts, seed: 7);
        var line = LookAt(detector, new PaintedBatches());
        Assert.Equal(["rpn", "roi"], line.Stages.Select(stage => stage.Stage));
        Assert.Equal([1, 2], line.Stages.Select(stage => stage.OwnGradients.Count));
        Assert.Equal(5, line.ClassificationGradients.Count);
        Assert.Contains(line.ClassificationGradients, length => length > 0);
        var (first, second) = (line.Stages[0], line.Stages[1]);
        Assert.True(first.Assigned.Background > first.Sampled.Background);
        Assert.True(first.Assigned.Foreground >= first.Sampled.Foreground);
        Assert.True(second.Assigned.Foreground + second.Assigned.Background >= second.Sampled.Foreground + second.Sampled.Background);
        // The truths are among the proposals.
        Assert.True(second.StartOverlaps[^1] > 0);
        // Objects of 12 to 32 pixels are pooled from the finest level.
        Assert.Equal(second.Positives.Sum(), second.Positives[0] + second.Positives[5]);
    }

    [Fact]
    public void Images_without_objects_can_be_looked_at()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 5);
        var line = LookAt(detector, new Bare());
        Assert.Equal(0, line.Stages[0].Sampled.Foreground);
        Assert.All(line.BoxGradients, length => Assert.Equal(0, length));
        Assert.All(line.Stages[0].OwnGradients, length => Assert.Equal(0, length));
        Assert.All(line.Stages[0].OtherGradients, length => Assert.True(length > 0));
    }

    [Fact]
    public void No_tensor_leaves_a_look()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 5);
        using var trainer = new Trainer(detector, new());
        using var probe = new TelemetryProbe(detector, new() { Every = 1 });
        Step();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++) Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);

        void Step()
        {
            probe.Begin(trainer.Step + 1);
            trainer.Advance(new PaintedBatches());
            Assert.NotNull(probe.Take());
        }
    }

    [Fact]
    public void One_watches_at_a_time_and_leaves_nothing_behind()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 5);
        using (new TelemetryProbe(detector, new())) Assert.Throws<InvalidOperationException>(() => new TelemetryProbe(detector, new()));
        Assert.Null(detector.Observer);
        using var another = new TelemetryProbe(detector, new());
    }

    private static Detector Train(DetectorOptions options, int every, out List<ProbeLine> lines)
    {
        var detector = options.Build(PaintedBatches.Facts, seed: 7);
        using var trainer = new Trainer(detector, new() { Epochs = 1 });
        using var probe = new TelemetryProbe(detector, new() { Every = every });
        lines = [];
        for (var i = 0; i < 5; i++)
        {
            probe.Begin(trainer.Step + 1);
            trainer.Advance(new PaintedBatches());
            if (probe.Take() is { } line) lines.Add(line);
        }

        return detector;
    }

    private static ProbeLine LookAt(Detector detector, IBatchSource source, int batches = 1)
    {
        using var trainer = new Trainer(detector, new() { BatchesPerStep = batches });
        using var probe = new TelemetryProbe(detector, new());
        probe.Begin(1);
        trainer.Advance(source);
        return probe.Take()!;
    }

    private static void AssertConsistent(ProbeLine line)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TelemetryWriter(folder.At("telemetry.jsonl"))) writer.Write(line);
        Assert.Equal(line, Assert.Single(RunTelemetry.Read(folder.At("telemetry.jsonl")).Probes));
        Assert.All(line.ClassificationGradients.Concat(line.BoxGradients), length => Assert.True(double.IsFinite(length)));
        Assert.NotEmpty(line.Stages);
        foreach (var stage in line.Stages)
        {
            Assert.True(stage.Sampled.Foreground > 0);
            Assert.Equal(stage.Sampled.Foreground, stage.Positives.Sum());
            Assert.Equal(stage.Sampled.Foreground, stage.StartOverlaps.Sum());
            Assert.Equal(stage.Sampled.Foreground, stage.EndOverlaps.Sum());
            Assert.Equal(stage.BoxGradients.Sum(), stage.ClassBoxGradients.Sum(), 1e-9 + (1e-9 * stage.BoxGradients.Sum()));
            Assert.True(stage.BoxGradients.Sum() > 0);
            Assert.True(stage.ClassLogitGradients.Sum() > 0);
        }
    }

    private static FasterRCNNOptions TwoStages()
    {
        var anchors = DetectorProfile.FasterRCNN.Anchors;
        return new()
        {
            Profile = DetectorProfile.FasterRCNN with
            {
                Input = new() { Short = 64, Long = 64 },
                Anchors = anchors with { Levels = [.. anchors.Levels.Select((level, i) => level with { Sizes = [12 << i] })] },
            },
            Backbone = new ResNetOptions { Width = 8, Normalization = BackboneNormalization.Group, Groups = 4 },
            Neck = new FeaturePyramidOptions { Channels = 16, Top = TopLevels.Pooled },
            HeadWidth = 32,
            Proposals = new() { Training = new() { MostOfLevel = 60, Most = 60 } },
        };
    }

    private sealed class Bare : IBatchSource
    {
        public int StepsPerEpoch => 10;

        public LoadedBatch Load(long step)
        {
            var loaded = new PaintedBatches().Load(step);
            return loaded with { Items = [.. loaded.Items.Select(item => item with { Truths = new() })] };
        }
    }
}
