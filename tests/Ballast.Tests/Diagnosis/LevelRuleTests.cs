namespace Ballast.Tests;

public class LevelRuleTests
{
    [Theory]
    [InlineData(20, "P2")]
    [InlineData(56, "P2")]
    [InlineData(111, "P2")]
    [InlineData(112, "P3")]
    [InlineData(223.9, "P3")]
    [InlineData(224, "P4")]
    [InlineData(448, "P5")]
    [InlineData(900, "P6")]
    [InlineData(5000, "P6")]
    public void Where_regions_are_pooled_224_pixels_belong_to_p4(double side, string level)
        => Assert.Equal(level, LevelOf(new LevelRule(DetectorProfile.FasterRCNN), side));

    [Theory]
    [InlineData(4, "P3")]
    [InlineData(50, "P3")]
    [InlineData(64, "P4")]
    [InlineData(169, "P5")]
    [InlineData(256, "P6")]
    [InlineData(512, "P7")]
    public void Where_levels_have_their_own_anchors_a_size_belongs_to_the_level_of_its_anchors(double side, string level)
        => Assert.Equal(level, LevelOf(new LevelRule(DetectorProfile.RetinaNet), side));

    [Fact]
    public void Doubling_every_object_moves_it_up_one_level()
    {
        var rule = LevelRule.Usual;
        foreach (var side in new[] { 57.0, 113, 300, 700 })
        {
            var bins = One(side);
            Assert.Equal(rule.Levels(One(2 * side)), rule.Levels(bins, 4));
        }
    }

    [Fact]
    public void A_finer_level_takes_what_is_under_its_border()
    {
        var finer = new LevelRule(DetectorProfile.RetinaNet).WithFinerLevel();
        Assert.Equal(["P2", "P3", "P4", "P5", "P6", "P7"], finer.Names);
        Assert.Equal("P2", LevelOf(finer, 20));
        Assert.Equal("P3", LevelOf(finer, 40));
    }

    private static string LevelOf(LevelRule rule, double side) => rule.Names[Array.IndexOf(rule.Levels(One(side)), 1)];

    private static double[] One(double side)
    {
        var bins = new double[LengthScale.Bins];
        bins[LevelRule.Bin(side)] = 1;
        return bins;
    }
}
