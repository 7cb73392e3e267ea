using System.Runtime.InteropServices;

namespace Ballast.Training.Tests;

public sealed class TrainingPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_of_runs_are_counted_on_from_the_last()
    {
        var above = _folder.At("runs");
        Assert.Equal(Path.Combine(above, "cells-1"), TrainingPlan.NextFolder("cells", above));
        foreach (var taken in new[] { "cells-1", "cells-7", "cells-x", "other-9" }) Directory.CreateDirectory(Path.Combine(above, taken));
        Assert.Equal(Path.Combine(above, "cells-8"), TrainingPlan.NextFolder("cells", above));
        Assert.Equal(above, Path.GetDirectoryName(TrainingPlan.NextFolder("../../etc", above)));
    }

    [Fact]
    public void What_was_given_is_a_recipe_or_data_by_its_content()
    {
        var data = PaintedSet.Write(_folder.At(""), "cells", [0]);
        Assert.Equal((false, data, "cells"), Load(data));
        Assert.Equal((false, _folder.At("images"), "images"), Load(_folder.At("images")));
        File.WriteAllText(_folder.At("mine.json"), """{ /* mine */ "training": { "epochs": 3 }, "data": "cells.json", }""");
        Assert.Equal((true, "cells.json", "mine"), Load(_folder.At("mine.json")));
        File.WriteAllText(_folder.At("wrong.json"), """{ "trainning": {} }""");
        Assert.Contains("training", Assert.Throws<InputException>(() => TrainingSource.Load(_folder.At("wrong.json"))).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => TrainingSource.Load(_folder.At("nothing")));

        static (bool, string?, string?) Load(string path)
        {
            var (recipe, wasRecipe) = TrainingSource.Load(path);
            return (wasRecipe, recipe.Data, recipe.Name);
        }
    }

    [Fact]
    public void Time_left_is_that_of_the_last_steps_and_of_the_validations()
    {
        var pace = new PaceKeeper(epochs: 4, stepsPerEpoch: 10);
        pace.Stepped(100, 4);
        Assert.True(double.IsNaN(pace.Pace(Line(1)).SecondsLeft));
        for (var step = 2; step <= 11; step++)
        {
            pace.Stepped(2, 4);
            Assert.Equal(step == 11, pace.Estimate(step) is not null);
        }

        Assert.Equal(58, pace.Pace(Line(11)).SecondsLeft, 9);
        pace.Validated(5);
        Assert.Equal(58 + 15, pace.Pace(Line(11)).SecondsLeft, 9);
        Assert.Equal(2, pace.Pace(Line(11)).ImagesPerSecond, 9);
        Assert.Equal(2, pace.Pace(Line(11)).Epoch);
    }

    [Fact]
    public void A_short_run_is_estimated_at_its_end_at_the_latest()
    {
        var pace = new PaceKeeper(epochs: 1, stepsPerEpoch: 3);
        for (var step = 1; step <= 3; step++)
        {
            pace.Stepped(2, 4);
            Assert.Equal(step == 3, pace.Estimate(step) is not null);
        }
    }

    [Fact]
    public void Memory_that_is_out_is_told_from_other_errors_and_says_what_to_lower()
    {
        Assert.True(OutOfMemory.Is(new ExternalException("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")));
        Assert.True(OutOfMemory.Is(new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB")));
        Assert.False(OutOfMemory.Is(new ExternalException("Expected number of channels in input to be divisible by num_groups")));
        Assert.False(OutOfMemory.Is(new ArgumentException("out of memory")));
        var sentence = OutOfMemory.Explain(new OutOfMemoryException(), 7, 16, InputSize.Parse("800x1333")).Message;
        foreach (var word in new[] { "step 7", "16 images", "800x1333", "--set loader.batchSize", "training.batchesPerStep" }) Assert.Contains(word, sentence, StringComparison.Ordinal);
    }

    private static StepLine Line(long step) => new() { Step = step, Loss = 1, Terms = [], Rate = 0.1, GradientNorm = 1, Seconds = 2, Images = 4 };
}
