using CsCheck;

namespace Ballast.Tests.Evaluation;

public class CocoEvaluationTests
{
    private static readonly EvaluationOptions Tight = new() { DetectionLimits = [1, 2, 4] };

    [Fact]
    public void Every_figure_is_that_of_the_slow_twin()
        => MessyScene.Any.Sample(scene => AssertTwins(scene, new()), iter: 400, threads: 1);

    [Fact]
    public void Every_figure_is_that_of_the_slow_twin_when_limits_bite()
        => MessyScene.Any.Sample(scene => AssertTwins(scene, Tight), iter: 400, threads: 1);

    [Fact]
    public void With_distinct_scores_the_order_of_images_detections_and_annotations_changes_no_digit()
        => MessyScene.Distinct.Sample(scene => AssertSame(scene.Evaluate(), Shuffled(scene).Evaluate()), iter: 200, threads: 1);

    [Fact]
    public void A_false_alarm_under_the_limit_never_raises_AP50() => MessyScene.Distinct.Sample(
        scene =>
        {
            var before = scene.Evaluate().Overall.AP50;
            // Far from every truth, so below IoU 0.5 with each; surer than half of the others.
            scene.Found(0, 0, 5000, 5000, 40, 40, 0.5);
            var after = scene.Evaluate().Overall.AP50;
            Assert.True(double.IsNaN(before) ? double.IsNaN(after) : after <= before + 1e-15, $"{before} became {after}");
        },
        iter: 200,
        threads: 1);

    [Fact]
    public void Scaling_all_coordinates_by_two_changes_only_the_size_ranges() => MessyScene.Distinct.Sample(
        scene =>
        {
            var (small, large) = (scene.Evaluate(), Scaled(scene, 2).Evaluate());
            string[] unchanged = ["AP", "AP50", "AP75", "AR1", "AR10", "AR100"];
            foreach (var ((name, value), (_, other)) in small.Overall.Summary.Zip(large.Overall.Summary))
            {
                if (unchanged.Contains(name)) Assert.Equal(value, other);
            }
        },
        iter: 200,
        threads: 1);

    [Fact]
    public void Areas_relative_to_the_input_scale_with_it()
    {
        // 640 x 480 becomes 1280 x 960 for a shorter side of 960: areas are four times as large, as if every coordinate were doubled.
        var scene = RandomScene.Draw(new(), 40, new Random(5));
        var seen = scene.Evaluate(new() { AreaInput = new() { Short = 960, Long = 1280 } });
        AssertSame(Scaled(scene, 2).Evaluate(), seen);
        Assert.NotEqual(scene.Evaluate().Overall.APs, seen.Overall.APs);
    }

