using System.Text.Json;
using Ballast.Tests.Golden;

namespace Ballast.Tests.Assigning;

public class AssignerGoldenTests
{
    public static TheoryData<string> MaxIoU => GoldenCase.All("max_iou_assigner");

    public static TheoryData<string> Matcher => GoldenCase.All("tv_matcher");

    public static TheoryData<string> Atss => GoldenCase.All("atss_assigner");

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
        var actual = new int[result.Count];
        for (var i = 0; i < actual.Length; i++) actual[i] = result.Truths[i] switch { Assignment.Background => 0, Assignment.Ignored => -1, var truth => truth + 1 };
        Assert.Equal(golden.Integers("gt_inds"), actual);
        return result;
    }
}
