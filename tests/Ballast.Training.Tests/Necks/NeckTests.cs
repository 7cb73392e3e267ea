using System.Reflection;
using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>What every neck promises: run over all kinds that recipes know, and their variants.</summary>
public class NeckTests
{
    private static readonly int[] Channels = [3, 5, 7, 9];

    private static readonly NeckOptions[] Every =
    [
        .. typeof(NeckOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (NeckOptions)Activator.CreateInstance(kind.DerivedType)!),
        new FeaturePyramidOptions { Top = TopLevels.Pooled }, new FeaturePyramidOptions { Top = TopLevels.Input, RectifiedTop = false, Upsampling = Upsampling.Bilinear },
        new PathAggregationOptions { Rectified = true, Top = TopLevels.Lateral }, new BalancedFeaturePyramidOptions { Refinement = Refinement.Convolution, RefineLevel = 0 },
        new BalancedFeaturePyramidOptions { Refinement = Refinement.None, Inner = new PathAggregationOptions() },
        new BalancedFeaturePyramidOptions { Inner = new SingleLevelOptions() }, new SingleLevelOptions { Stride = 8 },
    ];

    public static TheoryData<string> Recipes => [.. Every.Select(options => RecipeReader.ToJson(Narrow(options)))];

    [Fact]
    public void Every_concrete_neck_has_a_kind()
        => Assert.Equal(
            typeof(NeckOptions).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(NeckOptions)) && !type.IsAbstract).OrderBy(type => type.Name),
            typeof(NeckOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType).OrderBy(type => type.Name));

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_record_is_its_own_recipe(string recipe) => Assert.Equal(recipe, RecipeReader.ToJson(RecipeReader.Parse<NeckOptions>(recipe)));

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Levels_have_the_strides_and_channels_they_say_at_odd_sizes(string recipe)
    {
        foreach (var (width, height) in new[] { (128, 128), (250, 131), (33, 65), (16, 16), (1, 1) })
        {
            using var neck = Build(recipe, levels: 6);
            using var scope = NewDisposeScope();
            Assert.Equal([4, 8, 16, 32, 64, 128], neck.Outputs.Select(level => level.Stride));
            Assert.Equal(["P2", "P3", "P4", "P5", "P6", "P7"], neck.Outputs.Select(level => level.Name));
            var maps = neck.Forward(Features(neck, width, height));
            Assert.Equal(neck.Outputs.Select(level => new long[] { 2, level.Channels, Cells(height, level.Stride), Cells(width, level.Stride) }), maps.Select(map => map.shape));
            Assert.All(maps, map => Assert.True(map.isfinite().all().item<bool>()));
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void One_input_level_is_enough(string recipe)
    {
        var options = RecipeReader.Parse<NeckOptions>(recipe);
        var stride = (options as SingleLevelOptions)?.Stride ?? 16;
        using var neck = options.Build([new("C4", stride, 7)], levels: 3);
        using var scope = NewDisposeScope();
        Assert.Equal([stride, 2 * stride, 4 * stride], neck.Outputs.Select(level => level.Stride));
        Assert.Equal(3, neck.Forward(Features(neck, 100, 60)).Count);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Fewer_levels_than_inputs_leave_the_coarse_inputs_to_the_top_down_path(string recipe)
    {
        if (RecipeReader.Parse<NeckOptions>(recipe) is ExtraMapsOptions)
        {
            Assert.Throws<InputException>(() => Build(recipe, levels: 3));
            return;
        }

        using var neck = Build(recipe, levels: 3);
        using var scope = NewDisposeScope();
        var features = Features(neck, 64, 64);
        var maps = neck.Forward(features);
        Assert.Equal([16, 8, 4], maps.Select(map => map.shape[2]));
        maps.Select(map => map.sum()).Aggregate((a, b) => a + b).backward();
        Assert.All(neck.named_parameters(), named => Assert.True(named.parameter.grad is not null, named.name));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_gradient_reaches_every_parameter_and_every_map_that_is_looked_at(string recipe)
    {
        using var neck = Build(recipe, levels: 6);
        using var scope = NewDisposeScope();
        manual_seed(3);
        using (no_grad())
        {
            foreach (var parameter in neck.parameters()) parameter.copy_(randn_like(parameter) * 0.3);
        }

        var features = Features(neck, 150, 90, learned: true);
        neck.Forward(features).Select(map => (map * map).sum()).Aggregate((a, b) => a + b).backward();
        Assert.All(neck.named_parameters(), named => Assert.True(named.parameter.grad?.abs().sum().item<float>() > 0, named.name));
        var seen = RecipeReader.Parse<NeckOptions>(recipe) switch
        {
            SingleLevelOptions single => [single.Stride],
            BalancedFeaturePyramidOptions { Inner: SingleLevelOptions single } => [single.Stride],
            _ => neck.Inputs.Select(level => level.Stride).ToArray(),
        };
        Assert.Equal(seen, neck.Inputs.Where((_, i) => features[i].grad is { } gradient && gradient.abs().sum().item<float>() > 0).Select(level => level.Stride));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Its_results_belong_to_the_callers_scope_and_repeating_leaves_nothing_behind(string recipe)
    {
        using var neck = Build(recipe, levels: 5);
        using var outer = NewDisposeScope();
        var features = Features(neck, 40, 24);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 500; i++)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var maps = neck.Forward(features);
            Assert.Equal(before + neck.Outputs.Count, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
            Assert.Equal(neck.Outputs.Count, scope.DisposablesCount);
            Assert.All(maps, map => Assert.False(map.IsInvalid));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("fpn", "inner_blocks.0.0 inner_blocks.1.0 layer_blocks.0.0 layer_blocks.1.0 extra_blocks.p6 extra_blocks.p7")]
    [InlineData(
        "path-aggregation",
        "inner_blocks.0.0 inner_blocks.1.0 layer_blocks.0.0 layer_blocks.1.0 extra_blocks.p6 extra_blocks.p7 downsample_blocks.0.0 path_blocks.0.0")]
    [InlineData(
        "balanced-feature-pyramid",
        "inner_blocks.0.0 inner_blocks.1.0 layer_blocks.0.0 layer_blocks.1.0 extra_blocks.p6 extra_blocks.p7 refine.theta refine.phi refine.g refine.conv_out")]
    [InlineData("single-level", "inner_blocks.0.0 layer_blocks.0.0")]
    public void Modules_have_the_names_that_are_promised(string kind, string names)
    {
        using var neck = RecipeReader.Parse<NeckOptions>($"\"{kind}\"").Build([new("C4", 16, 3), new("C5", 32, 4)], levels: 4);
        Assert.Equal(names.Split(' ').SelectMany(name => new[] { $"{name}.bias", $"{name}.weight" }).Order(), neck.named_parameters().Select(p => p.name).Order());
    }

    [Fact]
    public void Convolutions_start_within_torchvisions_bounds_and_without_bias()
    {
        using var neck = new FeaturePyramidOptions { Channels = 32 }.Build([new("C4", 16, 20), new("C5", 32, 40)], levels: 4);
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in neck.named_parameters())
        {
            var largest = parameter.abs().max().item<float>();
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                Assert.Equal(0, largest);
                continue;
            }

            var bound = Math.Sqrt(3.0 / (parameter.shape[1] * parameter.shape[2] * parameter.shape[3]));
            Assert.InRange(largest, 0.95 * bound, bound);
        }
    }

    [Fact]
    public void A_balanced_pyramid_starts_as_its_inner_neck_plus_the_mean()
    {
        var options = new BalancedFeaturePyramidOptions { Inner = new FeaturePyramidOptions { Channels = 4 } };
        using var refined = options.Build(Backbone(), levels: 5);
        using var plain = (options with { Refinement = Refinement.None }).Build(Backbone(), levels: 5);
        using var scope = NewDisposeScope();
        plain.load_state_dict(refined.state_dict().Where(pair => !pair.Key.StartsWith("refine", StringComparison.Ordinal)).ToDictionary());
        var features = Features(plain, 64, 64);
        Assert.All(refined.Forward(features).Zip(plain.Forward(features)), pair => Assert.True(pair.First.allclose(pair.Second)));
    }

    [Fact]
    public void A_single_level_gives_the_same_map_to_all_levels()
    {
        using var neck = new SingleLevelOptions { Channels = 4 }.Build(Backbone(), levels: 6);
        using var scope = NewDisposeScope();
        var maps = neck.Forward(Features(neck, 64, 64));
        Assert.True(maps[0][.., .., 0, 0].allclose(maps[2][.., .., 0, 0]));
        Assert.True(maps[1][.., .., 7, 7].allclose(maps[2][.., .., 3, 3]));
        Assert.True(maps[5][.., .., 0, 0].allclose(maps[2][.., .., .., ..].amax([2, 3])));
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        Refused("at least one map", () => new FeaturePyramidOptions().Build([], levels: 1));
        Refused("powers of two, finest first", () => new FeaturePyramidOptions().Build([new("C4", 16, 3), new("C3", 8, 3)], levels: 2));
        Refused("powers of two, finest first", () => new SingleLevelOptions().Build([new("C", 12, 3)], levels: 1));
        Refused("it must be at least 1", () => new FeaturePyramidOptions().Build(Backbone(), levels: 0));
        Refused("at most 8 lie above", () => new FeaturePyramidOptions().Build(Backbone(), levels: 40));
        Refused("each stride must be twice the one before", () => new PathAggregationOptions().Build([new("C3", 8, 3), new("C5", 32, 3)], levels: 2));
        Refused("it must be at most 3", () => new BalancedFeaturePyramidOptions { RefineLevel = 4 }.Build(Backbone(), levels: 4));
        Refused("the finest level is 0", () => new BalancedFeaturePyramidOptions { RefineLevel = -1 });
        Refused("have 4, 8, 16, 32", () => new SingleLevelOptions { Stride = 64 }.Build(Backbone(), levels: 4));
        Refused("PyramidOptions.Channels is 0", () => new FeaturePyramidOptions { Channels = 0 });
    }

    [Fact]
    public void Maps_that_it_was_not_built_for_are_refused_in_a_sentence()
    {
        using var neck = new PathAggregationOptions { Channels = 4 }.Build([new("C4", 16, 3), new("C5", 32, 5)], levels: 2);
        using var scope = NewDisposeScope();
        Refused("got 1 maps; it was built for 2 (C4, C5)", () => neck.Forward([zeros(1, 3, 4, 4)]));
        Refused("as C5; it was built for [N, 5, H, W]", () => neck.Forward([zeros(1, 3, 4, 4), zeros(1, 3, 2, 2)]));
        Refused("must be half of those below", () => neck.Forward([zeros(1, 3, 4, 4), zeros(1, 5, 1, 1)]));
    }

    private static void Refused(string reason, Func<object> act) => Assert.Contains(reason, Assert.Throws<InputException>(act).Message, StringComparison.Ordinal);

    private static FeatureLevel[] Backbone() => [.. Channels.Select((channels, i) => new FeatureLevel($"C{i + 2}", 4 << i, channels))];

    private static Neck Build(string recipe, int levels) => RecipeReader.Parse<NeckOptions>(recipe).Build(Backbone(), levels);

    private static Tensor[] Features(Neck neck, int width, int height, bool learned = false)
        => [.. neck.Inputs.Select(level => randn([2, level.Channels, Cells(height, level.Stride), Cells(width, level.Stride)], requires_grad: learned))];

    private static long Cells(int side, int stride) => (side + stride - 1) / stride;

    private static NeckOptions Narrow(NeckOptions options) => options switch
    {
        PyramidOptions pyramid => pyramid with { Channels = 6 },
        BalancedFeaturePyramidOptions balanced => balanced with { Inner = Narrow(balanced.Inner) },
        SingleLevelOptions single => single with { Channels = 6 },
        _ => options,
    };
}
