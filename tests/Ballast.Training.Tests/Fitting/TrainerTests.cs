using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class TrainerTests
{
    [Fact]
    public void A_detector_learns_and_finds_what_it_was_shown()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 3);
        var source = new Repeated(new PaintedBatches(images: 4), 1);
        using var trainer = new Trainer(detector, new() { Epochs = 12, Optimizer = new AdamWOptions { Rate = 2e-3f }, Schedule = new CosineSchedule { WarmupSteps = 5 } });
        var epochs = trainer.Fit(source).ToArray();
        Assert.Equal(Enumerable.Range(1, 12), epochs.Select(epoch => epoch.Epoch));
        Assert.True(epochs[^1].Total < 0.4 * epochs[0].Total, $"The loss went from {epochs[0].Total} to {epochs[^1].Total}.");
        AssertFound(detector, source.Load(0));
    }

    [Fact]
    public void Rates_follow_the_schedule_and_steps_are_counted()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts);
        using var trainer = new Trainer(detector, new() { Epochs = 2, Optimizer = new SgdOptions { Rate = 0.01f }, Schedule = new StepSchedule { Epochs = [1], WarmupSteps = 2, WarmupFactor = 0 } });
        var seen = new List<TrainedStep>();
        foreach (var _ in trainer.Fit(new PaintedBatches(stepsPerEpoch: 3), seen.Add)) Assert.Equal(0, trainer.Step % 3);
        Assert.Equal([0, 1, 2, 3, 4, 5], seen.Select(step => step.Step));
        double[] factors = [0, 0.5, 1, 0.1, 0.1, 0.1];
        for (var i = 0; i < 6; i++) Assert.Equal(0.01 * factors[i], seen[i].Rate, 1e-8);
        Assert.All(seen, step => Assert.Equal(step.Losses.Sum(loss => loss.Value * loss.Weight), step.Total));
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_training_before_the_weights_change()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts);
        using var trainer = new Trainer(detector, new());
        trainer.Advance(new PaintedBatches());
        using (no_grad()) detector.parameters().Last().fill_(float.NaN);
        var before = GoldenTensors.Values(detector.parameters().First());
        var exception = Assert.Throws<InputException>(() => trainer.Advance(new PaintedBatches()));
        Assert.Contains("Step 1 is not finite: head classification", exception.Message);
        Assert.Contains("'image 0', 'image 1'", exception.Message);
        Assert.Equal(before, GoldenTensors.Values(detector.parameters().First()));
        Assert.Equal(1, trainer.Step);
    }

    [Theory]
    [InlineData(LossDivisor.Positives)]
    [InlineData(LossDivisor.PositivesOfImage)]
    [InlineData(LossDivisor.Samples)]
    public void Two_parts_of_a_batch_teach_what_the_batch_teaches(LossDivisor divisor)
    {
        var options = PaintedBatches.Options() with { Divisor = divisor, BoxLoss = new GIoUBoxLoss() };
        var (parts, whole) = (new PaintedBatches(images: 2), new PaintedBatches(images: 4));
        using var inParts = options.Build(PaintedBatches.Facts, seed: 5);
        using var atOnce = options.Build(PaintedBatches.Facts, seed: 5);
        using var first = new Trainer(inParts, new() { BatchesPerStep = 2 });
        using var second = new Trainer(atOnce, new());
        var (a, b) = (first.Advance(parts), second.Advance(whole));
        Assert.Equal(b.Total, a.Total, 1e-5 * b.Total);
        Assert.Equal(b.GradientNorm, a.GradientNorm, 1e-4 * b.GradientNorm);
        foreach (var (one, other) in inParts.parameters().Zip(atOnce.parameters())) Assert.True((one.grad! - other.grad!).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void Remedies_that_look_at_a_batch_as_a_whole_refuse_to_be_given_parts()
    {
        RetinaNetOptions[] coupled =
        [
            PaintedBatches.Options() with { ClassificationLoss = new GradientHarmonizedLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new SeesawLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new RankSortLoss() },
            PaintedBatches.Options() with { BoxLoss = new GradientHarmonizedBoxLoss() },
            PaintedBatches.Options() with { Importance = new() },
            PaintedBatches.Options() with { Objective = new GuidedLossOptions() },
        ];
        foreach (var options in coupled)
        {
            using var detector = options.Build(PaintedBatches.Facts);
            var exception = Assert.Throws<InputException>(() => new Trainer(detector, new() { BatchesPerStep = 2 }));
            Assert.Contains("look at a batch as a whole", exception.Message);
            using var trainer = new Trainer(detector, new());
            Assert.True(double.IsFinite(trainer.Advance(new PaintedBatches()).Total));
        }
    }

    [Fact]
    public void The_average_follows_the_weights_and_is_lent_to_the_detector()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts);
        using var trainer = new Trainer(detector, new() { AverageDecay = 0.5, Schedule = new ConstantSchedule() });
        var start = GoldenTensors.Values(detector.parameters().First());
        trainer.Advance(new PaintedBatches());
        var learned = GoldenTensors.Values(detector.parameters().First());
        using (trainer.Average!.Use())
        {
            // The first step's decay is min(0.5, 1 / 10).
            var lent = GoldenTensors.Values(detector.parameters().First());
            for (var i = 0; i < lent.Length; i++) Assert.Equal((0.1f * start[i]) + (0.9f * learned[i]), lent[i], 1e-6f);
        }

        Assert.Equal(learned, GoldenTensors.Values(detector.parameters().First()));
    }

    [Fact]
    public void Batches_without_objects_teach_background()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts);
        using var trainer = new Trainer(detector, new());
        var step = trainer.Advance(new Empty());
        Assert.True(step.Total > 0);
        Assert.Equal(0, step.Losses[1].Value);
    }

    private static void AssertFound(Detector detector, LoadedBatch loaded)
    {
        using var scope = NewDisposeScope();
        detector.eval();
        var found = detector.Detect(loaded.To(CPU));
        for (var image = 0; image < found.Length; image++)
        {
            var truths = loaded.Items[image].Truths;
            for (var truth = 0; truth < truths.Count; truth++)
            {
                var hits = Enumerable.Range(0, found[image].Count).Where(i => found[image].Classes[i] == truths.Classes[truth] && found[image].Scores[i] > 0.2);
                Assert.Contains(hits, i => Overlap.IoU(found[image].Boxes[i], truths.Boxes[truth]) > 0.5);
            }
        }
    }

    /// <summary>The first batches of a source, over and over.</summary>
    private sealed class Repeated(IBatchSource source, int batches) : IBatchSource
    {
        public int StepsPerEpoch => source.StepsPerEpoch;

        public LoadedBatch Load(long step) => source.Load(step % batches);
    }

    private sealed class Empty : IBatchSource
    {
        public int StepsPerEpoch => 1;

        public LoadedBatch Load(long step)
        {
            var batch = new PaintedBatches().Load(step);
            return batch with { Items = [.. batch.Items.Select(item => item with { Truths = new() })] };
        }
    }
}
