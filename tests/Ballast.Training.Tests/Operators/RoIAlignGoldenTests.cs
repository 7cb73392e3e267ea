using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

public class RoIAlignGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.All("tv_roi_align");

    public static TheoryData<string> PyramidCases => GoldenCase.All("tv_multiscale_roi_align");

    public static TheoryData<string> LevelCases => GoldenCase.All("single_roi_extractor_levels");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_torchvisions(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var size = golden.Numbers("output_size");
        var align = new RoIAlign
        {
            OutputHeight = (int)size[0],
            OutputWidth = (int)size[1],
            SamplingRatio = Math.Max(0, (int)golden.Number("sampling_ratio", 0)),
            Aligned = golden.Flag("aligned", false),
        };
        foreach (var composed in (bool[])[false, true])
        {
            var (input, rois, scale) = (golden.Tensor("input", learned: true), golden.Tensor("rois"), golden.Number("spatial_scale", 0));
            var output = composed ? align.Compose([input], rois, [scale], null) : align.Apply(input, rois, scale);
            golden.AssertClose("outputs:output", output);
            golden.AssertGradients(output, ("input", input));
        }
    }

    [Theory]
    [MemberData(nameof(PyramidCases))]
    public void Levels_values_and_gradients_over_a_pyramid_are_torchvisions(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var scales = golden.Numbers("scales");
        Tensor[] features = [.. scales.Select((_, level) => golden.Tensor($"feature{level}", learned: true))];
        var rois = cat([.. Images(golden).Select((boxes, image) => cat([full([boxes.shape[0], 1], (float)image), boxes], 1))]);
        var side = (int)golden.Number("output_size", 0);
        var options = new MultiScaleRoIAlignOptions
        {
            Align = new() { OutputHeight = side, OutputWidth = side, SamplingRatio = (int)golden.Number("sampling_ratio", 0) },
            Level = new CanonicalLevelRule { ScalePixels = golden.Number("canonical_scale", 0), Level = (int)golden.Number("canonical_level", 0) },
        };
        FeatureLevel[] levels = [.. scales.Select((scale, level) => new FeatureLevel($"P{level}", (int)(1 / scale), (int)features[0].shape[1]))];
        var extractor = (MultiScaleRoIAlign)options.Build(levels);
        Assert.Equal(golden.Integers("outputs:levels"), GoldenTensors.Values(extractor.LevelsOf(rois)).Select(level => (int)level));
        var output = Assert.Single(extractor.Extract(features, rois));
        golden.AssertClose("outputs:output", output);
        golden.AssertGradients(output, [.. features.Select((feature, level) => ($"feature{level}", feature))]);
    }

    [Theory]
    [MemberData(nameof(LevelCases))]
    public void The_finest_scale_rule_is_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var rule = new FinestScaleRule { ScalePixels = golden.Number("finest_scale", 0) };
        var levels = rule.Levels(golden.Tensor("rois"), finestStride: 4, (int)golden.Number("num_levels", 0));
        Assert.Equal(golden.Integers("outputs:levels"), GoldenTensors.Values(levels).Select(level => (int)level));
    }

    private static IEnumerable<Tensor> Images(GoldenCase golden)
    {
        for (var image = 0; golden.Has($"boxes_image{image}"); image++) yield return golden.Tensor($"boxes_image{image}");
    }
}
