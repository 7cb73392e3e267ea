using System.Reflection;
using System.Text.Json.Serialization;

namespace Ballast.Tests.Assigning;

/// <summary>What every assigner must do, whichever it is.</summary>
public class AssignerTests
{
    private static readonly AnchorGrid Grid = new AnchorOptions
    {
        Rule = new ExactAnchors(),
        Levels = [new() { Name = "P3", Stride = 8, Sizes = [32], Ratios = [1] }, new() { Name = "P4", Stride = 16, Sizes = [64], Ratios = [1] }, new() { Name = "P5", Stride = 32, Sizes = [128], Ratios = [1] }],
    }.Grid(288, 256);

    /// <summary>Every assigner that a recipe can name, with its defaults; a new one is tested from the day it is listed.</summary>
    public static TheoryData<string> Kinds => [.. All.Select(assigner => assigner.GetType().Name)];

    private static IEnumerable<Assigner> All => typeof(Assigner).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (Assigner)Activator.CreateInstance(kind.DerivedType)!);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_objects_make_everything_background(string kind)
    {
        var result = Assign(Of(kind), new Truths());
        Assert.All(result.Truths.ToArray(), truth => Assert.Equal(Assignment.Background, truth));
        Assert.All(result.Overlaps.ToArray(), overlap => Assert.Equal(0, overlap));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_candidates_give_no_entries(string kind)
    {
        var (result, truths) = (new Assignment(), Objects());
        Of(kind).Assign(AnchorSet.Of(new AnchorGrid([new(0, 0, 8, 8, 0, 0, [new(-4, -4, 4, 4)], 0)])), truths, result);
        Assert.Equal(0, result.Count);
        Of(kind).Assign(AnchorSet.Of(new AnchorGrid([new(0, 0, 8, 8, 0, 0, [new(-4, -4, 4, 4)], 0)])), new Truths(), result);
        Assert.Equal(0, result.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Objects_get_candidates_that_lie_on_them(string kind)
    {
        var assigner = Of(kind);
        var truths = Objects();
        var result = Assign(assigner, truths);
        Assert.Equal(assigner.Entries(AnchorSet.Of(Grid)), result.Count);
        var found = result.Truths.ToArray();
        var perEntry = Grid.Count / result.Count;
        Assert.All(Enumerable.Range(0, truths.Count), truth => Assert.Contains(truth, found));
        Assert.All(found, truth => Assert.InRange(truth, Assignment.Ignored, truths.Count - 1));
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] >= 0) Assert.Contains(Enumerable.Range(i * perEntry, perEntry), anchor => Overlap.IoU(truths.Boxes[found[i]], Grid[anchor]) > 0.1f);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_result_forgets_the_image_before(string kind)
    {
        var (assigner, result) = (Of(kind), new Assignment());
        assigner.Assign(AnchorSet.Of(Grid), Objects(), result);
        assigner.Assign(AnchorSet.Of(Grid), new Truths(), result);
        Assert.All(result.Truths.ToArray(), truth => Assert.Equal(Assignment.Background, truth));
        assigner.Assign(AnchorSet.Of(Grid), Objects(), result);
        Assert.Equal(Assign(assigner, Objects()).Truths.ToArray(), result.Truths.ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_region_to_ignore_over_the_whole_image_leaves_out_all(string kind)
    {
        var assigner = Of(kind) switch
        {
            MaxIoUAssigner rule => rule with { IgnoreIoF = 0.5f },
            ApproxMaxIoUAssigner rule => rule with { Rule = rule.Rule with { IgnoreIoF = 0.5f } },
            AtssAssigner rule => rule with { IgnoreIoF = 0.5f },
            var other => other,
        };
        if (assigner is RegionAssigner) return;
        var truths = Objects();
        truths.Ignored.Add(new(-1000, -1000, 2000, 2000));
        Assert.All(Assign(assigner, truths).Truths.ToArray(), truth => Assert.Equal(Assignment.Ignored, truth));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_assigner_is_its_own_recipe(string kind)
    {
        var assigner = Of(kind);
        Assert.Equal(assigner, RecipeReader.Parse<Assigner>(RecipeReader.ToJson(assigner)));
        assigner.Validate();
    }

    [Fact]
    public void Every_concrete_assigner_has_a_kind()
        => Assert.Equal(
            typeof(Assigner).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Assigner)) && !type.IsAbstract).OrderBy(type => type.Name),
            All.Select(assigner => assigner.GetType()).OrderBy(type => type.Name));

    [Fact]
    public void Without_the_overlaps_of_background_a_grid_is_assigned_the_same()
    {
        var (truths, whole, part) = (Objects(), new Assignment(), new Assignment { KeepsOverlaps = false });
        foreach (var profile in new[] { DetectorProfile.RetinaNet, DetectorProfile.FasterRCNN, DetectorProfile.Ssd })
        {
            var anchors = AnchorSet.Of(profile.Anchors.Grid(320, 320));
            profile.Assigner.Assign(anchors, truths, whole);
            profile.Assigner.Assign(anchors, truths, part);
            Assert.Equal(whole.Truths.ToArray(), part.Truths.ToArray());
        }

        Assert.Contains(part.Truths.ToArray(), truth => truth >= 0);
    }

    /// <summary>SSD's matching (torchvision's SSDMatcher): positive from 0.5, no band that is left out, and the best default box of each object is forced to it.</summary>
    [Fact]
    public void The_matching_of_SSD_is_a_max_IoU_rule()
    {
        var boxes = new BoxArray();
        boxes.AddRange([new(0, 0, 10, 10), new(0, 0, 10, 20), new(100, 100, 140, 140), new(102, 100, 142, 140), new(300, 300, 310, 310)]);
        var truths = new Truths();
        truths.Add(new(0, 0, 10, 11), 0);
        truths.Add(new(0, 0, 10, 21), 1);
        truths.Add(new(101, 100, 141, 140), 2);
        truths.Add(new(306, 300, 330, 310), 3);
        var result = new Assignment();
        DetectorProfile.Ssd.Assigner.Assign(AnchorSet.Of(boxes), truths, result);
        // Both boxes around truth 2 reach 0.5; truth 3's best has an IoU of 0.13 and is forced.
        Assert.Equal([0, 1, 2, 2, 3], result.Truths.ToArray());
    }

    [Fact]
    public void A_place_overlaps_as_much_as_the_best_of_its_anchors()
    {
        var grid = DetectorProfile.RetinaNet.Anchors.Grid(256, 224);
        var (truths, places, plain) = (Objects(), new Assignment(), new Assignment());
        truths.Ignored.Add(new(60, 60, 120, 120));
        var assigner = new ApproxMaxIoUAssigner();
        assigner = assigner with { Rule = assigner.Rule with { IgnoreIoF = 0.4f } };
        assigner.Assign(AnchorSet.Of(grid), truths, places);
        var count = grid.Count / 9;
        var overlaps = new float[truths.Count * count];
        for (var truth = 0; truth < truths.Count; truth++)
        {
            for (var place = 0; place < count; place++)
            {
                var isLeft = Overlap.IoF(grid[(place * 9) + 3], truths.Ignored[0], 1e-6f) > 0.4f;
                overlaps[(truth * count) + place] = isLeft ? -1 : Enumerable.Range(place * 9, 9).Max(anchor => Overlap.IoU(truths.Boxes[truth], grid[anchor], 1e-6f));
            }
        }

        assigner.Rule.Assign(overlaps, truths.Count, count, plain);
        for (var place = 0; place < count; place++)
        {
            if (plain.Overlaps[place] == -1) plain.Truths[place] = Assignment.Ignored;
        }

        Assert.Equal(plain.Truths.ToArray(), places.Truths.ToArray());
        Assert.Equal(plain.Overlaps.ToArray(), places.Overlaps.ToArray());
        Assert.Contains(Assignment.Ignored, places.Truths.ToArray());
    }

    /// <summary>components.md A4: a level, a centre and a region computed by hand.</summary>
    [Fact]
    public void Regions_lie_where_the_rule_says()
    {
        var grid = new AnchorOptions { Rule = new ExactAnchors(), Levels = [.. new[] { 4, 8, 16, 32, 64 }.Select(stride => new AnchorLevelOptions { Name = $"{stride}", Stride = stride, Sizes = [8 * stride], Ratios = [1] })] }.Grid(640, 640);
        var (box, regions) = (new Box(100, 60, 260, 220), new TruthRegions(grid, 0.2, 0.5, 8));
        Assert.Equal(2, regions.LevelOf(box));
        Assert.Equal(new(10, 8, 12, 10), regions.Center(box, 2));
        Assert.Equal(new(9, 6, 14, 11), regions.Ignored(box, 2));
        Assert.Equal(new(18, 12, 28, 22), regions.Ignored(box, 1));
        Assert.Equal(new(4, 3, 7, 6), regions.Ignored(box, 3));
    }

    [Fact]
    public void What_an_assigner_cannot_assign_is_named()
    {
        var (boxes, result) = (new BoxArray(), new Assignment());
        boxes.Add(new(0, 0, 10, 10));
        Assert.Contains("AnchorSet.Of(grid)", Assert.Throws<InputException>(() => new RegionAssigner().Assign(AnchorSet.Of(boxes), Objects(), result)).Message, StringComparison.Ordinal);
        Assert.Contains("9 anchors at a cell", Assert.Throws<InputException>(() => new RegionAssigner().Assign(AnchorSet.Of(DetectorProfile.RetinaNet.Anchors.Grid(64, 64)), Objects(), result)).Message, StringComparison.Ordinal);
        Assert.Contains("no multiple of the 9", Assert.Throws<InputException>(() => new ApproxMaxIoUAssigner().Assign(AnchorSet.Of(boxes), Objects(), result)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => new ApproxMaxIoUAssigner { AnchorsPerPlace = 2 }.Validate());
        Assert.Throws<InputException>(() => new RegionAssigner { CenterFraction = 0 });
        Assert.Throws<InputException>(() => new RegionAssigner { CenterFraction = 0.6 }.Validate());
        Assert.Throws<InputException>(() => new LocationTargets { BackgroundWeight = float.NaN });
    }

    internal static Assigner Of(string kind) => All.Single(assigner => assigner.GetType().Name == kind);

    private static Assignment Assign(Assigner assigner, Truths truths)
    {
        var result = new Assignment();
        assigner.Assign(AnchorSet.Of(Grid), truths, result);
        return result;
    }

    private static Truths Objects()
    {
        var truths = new Truths();
        truths.Add(new(40, 40, 76, 70), 0);
        truths.Add(new(120, 60, 190, 140), 1);
        truths.Add(new(20, 120, 140, 240), 0);
        return truths;
    }
}
