using Ballast.Tests.Golden;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>The second stage from given predictions, by mmdetection: targets, losses, gradients, scores and boxes.</summary>
public class BoxHeadGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.All("rcnn_box_head");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Targets_and_losses_are_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (classes, loss) = (golden.Parameters.GetProperty("num_classes").GetInt32(), golden.Parameters.GetProperty("loss_bbox"));
        var regions = Regions(golden, classes);
        AssertTargets(golden, regions.Targets);
        var (logits, deltas) = (golden.Tensor("cls_score", learned: true), golden.Tensor("bbox_pred", learned: true));
        var predictions = new RegionPredictions(logits, deltas.reshape(deltas.shape[0], -1, 4));
        var options = new DenseLossOptions
        {
            Classification = new CrossEntropyLoss(),
            Box = HeadLossGoldenTests.BoxLoss(loss),
            Coder = HeadLossGoldenTests.Coder(golden),
            Divisor = LossDivisor.Samples,
        };
        var terms = Assert.Single(new DenseLosses("roi", options, Facts(classes)).Compute(predictions.Dense(regions.ClassesOfBoxes()), regions.Targets));
        var weight = loss.TryGetProperty("loss_weight", out var value) ? value.GetSingle() : 1;
        var (classification, box) = (terms.Classification!.Value(), weight * terms.Box!.Value());
        golden.AssertClose("outputs:loss_cls", classification);
        golden.AssertClose("outputs:loss_bbox", box);
        golden.AssertGradients(classification + box, ("cls_score", logits), ("bbox_pred", deltas));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_and_boxes_of_detections_are_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        golden.AssertClose("outputs:scores", new CrossEntropyLoss().Probabilities(golden.Tensor("cls_score")));
        var (rois, deltas, shape) = (golden.Floats("rois"), golden.Floats("bbox_pred"), golden.Numbers("img_shape"));
        var regions = new BoxArray();
        for (var i = 0; i < rois.Length; i += 5) regions.Add(new(rois[i + 1], rois[i + 2], rois[i + 3], rois[i + 4]));
        var offsets = Enumerable.Range(0, deltas.Length / 4).Select(i => new BoxDelta(deltas[4 * i], deltas[(4 * i) + 1], deltas[(4 * i) + 2], deltas[(4 * i) + 3]));
        var decoded = new BoxArray();
        HeadLossGoldenTests.Coder(golden).Decode(regions, [.. offsets], decoded, (shape[1], shape[0]));
        var (inImage, scale) = (new BoxArray(), golden.Number("scale_factor", 1));
        for (var i = 0; i < decoded.Count; i++) inImage.Add(new(decoded[i].X1 / scale, decoded[i].Y1 / scale, decoded[i].X2 / scale, decoded[i].Y2 / scale));
        golden.AssertClose("outputs:decoded_boxes", inImage);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Regions_refined_for_the_next_stage_of_a_cascade_are_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (classes, first) = (golden.Parameters.GetProperty("num_classes").GetInt32(), 0);
        var (regions, rows) = (Regions(golden, classes), new List<int>());
        for (var image = 0; image < 2; first += regions.Boxes[image++].Count)
        {
            var given = golden.Integers($"pos_is_gt_image{image}");
            rows.AddRange(Enumerable.Range(0, given.Length).Where(i => given[i] == 1).Select(i => first + i));
        }

        var deltas = golden.Tensor("bbox_pred", learned: true);
        var predictions = new RegionPredictions(golden.Tensor("cls_score", learned: true), deltas.reshape(deltas.shape[0], -1, 4));
        Assert.Equal(golden.Flag("reg_class_agnostic", false) ? 1 : classes, predictions.Deltas.shape[1]);
        var refined = RegionRefinement.Of(predictions, regions with { TruthRows = rows }, HeadLossGoldenTests.Coder(golden), Batch(golden));
        for (var image = 0; image < 2; image++) golden.AssertClose($"outputs:refined_image{image}", refined[image]);
    }

    [Fact]
    public void Truths_that_were_added_are_known_and_do_not_go_on()
    {
        using var scope = NewDisposeScope();
        var items = Enumerable.Range(0, 2).Select(image => new BatchImage(image, $"image {image}", 40, 30, 40, 30, new())).ToArray();
        items[1].Truths.Add(new(3, 4, 13, 16), 1);
        var batch = new Batch(zeros(2, 3, 30, 40), items);
        BoxArray[] proposals = [new(), new()];
        proposals[0].Add(new(1, 2, 11, 12));
        proposals[1].Add(new(3, 4, 14, 16));
        var assigner = new MaxIoUAssigner { PositiveIoU = 0.5f, NegativeIoU = 0.5f, LowQuality = LowQualityRule.None };
        var targets = new RegionSampling(assigner, new NoSampler(), classes: 2, addTruths: true).Sample(proposals, batch);
        Assert.Equal([2], targets.TruthRows);
        // Class 1's box of each region lies half a width to the right; that of image 0 is background and takes the more probable class 0, which stays.
        var predictions = new RegionPredictions(tensor(new float[] { 5, 1, 9, 0, 0, 0, 0, 0, 0 }, [3, 3]), tensor(new float[] { 0, 0, 0, 0, 0.5f, 0, 0, 0 }, [1, 2, 4]).expand(3, 2, 4));
        var refined = RegionRefinement.Of(predictions, targets, new BoxCoder(), batch);
        Assert.Equal([new Box(1, 2, 11, 12)], Boxes(refined[0]));
        Assert.Equal([new Box(8.5f, 4, 19.5f, 16)], Boxes(refined[1]));
        var sure = new RegionPredictions(predictions.Logits.narrow(0, 0, 2), predictions.Deltas.narrow(0, 0, 2));
        Assert.Equal(Boxes(proposals[1]), Boxes(RegionRefinement.Of(sure, proposals, classes: 2, new BoxCoder(), batch)[1]));
        Assert.All(RegionRefinement.Of(new(zeros(0, 3), zeros(0, 2, 4)), [new(), new()], classes: 2, new BoxCoder(), batch), boxes => Assert.Equal(0, boxes.Count));

        static Box[] Boxes(BoxArray boxes) => [.. Enumerable.Range(0, boxes.Count).Select(i => boxes[i])];
    }

    /// <summary>The case's regions, which are sampled already and hold the truths, assigned by us.</summary>
    private static RegionTargets Regions(GoldenCase golden, int classes)
    {
        var rois = golden.Floats("rois");
        BoxArray[] given = [new(), new()];
        for (var i = 0; i < rois.Length; i += 5) given[(int)rois[i]].Add(new(rois[i + 1], rois[i + 2], rois[i + 3], rois[i + 4]));
        var assigner = new MaxIoUAssigner { PositiveIoU = 0.5f, NegativeIoU = 0.5f, LowQuality = LowQualityRule.None, UnionFloor = 1e-6f };
        return new RegionSampling(assigner, new NoSampler(), classes, addTruths: false).Sample(given, Batch(golden));
    }

    private static Batch Batch(GoldenCase golden)
    {
        var shape = golden.Numbers("img_shape");
        var (height, width) = ((int)shape[0], (int)shape[1]);
        var items = Enumerable.Range(0, 2).Select(image => new BatchImage(image, $"image {image}", width, height, width, height, GoldenTruths.Of(golden, image, 0, "gt_bboxes_image")));
        return new(zeros(2, 3, height, width), [.. items]);
    }

    private static void AssertTargets(GoldenCase golden, AnchorTargets targets)
    {
        var labels = Enumerable.Repeat(targets.Classes, targets.Anchors).ToArray();
        var boxes = new float[4 * targets.Anchors];
        for (var i = 0; i < targets.Positives.Count; i++)
        {
            var row = targets.Positives[i];
            labels[row] = targets.PositiveClasses[i];
            var (delta, truth) = (HeadLossGoldenTests.Coder(golden).Encode(targets.PositiveAnchors[i], targets.TruthBoxes[i]), targets.TruthBoxes[i]);
            float[] target = golden.Flag("reg_decoded_bbox", false) ? [truth.X1, truth.Y1, truth.X2, truth.Y2] : [delta.X, delta.Y, delta.Width, delta.Height];
            target.CopyTo(boxes, 4 * row);
        }

        Assert.Equal(golden.Integers("labels"), labels);
        golden.AssertClose("outputs:bbox_targets", boxes);
    }

    private static DatasetFacts Facts(int classes) => new()
    {
        Classes = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")],
        Objects = [.. Enumerable.Repeat(1L, classes)],
        ImagesWith = [.. Enumerable.Repeat(1L, classes)],
        Images = classes,
    };
}
