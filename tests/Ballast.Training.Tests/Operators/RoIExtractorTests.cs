using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class RoIExtractorTests
{
    private static readonly FeatureLevel[] Pyramid = [new("P2", 4, 6), new("P3", 8, 6), new("P4", 16, 6), new("P5", 32, 6), new("P6", 64, 6)];

    [Theory]
    [InlineData("\"roi-align\"")]
    [InlineData("""{ "type": "roi-align", "level": "finest-scale", "align": { "aligned": true, "samplingRatio": 0 } }""")]
    [InlineData("""{ "type": "adaptive-pooling", "fusion": "mean", "coarsestStride": 16 }""")]
    public void A_recipe_is_the_record(string recipe)
    {
        var options = RecipeReader.Parse<RoIExtractorOptions>(recipe);
        Assert.Equal(options, RecipeReader.Parse<RoIExtractorOptions>(RecipeReader.ToJson(options)));
    }

    [Fact]
    public void Each_region_comes_from_the_map_of_its_size()
    {
        using var scope = NewDisposeScope();
        var extractor = (MultiScaleRoIAlign)new MultiScaleRoIAlignOptions().Build(Pyramid);
        float[] sides = [20, 56, 111, 112, 224, 448, 900];
        var rois = cat([.. sides.Select(side => tensor(new[] { 0f, 0, 0, side, side }, [1, 5]))]);
        int[] expected = [0, 0, 0, 1, 2, 3, 3];
        Assert.Equal(expected, GoldenTensors.Values(extractor.LevelsOf(rois)).Select(level => (int)level));
        Assert.Equal(expected, GoldenTensors.Values(new FinestScaleRule().Levels(rois, 4, 4)).Select(level => (int)level));
        var bins = Assert.Single(extractor.Extract(Constants(), rois));
        Assert.Equal(expected.Select(level => (float)level), GoldenTensors.Values(bins[TensorIndex.Colon, 0, 3, 3]).Select(value => MathF.Round(value)));
        Assert.Same(bins, extractor.Fuse([bins]));
    }

    [Fact]
    public void The_canonical_rule_goes_by_stride_and_the_finest_by_place()
    {
        using var scope = NewDisposeScope();
        var rois = tensor(new[] { 0f, 0, 0, 100, 100 }, [1, 5]);
        Assert.Equal(0, new CanonicalLevelRule().Levels(rois, 8, 3).item<long>());
        Assert.Equal(1, new CanonicalLevelRule { ScalePixels = 112 }.Levels(rois, 4, 3).item<long>());
        Assert.Equal(1, new FinestScaleRule { ScalePixels = 30 }.Levels(rois, 8, 3).item<long>());
    }

    [Theory]
    [InlineData(BranchFusion.Max, 3)]
    [InlineData(BranchFusion.Sum, 6)]
    [InlineData(BranchFusion.Mean, 1.5)]
    public void Adaptive_pooling_takes_every_region_from_every_map(BranchFusion fusion, float fused)
    {
        using var scope = NewDisposeScope();
        var pooling = new AdaptiveFeaturePoolingOptions { Fusion = fusion }.Build(Pyramid);
        Assert.Equal(4, pooling.Branches);
        var branches = pooling.Extract(Constants(), tensor(new[] { 0f, 5, 5, 60, 60 }, [1, 5]));
        Assert.Equal([0f, 1, 2, 3], branches.Select(branch => branch.mean().item<float>()));
        Assert.Equal(fused, pooling.Fuse(branches).mean().item<float>());
        Assert.Equal([1, 6, 7, 7], pooling.Fuse(branches).shape);
        Assert.Contains("it has 4", Assert.Throws<InputException>(() => pooling.Fuse([branches[0]])).Message);
    }

    [Fact]
    public void No_regions_are_no_rows_in_every_branch()
    {
        using var scope = NewDisposeScope();
        foreach (var options in (RoIExtractorOptions[])[new MultiScaleRoIAlignOptions(), new AdaptiveFeaturePoolingOptions()])
        {
            var extractor = options.Build(Pyramid);
            var features = Constants();
            var fused = extractor.Fuse(extractor.Extract(features, zeros(0, 5)));
            Assert.Equal([0, 6, 7, 7], fused.shape);
            Backward.Run(fused.sum());
            Assert.Equal(0, features[0].grad!.abs().sum().item<float>());
        }
    }

    [Fact]
    public void Maps_that_regions_cannot_be_taken_from_are_refused()
    {
        Says("no map has a stride of 2 or less; the finest has 4", () => new MultiScaleRoIAlignOptions { CoarsestStride = 2 }.Build(Pyramid));
        Says("6, 7 channels; all must have the same", () => new AdaptiveFeaturePoolingOptions().Build([Pyramid[0], new("P3", 8, 7)]));
        Says("each must have twice the stride", () => new MultiScaleRoIAlignOptions().Build([Pyramid[0], Pyramid[2]]));
        Says("it was built for P2, P3, P4, P5", () => new MultiScaleRoIAlignOptions().Build(Pyramid).Extract([zeros(1, 6, 8, 8)], zeros(1, 5)));
        Says("FinestScaleRule.ScalePixels is 0", () => new FinestScaleRule { ScalePixels = 0 });
    }

    /// <summary>One map a level of a 64 x 64 image, all cells the level's index.</summary>
    private static Tensor[] Constants()
        => [.. Pyramid.Select((level, i) => full([1, 6, 2048 / level.Stride, 2048 / level.Stride], (float)i, requires_grad: true))];

    private static void Says(string sentence, Func<object> action) => Assert.Contains(sentence, Assert.Throws<InputException>(action).Message);
}
