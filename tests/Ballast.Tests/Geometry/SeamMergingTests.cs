namespace Ballast.Tests.Geometry;

public class SeamMergingTests
{
    private static readonly SliceOptions Options = new() { TilePixels = 100, OverlapFraction = 0.2, WholeImage = false };

    /// <summary>Two slices of an image of 180 x 100: 0 to 100 and 80 to 180.</summary>
    private static readonly IReadOnlyList<Box> Windows = Options.Windows(180, 100);

    [Theory]
    [InlineData(100, 50, 1)]
    [InlineData(640, 480, 1)]
    [InlineData(1000, 700, 4)]
    [InlineData(4000, 3000, 48)]
    public void Slices_cover_the_image_overlap_as_asked_and_none_is_a_sliver(int width, int height, int count)
    {
        var options = new SliceOptions { TilePixels = 640, OverlapFraction = 0.2, WholeImage = false };
        var windows = options.Windows(width, height);
        Assert.Equal(count, windows.Count);
        Assert.All(windows, window => Assert.Equal((Math.Min(640, width), Math.Min(640, height)), (window.Width, window.Height)));
        Assert.Equal((0, 0, width, height), (windows.Min(w => w.X1), windows.Min(w => w.Y1), windows.Max(w => w.X2), windows.Max(w => w.Y2)));
        var columns = windows.Select(window => window.X1).Distinct().Order().ToArray();
        Assert.All(columns.Zip(columns.Skip(1)), pair => Assert.True(pair.First + 640 - pair.Second >= 128, $"{pair.First} and {pair.Second} share too little"));
    }

    [Fact]
    public void The_whole_image_is_looked_at_once_more_and_never_twice()
    {
        var options = new SliceOptions { TilePixels = 640 };
        Assert.Equal(new Box(0, 0, 1000, 700), options.Windows(1000, 700)[^1]);
        Assert.Single(options.Windows(640, 640));
    }

    [Fact]
    public void An_object_seen_whole_by_two_slices_is_one()
    {
        var merged = Merge(Options, (new(82, 10, 98, 30), 0.7f, 0, 0), (new(82.5f, 10, 98, 30), 0.9f, 0, 1));
        Assert.Equal((new Box(82.5f, 10, 98, 30), 0.9f, 0), Assert.Single(merged));
    }

    [Fact]
    public void A_whole_box_takes_its_piece_with_it_though_the_piece_scores_higher()
    {
        var merged = Merge(Options, (new(60, 10, 100, 30), 0.95f, 0, 0), (new(81, 10, 140, 30), 0.6f, 0, 1));
        Assert.Equal((new Box(60, 10, 140, 30), 0.95f), (Assert.Single(merged).Box, merged[0].Score));
        merged = Merge(Options, (new(60, 10, 98, 30), 0.6f, 0, 0), (new(80, 10, 98, 30), 0.95f, 0, 1));
        Assert.Equal(new Box(60, 10, 98, 30), Assert.Single(merged).Box);
    }

    [Fact]
    public void Pieces_of_a_large_object_are_joined_to_their_hull_by_what_both_slices_saw()
    {
        var merged = Merge(Options, (new(5, 10, 100, 60), 0.8f, 1, 0), (new(80, 11, 175, 61), 0.7f, 1, 1));
        Assert.Equal((new Box(5, 10, 175, 61), 0.8f, 1), Assert.Single(merged));
    }

    [Fact]
    public void By_IoU_pieces_stay_apart_and_doubles_go()
    {
        var options = Options with { Rule = SeamRule.Suppress };
        Assert.Equal(2, Merge(options, (new(5, 10, 100, 60), 0.8f, 1, 0), (new(80, 11, 175, 61), 0.7f, 1, 1)).Count);
        Assert.Single(Merge(options, (new(82, 10, 98, 30), 0.7f, 0, 0), (new(82.5f, 10, 98, 30), 0.9f, 0, 1)));
    }

    [Fact]
    public void Other_classes_other_places_and_boxes_of_one_slice_are_left_alone()
    {
        Assert.Equal(2, Merge(Options, (new(82, 10, 98, 30), 0.7f, 0, 0), (new(82, 10, 98, 30), 0.9f, 1, 1)).Count);
        Assert.Equal(2, Merge(Options, (new(10, 10, 30, 30), 0.7f, 0, 0), (new(12, 10, 30, 30), 0.9f, 0, 0)).Count);
        Assert.Equal(2, Merge(Options, (new(82, 10, 90, 30), 0.7f, 0, 0), (new(90, 10, 98, 30), 0.9f, 0, 1)).Count);
        Assert.Empty(Merge(Options));
    }

    [Fact]
    public void What_the_whole_image_shows_stays_whole()
    {
        var options = Options with { WholeImage = true };
        var windows = options.Windows(180, 100);
        var merged = Merge(windows, options, (new(4, 8, 176, 62), 0.5f, 1, 2), (new(5, 10, 100, 60), 0.8f, 1, 0), (new(80, 11, 175, 61), 0.7f, 1, 1));
        Assert.Equal((new Box(4, 8, 176, 62), 0.8f), (Assert.Single(merged).Box, merged[0].Score));
    }

    private static IReadOnlyList<(Box Box, float Score, int Class)> Merge(SliceOptions options, params (Box Box, float Score, int Class, int Slice)[] found)
        => Merge(Windows, options, found);

    private static IReadOnlyList<(Box Box, float Score, int Class)> Merge(IReadOnlyList<Box> windows, SliceOptions options, params (Box Box, float Score, int Class, int Slice)[] found)
    {
        var boxes = new BoxArray();
        foreach (var entry in found) boxes.Add(entry.Box);
        return SeamMerging.Merge(boxes, [.. found.Select(f => f.Score)], [.. found.Select(f => f.Class)], [.. found.Select(f => f.Slice)], windows, options);
    }
}
