using static TorchSharp.torch;

namespace Ballast.Training.Tests;

[Collection(nameof(Alone))]
public class SmallBackboneTests
{
    [Theory]
    [InlineData(BackboneNormalization.Batch)]
    [InlineData(BackboneNormalization.FrozenBatch)]
    [InlineData(BackboneNormalization.Group)]
    public void Maps_have_the_channels_and_strides_that_the_backbone_says(BackboneNormalization normalization)
    {
        using var scope = NewDisposeScope();
        using var backbone = new SmallBackboneOptions { Normalization = normalization, FinestLevel = 2 }.Build();
        var maps = backbone.Forward(rand(2, 3, 130, 97));
        Assert.Equal([4, 8, 16, 32], backbone.Outputs.Select(level => level.Stride));
        Assert.Equal(backbone.Outputs.Select(level => new long[] { 2, level.Channels, Cells(130, level.Stride), Cells(97, level.Stride) }), maps.Select(map => map.shape));
        Assert.All(maps, map => Assert.True(map.isfinite().all().item<bool>()));

        static long Cells(int side, int stride) => (side + stride - 1) / stride;
    }

    [Fact]
    public void It_is_as_small_as_its_description_says()
    {
        using var backbone = new SmallBackboneOptions().Build();
        Assert.InRange(backbone.parameters().Sum(parameter => parameter.numel()), 850_000, 950_000);
    }

    [Fact]
    public void Groups_that_do_not_divide_the_channels_are_refused()
    {
        var error = Assert.Throws<InputException>(() => new SmallBackboneOptions { Normalization = BackboneNormalization.Group, Width = 20, Groups = 8 }.Build());
        Assert.Contains("Groups is 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_and_maps_from_a_finer_level_are_the_same()
    {
        using var scope = NewDisposeScope();
        var images = rand(1, 3, 64, 64);
        Assert.True(Coarsest(2).eq(Coarsest(4)).all().item<bool>());

        Tensor Coarsest(int level)
        {
            manual_seed(7);
            using var backbone = new SmallBackboneOptions().From(level).Build();
            backbone.eval();
            return backbone.Forward(images)[^1];
        }
    }
}
