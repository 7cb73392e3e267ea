using System.Text.Json;
using Ballast.Tests.Golden;

namespace Ballast.Tests.Assigning;

public class AssignerGoldenTests
{
    public static TheoryData<string> MaxIoU => GoldenCase.All("max_iou_assigner");

    public static TheoryData<string> Matcher => GoldenCase.All("tv_matcher");

    public static TheoryData<string> Atss => GoldenCase.All("atss_assigner");

    public static TheoryData<string> Region => GoldenCase.All("region_assigner");

    public static TheoryData<string> Location => GoldenCase.All("guided_anchoring_targets");

    [Theory]
    [MemberData(nameof(MaxIoU))]
    public void Max_IoU_assigning_equals_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var negative = golden.Parameters.GetProperty("neg_iou_thr");
        var isBand = negative.ValueKind == JsonValueKind.Array;
        var assigner = new MaxIoUAssigner
        {
            PositiveIoU = golden.Number("pos_iou_thr", 0),
            NegativeFromIoU = isBand ? negative[0].GetSingle() : 0,
            NegativeIoU = isBand ? negative[1].GetSingle() : negative.GetSingle(),
            MinimumBestIoU = golden.Number("min_pos_iou", 0),
            LowQuality = golden.Flag("match_low_quality", true) ? LowQualityRule.Overwrite : LowQualityRule.None,
            TakeAllTies = golden.Flag("gt_max_assign_all", true),
            IgnoreIoF = golden.Number("ignore_iof_thr", -1),
            IgnoreByCandidate = golden.Flag("ignore_wrt_candidates", true),
            UnionFloor = 1e-6f,
        };
        var result = Run(golden, assigner, AnchorSet.Of(golden.Boxes("bboxes")));
        golden.AssertClose("max_overlaps", result.Overlaps);
    }

    [Theory]
    [MemberData(nameof(Matcher))]
    public void Max_IoU_assigning_equals_torchvision(string name)
    {
        using var golden = GoldenCase.Load(name);
        var isSsd = golden.Parameters.TryGetProperty("threshold", out _);
        var assigner = isSsd
            ? DetectorProfile.Ssd.Assigner with { PositiveIoU = golden.Number("threshold", 0), NegativeIoU = golden.Number("threshold", 0) }
            : new MaxIoUAssigner
            {
                PositiveIoU = golden.Number("high_threshold", 0),
                NegativeIoU = golden.Number("low_threshold", 0),
                LowQuality = golden.Flag("allow_low_quality_matches", false) ? LowQualityRule.Restore : LowQualityRule.None,
            };
        var (result, expected) = (new Assignment(), golden.Integers("matches"));
        assigner.Assign(golden.Floats("iou"), golden.Shape("iou")[0], golden.Shape("iou")[1], result);
        Assert.Equal(expected, result.Truths.ToArray());
        if (!golden.Has("boxes")) return;
        var truths = new Truths();
        for (var i = 0; i < golden.Boxes("gt_boxes").Count; i++) truths.Add(golden.Boxes("gt_boxes")[i], 0);
        assigner.Assign(AnchorSet.Of(golden.Boxes("boxes")), truths, result);
        Assert.Equal(expected, result.Truths.ToArray());
    }

    [Theory]
    [MemberData(nameof(Atss))]
    public void Adaptive_selection_equals_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var assigner = new AtssAssigner { NearestPerLevel = (int)golden.Number("topk", 0), IgnoreIoF = golden.Number("ignore_iof_thr", -1) };
        Run(golden, assigner, AnchorSet.Of(golden.Boxes("bboxes"), [.. golden.Numbers("num_level_bboxes").Select(count => (int)count)]));
    }

    /// <summary>Against the documented behaviour; the released code takes its neighbours' flags for positions and leaves out other cells.</summary>
    [Theory]
    [MemberData(nameof(Region))]
    public void Regions_equal_what_mmdetection_documents(string name)
    {
        using var golden = GoldenCase.Load(name);
        var scale = golden.Number("anchor_scale", 0);
        var anchors = AnchorSet.Of(Grid(golden, golden.Numbers("anchor_strides"), scale));
        var expectedAnchors = Enumerable.Range(0, anchors.Grid!.Levels.Count).SelectMany(level => golden.Floats($"anchors_level{level}")).ToArray();
        Assert.Equal(expectedAnchors, Enumerable.Range(0, anchors.Count).SelectMany(i => new[] { anchors.Boxes[i].X1, anchors.Boxes[i].Y1, anchors.Boxes[i].X2, anchors.Boxes[i].Y2 }));
        var truths = TruthsOf(golden.Boxes("gt_bboxes"));
        var result = new Assignment();
        new RegionAssigner { CenterFraction = Exact(golden, "center_ratio"), IgnoreFraction = Exact(golden, "ignore_ratio"), AnchorScale = scale }.Assign(anchors, truths, result);
        var border = golden.Number("allowed_border", 0);
        // The reference returns before it looks at the border when there are no objects.
        if (border >= 0 && truths.Count > 0) result.LeaveOutOutside(anchors, golden.Numbers("img_shape")[1], golden.Numbers("img_shape")[0], border);
        AssertNumbers(golden.Integers("gt_inds"), result);
    }

    [Theory]
    [MemberData(nameof(Location))]
    public void Location_targets_equal_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var grid = Grid(golden, golden.Numbers("strides"), golden.Number("octave_base_scale", 0));
        var maps = new LocationTargets { CenterFraction = Exact(golden, "center_ratio"), IgnoreFraction = Exact(golden, "ignore_ratio"), AnchorScale = golden.Number("octave_base_scale", 0) };
        var cells = LocationTargets.Cells(grid);
        var images = golden.Shape("loc_target0")[0];
        Assert.Equal(golden.Plain("avg_factor").GetDouble(), images * cells / 200.0, 1e-6);
        for (var image = 0; image < images; image++)
        {
            var (targets, weights) = (new float[cells], new float[cells]);
            maps.Draw(grid, TruthsOf(golden.Boxes($"gt_bboxes_image{image}")), targets, weights);
            Assert.Equal(Maps(golden, "loc_target", grid, image), targets);
            Assert.Equal(Maps(golden, "loc_weight", grid, image), weights);
        }
    }

    private static float[] Maps(GoldenCase golden, string name, AnchorGrid grid, int image)
        => [.. Enumerable.Range(0, grid.Levels.Count).SelectMany(level =>
        {
            var size = grid.Levels[level].Width * grid.Levels[level].Height;
            return golden.Floats($"{name}{level}").Skip(image * size).Take(size);
        })];

    private static double Exact(GoldenCase golden, string name) => golden.Parameters.GetProperty(name).GetDouble();

    /// <summary>One square anchor at each cell.</summary>
    private static AnchorGrid Grid(GoldenCase golden, float[] strides, float scale)
    {
        var (levels, first) = (new List<AnchorLevel>(), 0);
        foreach (var size in golden.Parameters.GetProperty("featmap_sizes").EnumerateArray())
        {
            var (stride, half) = (strides[levels.Count], strides[levels.Count] * scale / 2);
            levels.Add(new(size[1].GetInt32(), size[0].GetInt32(), stride, stride, 0, 0, [new(-half, -half, half, half)], first));
            first += levels[^1].Count;
        }

        return new(levels);
    }

    private static Truths TruthsOf(BoxArray boxes)
    {
        var truths = new Truths();
        for (var i = 0; i < boxes.Count; i++) truths.Add(boxes[i], 0);
        return truths;
    }

    private static void AssertNumbers(int[] expected, Assignment result)
    {
        var actual = new int[result.Count];
        for (var i = 0; i < actual.Length; i++) actual[i] = result.Truths[i] switch { Assignment.Background => 0, Assignment.Ignored => -1, var truth => truth + 1 };
        Assert.Equal(expected, actual);
    }

    private static Assignment Run(GoldenCase golden, Assigner assigner, AnchorSet anchors)
    {
        var (truths, boxes, classes) = (new Truths(), golden.Boxes("gt_bboxes"), golden.Integers("gt_labels"));
        for (var i = 0; i < boxes.Count; i++) truths.Add(boxes[i], classes[i]);
        if (golden.Has("gt_bboxes_ignore"))
        {
            var ignored = golden.Boxes("gt_bboxes_ignore");
            for (var i = 0; i < ignored.Count; i++) truths.Ignored.Add(ignored[i]);
        }

        var result = new Assignment();
        assigner.Assign(anchors, truths, result);
        AssertNumbers(golden.Integers("gt_inds"), result);
        return result;
    }
}
