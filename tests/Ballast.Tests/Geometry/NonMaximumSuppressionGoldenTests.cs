using Ballast.Tests.Golden;

namespace Ballast.Tests.Geometry;

public class NonMaximumSuppressionGoldenTests
{
    public static TheoryData<string> Torchvision => GoldenCase.All("tv_nms");

    public static TheoryData<string> MultiClass => GoldenCase.All("multiclass_nms");

    [Theory]
    [MemberData(nameof(Torchvision))]
    public void Suppression_clipping_and_removal_equal_torchvision(string name)
    {
        using var golden = GoldenCase.Load(name);
        var (boxes, keep) = (golden.Boxes("boxes"), new List<int>());
        if (golden.Parameters.TryGetProperty("size", out var size))
        {
            boxes.Clip(size[1].GetSingle(), size[0].GetSingle());
            golden.AssertClose("outputs:boxes", boxes);
            return;
        }

        if (golden.Parameters.TryGetProperty("min_size", out var side)) boxes.KeepLargerThan(side.GetSingle(), keep);
        else if (golden.Has("idxs")) NonMaximumSuppression.Batched(boxes, golden.Floats("scores"), golden.Integers("idxs"), golden.Number("iou_threshold", 0), keep);
        else NonMaximumSuppression.Greedy(boxes, golden.Floats("scores"), golden.Number("iou_threshold", 0), keep);
        var expected = golden.Integers("keep");
        // The references leave the order of equal scores open.
        if (name.Contains("equal_scores", StringComparison.Ordinal)) Assert.Equal(expected.Order(), keep.Order());
        else Assert.Equal(expected, keep);
    }

    [Theory]
    [MemberData(nameof(MultiClass))]
    public void Suppression_in_every_class_equals_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var classes = golden.Shape("multi_scores")[1] - 1;
        var withBackground = golden.Floats("multi_scores");
        var scores = withBackground.Where((_, i) => i % (classes + 1) < classes).ToArray();
        var boxes = golden.Boxes("multi_bboxes");
        var options = new SuppressionOptions { MinimumScore = golden.Number("score_thr", 0), IoU = golden.Number("iou_threshold", 0), Most = (int)golden.Number("max_num", 0) };
        var keep = new List<int>();
        NonMaximumSuppression.MultiClass(boxes, scores, classes, options, keep);
        Assert.Equal(golden.Integers("flat_index"), keep);
        Assert.Equal(golden.Integers("labels"), keep.Select(place => place % classes));
        var shared = boxes.Count != scores.Length;
        golden.AssertClose("dets", keep.SelectMany(place =>
        {
            var box = boxes[shared ? place / classes : place];
            return (float[])[box.X1, box.Y1, box.X2, box.Y2, scores[place]];
        }).ToArray());
    }
}
