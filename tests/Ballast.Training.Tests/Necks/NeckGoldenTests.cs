using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>Necks against torchvision and mmdetection: outputs, and gradients of inputs and of every parameter.</summary>
public class NeckGoldenTests
{
    public static TheoryData<string> Torchvision => GoldenCase.All("tv_feature_pyramid_network");

    public static TheoryData<string> FeaturePyramids => GoldenCase.All("fpn");

    public static TheoryData<string> PathAggregations => GoldenCase.All("pafpn");

    public static TheoryData<string> BalancedPyramids => GoldenCase.All("bfp");

    [Theory]
    [MemberData(nameof(Torchvision))]
    public void Feature_pyramid_is_torchvisions_and_has_its_names(string name)
    {
        using var golden = GoldenCase.Load(name);
        var inputs = Channels(golden);
        var fromInput = name.Contains("on_c5", StringComparison.Ordinal);
        var top = golden.Parameters.GetProperty("extra_blocks").GetString() == "LastLevelMaxPool" ? TopLevels.Pooled : fromInput ? TopLevels.Input : TopLevels.Output;
        var options = new FeaturePyramidOptions { Channels = (int)golden.Number("out_channels", 0), Top = top };
        Compare(golden, options.Build(Levels(inputs), Outputs(golden)), 0, parameter => parameter);
    }

    [Theory]
    [MemberData(nameof(FeaturePyramids))]
    public void Feature_pyramid_is_mmdetections(string name)
    {
        using var golden = GoldenCase.Load(name);
        var (start, inputs) = Used(golden);
        var bilinear = golden.Parameters.TryGetProperty("upsample_cfg", out var upsample) && upsample.GetProperty("mode").GetString() == "bilinear";
        var options = new FeaturePyramidOptions
        {
            Channels = (int)golden.Number("out_channels", 0),
            Top = Top(golden),
            RectifiedTop = golden.Flag("relu_before_extra_convs", false),
            Upsampling = bilinear ? Upsampling.Bilinear : Upsampling.Nearest,
        };
                Compare(golden, options.Build(Levels(inputs), Outputs(golden)), start, Translate);
    }

    [Theory]
    [MemberData(nameof(PathAggregations))]
    public void Path_aggregation_is_mmdetections(string name)
    {
        using var golden = GoldenCase.Load(name);
        var (start, inputs) = Used(golden);
        var options = new PathAggregationOptions
        {
            Channels = (int)golden.Number("out_channels", 0),
            Top = Top(golden),
            RectifiedTop = golden.Flag("relu_before_extra_convs", false),
        };
        Compare(golden, options.Build(Levels(inputs), Outputs(golden)), start, Translate);
    }

    [Theory]
    [MemberData(nameof(BalancedPyramids))]
    public void Balanced_feature_pyramid_is_mmdetections(string name)
    {
        using var golden = GoldenCase.Load(name);
        var refinement = golden.Parameters.TryGetProperty("refine_type", out var word)
            ? word.GetString() == "conv" ? Refinement.Convolution : Refinement.NonLocal
            : Refinement.None;
        var options = new BalancedFeaturePyramidOptions { Inner = new Untouched(), RefineLevel = (int)golden.Number("refine_level", 0), Refinement = refinement };
        var inputs = Enumerable.Repeat((int)golden.Number("in_channels", 0), (int)golden.Number("num_levels", 0)).ToArray();
        Compare(golden, options.Build(Levels(inputs), inputs.Length), 0, parameter => refinement == Refinement.NonLocal ? NonLocalName(parameter) : parameter);
    }

    private static string NonLocalName(string parameter) => parameter.Insert(parameter.LastIndexOf('.'), ".conv");

    private static int[] Channels(GoldenCase golden) => [.. golden.Numbers("in_channels").Select(channels => (int)channels)];

    /// <summary>The backbone's maps that mmdetection's start_level and end_level choose, and the first one's index.</summary>
    private static (int Start, int[] Channels) Used(GoldenCase golden)
    {
        var (start, end) = ((int)golden.Number("start_level", 0), (int)golden.Number("end_level", -1));
        var channels = Channels(golden);
        return (start, channels[start..(end < 0 ? channels.Length : end + 1)]);
    }

    private static TopLevels Top(GoldenCase golden)
        => golden.Parameters.TryGetProperty("add_extra_convs", out var word)
            ? word.GetString() switch { "on_input" => TopLevels.Input, "on_lateral" => TopLevels.Lateral, "on_output" => TopLevels.Output, _ => throw new NotSupportedException(word.GetString()) }
            : TopLevels.Pooled;

    private static FeatureLevel[] Levels(int[] channels) => [.. channels.Select((count, i) => new FeatureLevel($"C{i + 3}", 8 << i, count))];

    private static int Outputs(GoldenCase golden) => Enumerable.Range(0, 100).TakeWhile(i => golden.Has($"output.{i}")).Count();

    /// <summary>mmdetection's name of a parameter: extra convolutions go on counting after the layers.</summary>
    private static string Translate(string parameter)
    {
        var parts = parameter.Split('.');
        return parts[0] switch
        {
            "inner_blocks" => $"lateral_convs.{parts[1]}.conv.{parts[3]}",
            "layer_blocks" => $"fpn_convs.{parts[1]}.conv.{parts[3]}",
            "extra_blocks" => $"fpn_convs.{int.Parse(parts[1][1..]) - 3}.conv.{parts[2]}",
            "downsample_blocks" => $"downsample_convs.{parts[1]}.conv.{parts[3]}",
            "path_blocks" => $"pafpn_convs.{parts[1]}.conv.{parts[3]}",
            _ => throw new NotSupportedException(parameter),
        };
    }

    private static void Compare(GoldenCase golden, Neck neck, int start, Func<string, string> reference)
    {
        using var scope = NewDisposeScope();
        using var module = neck;
        var parameters = neck.named_parameters().ToArray();
        Assert.Equal(golden.Names("param.").Order(), parameters.Select(p => "param." + reference(p.name)).Order());
        using (no_grad())
        {
            foreach (var (name, parameter) in parameters) parameter.copy_(golden.Tensor("param." + reference(name)));
        }

        var all = golden.Names("input.").Order().Select(name => golden.Tensor(name, learned: true)).ToArray();
        var inputs = all[start..(start + neck.Inputs.Count)];
        var outputs = neck.Forward(inputs);
        Assert.Equal(neck.Outputs.Count, outputs.Count);
        for (var i = 0; i < outputs.Count; i++) golden.AssertClose($"output.{i}", outputs[i]);
        outputs.Select((map, i) => (map * golden.Tensor($"cotangent.{i}")).sum()).Aggregate((a, b) => a + b).backward();
        for (var i = 0; i < inputs.Length; i++) golden.AssertClose($"grad.input.{start + i}", inputs[i].grad!);
        foreach (var (name, parameter) in parameters) golden.AssertClose("grad.param." + reference(name), parameter.grad!);
    }

    /// <summary>Gives the maps as they come: a third party's neck.</summary>
    private sealed record Untouched : NeckOptions
    {
        public override Neck Build(IReadOnlyList<FeatureLevel> inputs, int levels) => new Module(inputs);

        private sealed class Module(IReadOnlyList<FeatureLevel> levels) : Neck(nameof(Untouched), levels, levels)
        {
            protected internal override IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> features) => features;
        }
    }
}
