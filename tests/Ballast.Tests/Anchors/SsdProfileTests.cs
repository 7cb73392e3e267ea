namespace Ballast.Tests.Anchors;

public class SsdProfileTests
{
    [Fact]
    public void At_300_pixels_the_sizes_are_those_of_SSD300()
    {
        var (paper, own) = (DetectorProfile.Ssd.Anchors.Levels, SsdProfile.At(300).Anchors.Levels);
        Assert.Equal(paper.Count, own.Count);
        for (var level = 0; level < paper.Count; level++)
        {
            Assert.Equal(paper[level].Ratios, own[level].Ratios);
            Assert.All(paper[level].Sizes.Zip(own[level].Sizes), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        }

        Assert.Equal([8, 16, 32, 64, 128, 256], own.Select(level => level.Stride));
    }

    [Theory]
    [InlineData(128, 4)]
    [InlineData(128, 8)]
    [InlineData(320, 8)]
    [InlineData(512, 8)]
    public void Default_boxes_lie_in_the_middle_of_the_cells_of_maps_whose_strides_double(int side, int stride)
    {
        var grid = SsdProfile.At(side, stride).Grid(640, 480);
        var cells = stride;
        foreach (var level in grid.Levels)
        {
            Assert.Equal((side + cells - 1) / cells, level.Width);
            Assert.Equal(cells, level.StrideX);
            Assert.Equal(cells / 2f, level.OffsetX);
            cells *= 2;
        }

        Assert.InRange(grid.Levels[^1].Width, 1, 2);
        Assert.Equal(grid.Levels.Select(level => level.BaseAnchors.Max(box => box.Width)).Order(), grid.Levels.Select(level => level.BaseAnchors.Max(box => box.Width)));
    }

    [Fact]
    public void An_input_with_too_few_maps_is_refused()
        => Assert.Contains("has 1 maps", Assert.Throws<InputException>(() => SsdProfile.At(16)).Message, StringComparison.Ordinal);

    [Fact]
    public void It_is_a_profile_like_any_other_and_survives_JSON()
    {
        var profile = SsdProfile.At(128, 4);
        Assert.Equal(profile, RecipeReader.Parse<DetectorProfile>(profile.ToJson()));
    }
}
