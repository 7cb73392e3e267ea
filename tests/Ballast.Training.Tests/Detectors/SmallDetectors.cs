using System.Reflection;
using System.Text.Json.Serialization;

namespace Ballast.Training.Tests;

/// <summary>Each kind of detector on a small backbone at 128 pixels. A kind without a form here fails the contract tests.</summary>
internal static class SmallDetectors
{
    private static readonly SmallBackboneOptions Backbone = new() { Width = 16, Normalization = BackboneNormalization.Group, Groups = 4 };

    private static readonly Dictionary<string, DetectorOptions> Forms = new()
    {
        ["retinanet"] = new RetinaNetOptions
        {
            Profile = DetectorProfile.RetinaNet with
            {
                Input = InputSize.Parse("128"),
                Anchors = new() { Levels = [.. Enumerable.Range(2, 4).Select(level => new AnchorLevelOptions { Name = $"P{level}", Stride = 1 << level, Sizes = [3 << level, 4 << level], Ratios = [1] })] },
            },
            Backbone = Backbone,
            Neck = new FeaturePyramidOptions { Channels = 32 },
            HeadConvolutions = 1,
            HeadNormalization = HeadNormalization.Group,
        },
        ["faster-rcnn"] = new FasterRCNNOptions
        {
            Profile = DetectorProfile.FasterRCNN with
            {
                Input = InputSize.Parse("128"),
                Anchors = new() { Levels = [.. Enumerable.Range(2, 4).Select(level => new AnchorLevelOptions { Name = $"P{level}", Stride = 1 << level, Sizes = [3 << level], Ratios = [1] })] },
            },
            Backbone = Backbone,
            Neck = new FeaturePyramidOptions { Channels = 32, Top = TopLevels.Pooled },
            HeadWidth = 64,
            Sampler = new RandomSampler { Count = 64 },
            Proposals = new() { Training = new() { MostOfLevel = 100, Most = 100 }, Inference = new() { MostOfLevel = 100, Most = 50 } },
        },
        ["ssd"] = new SsdOptions { Profile = SsdProfile.At(PaintedScenes.Side, 4), Backbone = Backbone, Neck = new ExtraMapsOptions { Channels = [64] } },
    };

    public static TheoryData<string> Kinds => [.. typeof(DetectorOptions).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(kind => (string)kind.TypeDiscriminator!)];

    public static DetectorOptions Of(string kind) => Forms[kind];
}
