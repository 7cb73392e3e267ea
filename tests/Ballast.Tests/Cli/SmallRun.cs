using Ballast.Training;

namespace Ballast.Tests.Cli;

/// <summary>The folder of a training run with a small detector that has learned nothing, and images to show it.</summary>
internal static class SmallRun
{
    public const int Side = 128;

    public static IReadOnlyList<string> Classes { get; } = ["cell", "dust"];

    /// <summary>Writes the run into a new folder.</summary>
    public static string Save(string folder)
    {
        var recipe = new TrainingRecipe { Detector = new SsdOptions { Profile = SsdProfile.At(Side), Backbone = new SmallBackboneOptions { Width = 8 } } };
        var facts = new DatasetFacts { Classes = [.. Classes], Objects = [5, 1], ImagesWith = [2, 1], Images = 2 };
        var run = Path.Combine(folder, "run");
        using var detector = recipe.Detector.Build(facts, seed: 1);
        new RunFolder(run).Save(recipe, detector);
        return run;
    }

    /// <summary>Writes grey images into a new folder.</summary>
    public static string SaveImages(string folder, int count)
    {
        var images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        for (var i = 0; i < count; i++)
        {
            using var file = File.Create(Path.Combine(images, $"{i}.png"));
            ImageFile.Encode(new Pixels(Side, Side), file, ImageCodec.Png);
        }

        return images;
    }
}