    [Fact]
    public void Areas_relative_to_the_input_need_the_size_of_the_image()
    {
        var scene = new Scene();
        scene.AddClass("a");
        scene.AddImage(7, 0, 0, "seven.jpg");
        var error = Assert.Throws<InputException>(() => scene.Evaluate(new() { AreaInput = new() }));
        Assert.Contains("image 7 'seven.jpg'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_annotation_with_id_zero_is_found_and_pycocotools_is_said_to_differ()
    {
        var scene = Scene.With(1, 1);
        scene.Truths.Add(new(0, 0, 10, 10, 50, 50) { Id = 0 });
        scene.Truths.Add(new(0, 0, 200, 10, 50, 50) { Id = 1 });
        scene.Found(0, 0, 10, 10, 50, 50, 0.9).Found(0, 0, 200, 10, 50, 50, 0.8);
        var evaluation = scene.Evaluate();
        Assert.Equal(1, evaluation.Overall.AP, 12);
        Assert.Contains("id 0", Assert.Single(evaluation.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_that_share_an_id_are_both_found_and_pycocotools_is_said_to_differ()
    {
        var scene = Scene.With(1, 1);
        scene.Truths.Add(new(0, 0, 10, 10, 50, 50) { Id = 4 });
        scene.Truths.Add(new(0, 0, 200, 10, 50, 50) { Id = 4 });
        scene.Found(0, 0, 10, 10, 50, 50, 0.9).Found(0, 0, 200, 10, 50, 50, 0.8);
        var evaluation = scene.Evaluate();
        Assert.Equal(1, evaluation.Overall.AP, 12);
        Assert.Contains("such as 4", Assert.Single(evaluation.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truth_without_a_place_is_no_hit_of_anything()
    {
        var scene = Scene.With(1, 1).Object(0, 0, double.NaN, 10, 50, 50).Object(0, 0, 200, 10, 50, 50).Found(0, 0, 10, 10, 50, 50, 0.9).Found(0, 0, 200, 10, 50, 50, 0.8);
        var evaluation = scene.Evaluate();
        // One object, found second: precision 1/2 at every recall.
        Assert.Equal(0.5, evaluation.Overall.AP, 12);
        Assert.Contains(evaluation.Notes, note => note.Contains("not finite", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_detections_every_figure_is_zero()
    {
        var evaluation = Scene.With(1, 1).Object(0, 0, 10, 10, 50, 50).Evaluate();
        Assert.Equal(0, evaluation.Overall.AP);
        Assert.Equal(0, evaluation.Overall.AR100);
        Assert.Equal(double.NaN, evaluation.Overall.APs);
        Assert.Contains(evaluation.Notes, note => note.Contains("IndexError", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_truth_every_figure_is_undefined_and_minus_one_in_COCO_files()
    {
        var evaluation = Scene.With(2, 3).Found(0, 0, 10, 10, 50, 50, 0.5).Evaluate();
        Assert.All(evaluation.Overall.Summary, figure => Assert.Equal(double.NaN, figure.Value));
        Assert.All(evaluation.Overall.Summary, figure => Assert.Equal(-1, CocoFigures.ToCoco(figure.Value)));
        Assert.Equal(0, evaluation.PrecisionCurve(0, 0).Length);
        Assert.Contains(evaluation.Notes, note => note.Contains("no truth", StringComparison.Ordinal));
    }

    [Fact]
    public void A_data_set_without_images_or_classes_is_measured_as_undefined()
    {
        Assert.Equal(double.NaN, Scene.With(0, 0).Evaluate().Overall.AP);
        Assert.Equal(double.NaN, Scene.With(3, 0).Evaluate().Overall.AP);
    }

    [Fact]
    public void Ignore_regions_are_objects_in_COCO_files_and_left_out_elsewhere()
    {
        var scene = Scene.With(1, 1).Object(0, 0, 10, 10, 50, 50, BoxMarks.Ignore).Object(0, 0, 200, 10, 50, 50).Found(0, 0, 200, 10, 50, 50, 0.8).Found(0, 0, 15, 15, 20, 20, 0.9);
        var coco = scene.Dataset("coco");
        var voc = scene.Dataset("voc");
        // COCO: two objects, the surer detection is a false alarm (IoU 0.16): precision 1/2 up to recall 1/2, recalls 0 to 0.50.
        Assert.Equal(0.5 * 51 / 101, CocoEvaluation.Of(coco, DetectionTable.Create(coco, scene.Detections)).Overall.AP50, 12);
        // Elsewhere the region swallows the detection inside it.
        var evaluation = CocoEvaluation.Of(voc, DetectionTable.Create(voc, scene.Detections));
        Assert.Equal(1, evaluation.Overall.AP50, 12);
        Assert.Contains(evaluation.Notes, note => note.Contains("marked ignore or difficult", StringComparison.Ordinal));
    }

    [Fact]
    public void A_difficult_object_swallows_one_detection_only()
    {
        var scene = Scene.With(1, 1).Object(0, 0, 10, 10, 50, 50, BoxMarks.Difficult).Object(0, 0, 200, 10, 50, 50)
            .Found(0, 0, 10, 10, 50, 50, 0.9).Found(0, 0, 10, 10, 50, 50, 0.8).Found(0, 0, 200, 10, 50, 50, 0.7);
        var data = scene.Dataset("voc");
        Assert.Equal(0.5, CocoEvaluation.Of(data, DetectionTable.Create(data, scene.Detections)).Overall.AP50, 12);
    }

    [Fact]
    public void The_scores_of_a_curve_are_those_at_which_recall_is_reached()
    {
        var evaluation = Scene.With(1, 1).Object(0, 0, 10, 10, 50, 50).Object(0, 0, 200, 10, 50, 50)
            .Found(0, 0, 400, 10, 50, 50, 0.9).Found(0, 0, 10, 10, 50, 50, 0.8).Evaluate();
        var scores = evaluation.ScoreCurve(0, 0);
        Assert.Equal([0.9, 0.8, 0.8, 0], new[] { scores[0], scores[1], scores[50], scores[51] });
        Assert.Equal([0.5, 0.5, 0.5, 0], new[] { evaluation.PrecisionCurve(0, 0)[0], evaluation.PrecisionCurve(0, 0)[1], evaluation.PrecisionCurve(0, 0)[50], evaluation.PrecisionCurve(0, 0)[51] });
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        Assert.Throws<InputException>(() => new EvaluationOptions { IoUThresholds = [0.5, 0.5] });
        Assert.Throws<InputException>(() => new EvaluationOptions { IoUThresholds = [] });
        Assert.Throws<InputException>(() => new EvaluationOptions { IoUThresholds = [0, 0.5] });
        Assert.Throws<InputException>(() => new EvaluationOptions { DetectionLimits = [10, 1] });
        Assert.Throws<InputException>(() => new EvaluationOptions { DetectionLimits = [] });
        Assert.Throws<InputException>(() => new EvaluationOptions { AreaRanges = [] });
    }

    [Fact]
    public void A_table_of_another_truth_is_refused()
    {
        var one = Scene.With(1, 1).Dataset();
        Assert.Throws<InputException>(() => CocoEvaluation.Of(Scene.With(1, 2).Dataset(), DetectionTable.Create(one, [])));
    }

    private static void AssertTwins(Scene scene, EvaluationOptions options)
    {
        var evaluation = scene.Evaluate(options);
        int[] limits = [.. options.DetectionLimits];
        var twin = new PlainEvaluation(scene, [.. options.IoUThresholds], [.. options.AreaRanges.Select(range => (range.Low, range.High))], limits).Run();
        for (var k = 0; k < scene.ClassCount; k++)
        {
            for (var t = 0; t < options.IoUThresholds.Count; t++)
            {
                for (var a = 0; a < options.AreaRanges.Count; a++)
                {
                    Assert.Equal(twin.Precision[k][t][a], evaluation.AveragePrecision(k, t, a), 12);
                    for (var m = 0; m < limits.Length; m++) Assert.Equal(twin.Recall[k][t][(a * limits.Length) + m], evaluation.Recall(k, t, a, m));
                }
            }
        }
    }

    private static void AssertSame(CocoEvaluation expected, CocoEvaluation actual)
    {
        Assert.Equal(expected.Overall.Summary, actual.Overall.Summary);
        foreach (var (a, b) in expected.Classes.Zip(actual.Classes)) Assert.Equal(a.Figures.Summary, b.Figures.Summary);
    }

    private static Scene Shuffled(Scene scene)
    {
        var random = new Random(3);
        var images = Enumerable.Range(0, scene.ImageCount).OrderBy(_ => random.Next()).ToArray();
        var shuffled = new Scene { Detections = [.. scene.Detections.OrderBy(_ => random.Next()).Select(d => d with { Image = Array.IndexOf(images, d.Image) })] };
        for (var k = 0; k < scene.ClassCount; k++) shuffled.AddClass($"class{k}");
        foreach (var image in images) shuffled.AddImage(scene.ImageIds[image]);
        shuffled.Truths.AddRange(scene.Truths.OrderBy(_ => random.Next()).Select(truth => truth with { Image = Array.IndexOf(images, truth.Image) }));
        return shuffled;
    }

    private static Scene Scaled(Scene scene, double factor)
    {
        var scaled = new Scene { Detections = [.. scene.Detections.Select(d => d with { X = d.X * factor, Y = d.Y * factor, Width = d.Width * factor, Height = d.Height * factor })] };
        for (var k = 0; k < scene.ClassCount; k++) scaled.AddClass($"class{k}");
        foreach (var id in scene.ImageIds) scaled.AddImage(id);
        scaled.Truths.AddRange(scene.Truths.Select(t => t with { X = t.X * factor, Y = t.Y * factor, Width = t.Width * factor, Height = t.Height * factor }));
        return scaled;
    }
}
