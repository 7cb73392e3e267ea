using System.Text.Json;

namespace Ballast.Tests.Evaluation;

/// <summary>pycocotools' numbers (2.0.11) on the edge cases of tests/golden/coco-eval, digit for digit.</summary>
public class CocoEvaluationGoldenTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void The_twelve_numbers_are_those_of_pycocotools()
    {
        var evaluation = Evaluate();
        using var expected = Read("expected.json");
        AssertFigures("all classes", expected.RootElement.GetProperty("stats"), evaluation.Overall);
    }

    [Fact]
    public void Every_class_and_every_IoU_has_the_number_of_pycocotools()
    {
        var evaluation = Evaluate();
        using var expected = Read("expected.json");
        var classes = expected.RootElement.GetProperty("per_class").EnumerateArray().ToList();
        Assert.Equal(classes.Count, evaluation.Classes.Count);
        foreach (var entry in classes)
        {
            var name = entry.GetProperty("name").GetString()!;
            var figures = evaluation.Classes.Single(c => c.Name == name).Figures;
            AssertFigures(name, entry, figures);
            var byIoU = entry.GetProperty("AP_by_iou").EnumerateArray().Select(value => value.GetDouble()).ToList();
            Assert.Equal(byIoU.Count, figures.APByIoU.Count);
            for (var t = 0; t < byIoU.Count; t++) AssertEqual($"{name} IoU {t}", byIoU[t], figures.APByIoU[t]);
        }
    }

    [Fact]
    public void Read_by_the_readers_the_numbers_are_the_same_and_the_unknown_class_is_named()
    {
        var path = Path.Combine(GoldenFolder.Of("coco-eval"), "gt.json");
        using var tree = FileTree.OpenTree(path);
        var truth = new CocoFormat().Read(tree, "gt.json", path, new());
        var detections = DetectionResults.Read(Path.Combine(GoldenFolder.Of("coco-eval"), "dt.json"), truth);
        Assert.Equal("Images are named by id; classes are named by id.", detections.Mapping);
        Assert.EndsWith("class 999", Assert.Single(detections.Flaws.Listed).Subject, StringComparison.Ordinal);
        using var expected = Read("expected.json");
        AssertFigures("all classes", expected.RootElement.GetProperty("stats"), CocoEvaluation.Of(truth, detections).Overall);
    }

    [Fact]
    public void The_slow_twin_has_the_number_of_pycocotools_too()
    {
        var scene = ReadScene();
        var options = new EvaluationOptions();
        var twin = new PlainEvaluation(scene, [.. options.IoUThresholds], [.. options.AreaRanges.Select(r => (r.Low, r.High))], [.. options.DetectionLimits]).Run();
        using var expected = Read("expected.json");
        var ap = twin.Precision.SelectMany(k => k.Select(t => t[0])).Where(value => !double.IsNaN(value)).Average();
        AssertEqual("AP", expected.RootElement.GetProperty("stats").GetProperty("AP").GetDouble(), ap);
    }

    private static void AssertFigures(string what, JsonElement expected, CocoFigures figures)
    {
        foreach (var (name, value) in figures.Summary) AssertEqual($"{name} of {what}", expected.GetProperty(name).GetDouble(), value);
    }

    private static void AssertEqual(string what, double expected, double figure)
        => Assert.True(Math.Abs(expected - CocoFigures.ToCoco(figure)) <= Tolerance, $"{what}: {figure} instead of {expected}");

    private static CocoEvaluation Evaluate() => ReadScene().Evaluate();

    private static Scene ReadScene()
    {
        var scene = new Scene();
        using var truth = Read("gt.json");
        var classes = truth.RootElement.GetProperty("categories").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetInt64(), c => c.GetProperty("name").GetString()!);
        foreach (var name in classes.Values) scene.AddClass(name);
        long[] classIds = [.. classes.Keys];
        var images = new Dictionary<long, int>();
        foreach (var image in truth.RootElement.GetProperty("images").EnumerateArray())
        {
            var id = image.GetProperty("id").GetInt64();
            images[id] = scene.AddImage(id, image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32());
        }

        foreach (var annotation in truth.RootElement.GetProperty("annotations").EnumerateArray())
        {
            var box = annotation.GetProperty("bbox").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            var marks = annotation.GetProperty("iscrowd").GetInt32() != 0 ? BoxMarks.Crowd : BoxMarks.None;
            if (annotation.TryGetProperty("ignore", out var ignore) && ignore.GetInt32() != 0) marks |= BoxMarks.Ignore;
            scene.Truths.Add(new(images[annotation.GetProperty("image_id").GetInt64()], Array.IndexOf(classIds, annotation.GetProperty("category_id").GetInt64()), box[0], box[1], box[2], box[3])
            {
                Area = annotation.GetProperty("area").GetDouble(),
                Marks = marks,
                Id = annotation.GetProperty("id").GetInt64(),
            });
        }

        using var found = Read("dt.json");
        foreach (var detection in found.RootElement.EnumerateArray())
        {
            var @class = Array.IndexOf(classIds, detection.GetProperty("category_id").GetInt64());
            if (@class < 0) continue;
            var box = detection.GetProperty("bbox").EnumerateArray().Select(value => value.GetDouble()).ToArray();
            scene.Found(images[detection.GetProperty("image_id").GetInt64()], @class, box[0], box[1], box[2], box[3], detection.GetProperty("score").GetDouble());
        }

        return scene;
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(GoldenFolder.Of("coco-eval"), file)));
}
