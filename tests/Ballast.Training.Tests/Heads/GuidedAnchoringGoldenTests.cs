using System.Text.Json;
using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>The losses of guided anchoring from raw maps, by mmdetection: values of each level, and gradients to every map.</summary>
public class GuidedAnchoringGoldenTests
{
    private const int Images = 2;

    public static TheoryData<string> Cases => GoldenCase.All("guided_anchoring_loss");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_head_with_guided_anchoring_learns_as_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var classes = (int)golden.Number("num_classes", 0);
        var (anchors, batch, maps) = (Anchors(golden), Batch(golden), new List<(string Name, Tensor Map)>());
        // mmdetection gives its focal loss 1 for a centre where it reads 1 as background: with the sign of the logits and alpha turned over it is ours.
        var predictions = new GuidedPredictions(
            -DensePredictions.Rows(Maps("loc_pred"), 1).squeeze(-1), DensePredictions.Rows(Maps("shape_pred"), 2),
            new(DensePredictions.Rows(Maps("cls_score"), classes), DensePredictions.Rows(Maps("bbox_pred"), 4)));
        var options = Options(golden) with { LocationLoss = new() { Alpha = 0.75f } };
        var places = new GuidedPlaces(anchors, batch.Width, batch.Height);
        var guidance = new GuidedLosses(options, anchors);
        var targets = new AnchorMatching(options.Assigner, new NoSampler(), classes).Match(places.Anchors(predictions.Shapes, options.ShapeCoder), batch);
        var detection = Assert.Single(new DenseLosses("head", Losses(golden), Facts(classes)).Compute(predictions.Dense, targets));
        var stages = guidance.Compute(predictions, places, batch);
        Assert.Equal(GuidedLosses.Stages, stages.Count);
        int[] all = [.. Enumerable.Range(0, Images * places.Squares.Count)];
        var losses = new (string Name, Tensor Levels)[]
        {
            ("loss_cls", ByLevel(detection.Classification!, all, places.Squares)),
            ("loss_bbox", ByLevel(detection.Box!, [.. targets.Positives], places.Squares)),
            ("loss_shape", ByLevel(stages[0].Box!, [.. guidance.ShapeTargets(places, batch).Positives], places.Squares)),
            ("loss_loc", ByLevel(stages[1].Classification!, all, places.Squares)),
        };
        foreach (var (loss, levels) in losses) golden.AssertClose($"outputs:{loss}", levels);
        golden.AssertGradients(cat([.. losses.Select(loss => loss.Levels)]), [.. maps]);

        Tensor[] Maps(string map)
        {
            var own = anchors.Levels.Select((_, level) => (Name: $"{map}{level}", Map: golden.Tensor($"{map}{level}", learned: true))).ToArray();
            maps.AddRange(own);
            return [.. own.Select(each => each.Map)];
        }
    }

    /// <summary>The loss of each level's elements.</summary>
    /// <param name="term">Of all levels.</param>
    /// <param name="candidates">The candidate of each element: image x places + place.</param>
    /// <param name="grid">The places.</param>
    private static Tensor ByLevel(LossTerm term, int[] candidates, AnchorGrid grid)
        => stack([.. grid.Levels.Select((_, level) =>
        {
            var rows = tensor([.. Enumerable.Range(0, candidates.Length).Where(i => grid.LevelOf(candidates[i] % grid.Count) == level).Select(i => (long)i)]);
            return new LossTerm(term.Elements.index_select(0, rows), term.Normalizer, term.Weights?.index_select(0, rows)).Value();
        })]);

    private static GuidedAnchoringOptions Options(GoldenCase golden) => new()
    {
        CenterFraction = golden.Parameters.GetProperty("center_ratio").GetDouble(),
        IgnoreFraction = golden.Parameters.GetProperty("ignore_ratio").GetDouble(),
        ShapeAssigner = Assigner(golden.Parameters.GetProperty("ga_assigner")),
        Assigner = Assigner(golden.Parameters.GetProperty("assigner")),
    };

    private static DenseLossOptions Losses(GoldenCase golden)
        => new() { Box = new SmoothL1BoxLoss { Beta = 0.04f }, Coder = HeadLossGoldenTests.Coder(golden), Divisor = LossDivisor.Positives };

    private static MaxIoUAssigner Assigner(JsonElement rule) => new()
    {
        PositiveIoU = rule.GetProperty("pos_iou_thr").GetSingle(),
        NegativeIoU = rule.GetProperty("neg_iou_thr").GetSingle(),
        MinimumBestIoU = rule.GetProperty("min_pos_iou").GetSingle(),
        LowQuality = LowQualityRule.Overwrite,
        UnionFloor = 1e-6f,
    };

    private static AnchorOptions Anchors(GoldenCase golden)
    {
        var approximating = golden.Parameters.GetProperty("approx_anchor");
        var (scale, octaves) = (approximating.GetProperty("octave_base_scale").GetSingle(), approximating.GetProperty("scales_per_octave").GetInt32());
        return new()
        {
            Rule = new ExactAnchors(),
            Levels = [.. approximating.GetProperty("strides").EnumerateArray().Select(stride => new AnchorLevelOptions
            {
                Name = $"stride {stride.GetInt32()}",
                Stride = stride.GetInt32(),
                Sizes = ExactAnchors.Octave(stride.GetInt32(), scale, octaves),
                Ratios = [.. approximating.GetProperty("ratios").EnumerateArray().Select(ratio => ratio.GetSingle())],
            })],
        };
    }

    private static Batch Batch(GoldenCase golden)
    {
        var size = golden.Parameters.GetProperty("image_size");
        var (height, width) = (size[0].GetInt32(), size[1].GetInt32());
        var items = Enumerable.Range(0, Images).Select(i => new BatchImage(i, $"image {i}", width, height, width, height, GoldenTruths.Of(golden, i, 0, "gt_bboxes_image")));
        return new(zeros(Images, 3, height, width), [.. items]);
    }

    private static DatasetFacts Facts(int classes) => new()
    {
        Classes = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")],
        Objects = [.. new long[classes]],
        ImagesWith = [.. new long[classes]],
        Images = Images,
    };
}
