namespace Ballast.Training;

/// <summary>
/// The training that <c>ballast demo</c> ends with: small enough for two cores and two minutes, large enough that common classes are found and rare ones show what imbalance
/// costs.
/// </summary>
public static class DemoRecipe
{
    /// <summary>RetinaNet on the small backbone at short side 192, anchors from 12 pixels on.</summary>
    /// <param name="data">The demo data set; its parts train and val are used.</param>
    /// <param name="seed">Of weights and batches.</param>
    public static TrainingRecipe For(string data, int seed) => new()
    {
        Name = "demo",
        About = "The demo's short training: RetinaNet on a small backbone, from scratch.",
        Data = data,
        TrainOn = "train",
        ValidateOn = "val",
        Detector = new RetinaNetOptions
        {
            Profile = DetectorProfile.RetinaNet with { Input = new() { Short = 192, Long = 288 }, Anchors = new() { Levels = [Level(3, 12, 17), Level(4, 24, 34), Level(5, 48, 68), Level(6, 96, 136)] } },
            Backbone = new SmallBackboneOptions { Width = 24 },
            Neck = new FeaturePyramidOptions { Channels = 64 },
            HeadConvolutions = 1,
            HeadNormalization = HeadNormalization.Group,
        },
        Loader = new() { BatchSize = 6 },
        Training = new()
        {
            Epochs = 16,
            Seed = seed,
            Optimizer = new AdamWOptions { Rate = 2e-3f, WeightDecay = 0.01f },
            Schedule = new CosineSchedule { WarmupSteps = 30, FinalFraction = 0.05 },
        },
    };

    private static AnchorLevelOptions Level(int level, params ReadOnlySpan<float> sizes) => new() { Name = $"P{level}", Stride = 1 << level, Sizes = [.. sizes], Ratios = [1] };
}
