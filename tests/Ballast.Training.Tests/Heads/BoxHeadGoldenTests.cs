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

    /// <summary>The case's regions, which are sampled already and hold the truths, assigned by us.</summary>
    private static RegionTargets Regions(GoldenCase golden, int classes)
    {
        var (shape, rois) = (golden.Numbers("img_shape"), golden.Floats("rois"));
        var items = Enumerable.Range(0, 2).Select(image => new BatchImage(
            image, $"image {image}", (int)shape[1], (int)shape[0], (int)shape[1], (int)shape[0], GoldenTruths.Of(golden, image, 0, "gt_bboxes_image"))).ToArray();
        var given = items.Select(_ => new BoxArray()).ToArray();
        for (var i = 0; i < rois.Length; i += 5) given[(int)rois[i]].Add(new(rois[i + 1], rois[i + 2], rois[i + 3], rois[i + 4]));
        var assigner = new MaxIoUAssigner { PositiveIoU = 0.5f, NegativeIoU = 0.5f, LowQuality = LowQualityRule.None, UnionFloor = 1e-6f };
        return new RegionSampling(assigner, new NoSampler(), classes, addTruths: false).Sample(given, new(zeros(2, 3, (long)shape[0], (long)shape[1]), items));
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
