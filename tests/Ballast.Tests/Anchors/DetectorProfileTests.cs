namespace Ballast.Tests.Anchors;

public class DetectorProfileTests
{
    public static TheoryData<DetectorProfile> BuiltIn => [DetectorProfile.RetinaNet, DetectorProfile.FasterRCNN, DetectorProfile.Ssd];

    [Theory]
    [InlineData(1344, 800, 201600)]
    [InlineData(1088, 800, 163206)]
    public void RetinaNet_has_the_anchors_of_the_specification(int width, int height, int count) => Assert.Equal(count, DetectorProfile.RetinaNet.Anchors.Grid(width, height).Count);

    [Fact]
    public void The_proposal_network_has_the_anchors_of_the_specification() => Assert.Equal(268569, DetectorProfile.FasterRCNN.Anchors.Grid(1344, 800).Count);

    [Fact]
    public void Base_anchors_are_rounded_as_torchvision_does()
    {
        var level = DetectorProfile.FasterRCNN.Anchors.Grid(64, 64).Levels[0];
        Assert.Equal([new(-23, -11, 23, 11), new(-16, -16, 16, 16), new(-11, -23, 11, 23)], level.BaseAnchors);
    }

    [Fact]
    public void SSD_has_8732_default_boxes_whatever_the_image()
    {
        var grid = DetectorProfile.Ssd.Grid(1920, 1080);
        Assert.Equal(8732, grid.Count);
        Assert.Equal([5776, 2166, 600, 150, 36, 4], grid.Levels.Select(level => level.Count));
        var (first, last) = (grid[0], grid[8728]);
        Assert.Equal(new(4 - 10.5f, 4 - 10.5f, 4 + 10.5f, 4 + 10.5f), first);
        Assert.Equal(150, last.CenterX, 3);
        Assert.Equal(261, last.Width, 3);
    }

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void A_profile_written_and_read_is_equal(DetectorProfile profile)
    {
        var json = profile.ToJson();
        var read = RecipeReader.Parse<DetectorProfile>(json);
        Assert.Equal(profile, read);
        Assert.Equal(json, read.ToJson());
    }

    [Fact]
    public void A_profile_is_read_from_a_file_with_comments_and_bare_kinds()
    {
        var profile = Load("""
            {
              // small objects
              "name": "mine",
              "input": { "short": 512, "long": 640, },
              "anchors": { "rule": "exact", "levels": [ { "name": "P2", "stride": 4, "sizes": [8, 12.5], "ratios": [1] } ] },
              "assigner": { "positiveIoU": 0.4, "negativeIoU": 0.3, "lowQuality": "overwrite", "type": "max-iou" },
            }
            """);
        Assert.Equal(new ExactAnchors(), profile.Anchors.Rule);
        Assert.Equal((640, 512), (profile.Input.Long, profile.Input.Short));
        Assert.Equal(LowQualityRule.Overwrite, profile.Assigner.LowQuality);
        Assert.Equal([8f, 12.5f], profile.Anchors.Levels[0].Sizes);
    }

    [Fact]
    public void Thresholds_out_of_order_are_refused()
        => Assert.Contains("above PositiveIoU", Assert.Throws<InputException>(() => Load("""
            { "name": "x", "anchors": { "levels": [ { "name": "P2", "stride": 4, "sizes": [8], "ratios": [1] } ] }, "assigner": { "positiveIoU": 0.3, "negativeIoU": 0.5 } }
            """)).Message);

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("no-such-profile.json", Assert.Throws<InputException>(() => DetectorProfile.Load("no-such-profile.json")).Message);

    [Fact]
    public void A_finer_level_halves_the_finest_whatever_its_name()
    {
        Assert.Equal("P2", DetectorProfile.RetinaNet.Anchors.WithFinerLevel().Levels[0].Name);
        var finer = DetectorProfile.Ssd.Anchors.WithFinerLevel();
        Assert.Equal("finer than 38x38", finer.Levels[0].Name);
        Assert.Equal(4, finer.Levels[0].Stride);
    }

    private static DetectorProfile Load(string json)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            return DetectorProfile.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
