using System.Diagnostics;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class CheckpointTests
{
    private const int Steps = 8;

    public static TheoryData<string> Optimizers => ["sgd", "adamw"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_resumed_training_has_the_bits_of_one_that_was_not_interrupted(string optimizer)
    {
        using var folder = new TemporaryFolder();
        var options = KilledTraining.Options(optimizer);
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var whole = new Trainer(KilledTraining.Detector(), options);
        Train(whole, Steps);
        using (var interrupted = new Trainer(KilledTraining.Detector(), options))
        {
            Train(interrupted, 3);
            checkpoints.Save(interrupted);
        }

        using var resumed = new Trainer(KilledTraining.Detector(seed: 99), options);
        Assert.Empty(checkpoints.Resume(resumed));
        Assert.Equal(3, resumed.Step);
        Train(resumed, Steps - 3);
        AssertSameBits(whole, resumed);
    }

    [Fact]
    public void A_training_that_is_killed_goes_on_from_its_last_checkpoint_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        KilledTraining.Run(folder.At("run"), () => File.Exists(checkpoints.Previous));
        using var resumed = new Trainer(KilledTraining.Detector(seed: 99), KilledTraining.Options("sgd"));
        checkpoints.Resume(resumed);
        Assert.InRange(resumed.Step, 1, 10_000);
        using var whole = new Trainer(KilledTraining.Detector(), KilledTraining.Options("sgd"));
        Train(whole, (int)resumed.Step + 2);
        Train(resumed, 2);
        AssertSameBits(whole, resumed);
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_and_said_so()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using var trainer = new Trainer(KilledTraining.Detector(), KilledTraining.Options("sgd"));
        Train(trainer, 1);
        checkpoints.Save(trainer);
        Train(trainer, 1);
        checkpoints.Save(trainer);
        using (var file = File.OpenWrite(checkpoints.Last)) file.SetLength(file.Length / 2);
        var notes = checkpoints.Resume(trainer);
        Assert.Contains("Went on from the one before it.", Assert.Single(notes));
        Assert.Equal(1, trainer.Step);
        File.Delete(checkpoints.Last);
        Assert.Contains("is missing", Assert.Single(checkpoints.Resume(trainer)));
        File.Delete(checkpoints.Previous);
        Assert.Contains("holds no checkpoint", Assert.Throws<InputException>(() => checkpoints.Resume(trainer)).Message);
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_names_the_difference()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.At("run"));
        using (var trainer = new Trainer(KilledTraining.Detector(), KilledTraining.Options("sgd")))
            checkpoints.Save(trainer);
        using var other = new Trainer(KilledTraining.Detector(), KilledTraining.Options("sgd") with { Epochs = 77 });
        var exception = Assert.Throws<InputException>(() => checkpoints.Resume(other));
        Assert.Contains("\"epochs\": 4,' where this one says '\"epochs\": 77,'", exception.Message);
    }

    private static void Train(Trainer trainer, int steps)
    {
        for (var i = 0; i < steps; i++) trainer.Advance(new PaintedBatches());
    }

    private static void AssertSameBits(Trainer expected, Trainer actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        AssertSame(expected.Detector.state_dict(), actual.Detector.state_dict());
        AssertSame(expected.Average!.Weights, actual.Average!.Weights);

        static void AssertSame(IReadOnlyDictionary<string, Tensor> one, IReadOnlyDictionary<string, Tensor> other)
        {
            Assert.Equal(one.Keys, other.Keys);
            foreach (var (name, tensor) in one) Assert.True(tensor.eq(other[name]).all().item<bool>(), $"{name} differs.");
        }
    }
}

/// <summary>A training in a process of its own that writes a checkpoint after every step, until it is killed.</summary>
public class KilledTraining
{
    private const string Variable = "BALLAST_TEST_KILLED_TRAINING";

    /// <summary>Runs in the process that is killed; without its folder it has nothing to do.</summary>
    [Fact]
    public void Trains_until_it_is_killed()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder) return;
        using var trainer = new Trainer(Detector(), Options("sgd"));
        for (; ; )
        {
            trainer.Advance(new PaintedBatches());
            new CheckpointFolder(folder).Save(trainer);
        }
    }

    internal static TrainingOptions Options(string optimizer) => new()
    {
        Epochs = 4,
        Optimizer = optimizer == "sgd" ? new SgdOptions() : new AdamWOptions(),
        Schedule = new CosineSchedule { WarmupSteps = 3 },
        AverageDecay = 0.9,
    };

    /// <summary>With learned batch normalisation and a loss that remembers, so that every kind of memory is in the checkpoint.</summary>
    internal static Detector Detector(int seed = 1)
        => (PaintedBatches.Options(BackboneNormalization.Batch) with { ClassificationLoss = new GradientHarmonizedLoss() }).Build(PaintedBatches.Facts, seed: seed);

    /// <summary>Starts the training and kills it, with no chance to clean up, a moment after a condition holds.</summary>
    internal static void Run(string folder, Func<bool> until)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ballast.Training.Tests")) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-class", typeof(KilledTraining).FullName!]) start.ArgumentList.Add(argument);
        start.Environment[Variable] = folder;
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var waited = Stopwatch.StartNew();
        while (!until() && !process.HasExited && waited.Elapsed < TimeSpan.FromMinutes(5)) Thread.Sleep(20);
        Thread.Sleep(137);
        process.Kill();
        process.WaitForExit();
        Assert.True(until(), "The training wrote no checkpoint.");
    }
}
