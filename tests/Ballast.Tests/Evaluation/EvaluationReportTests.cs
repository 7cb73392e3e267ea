namespace Ballast.Tests.Evaluation;

public class EvaluationReportTests
{
    private static readonly EvaluationSummaryOptions Options = new() { Replicates = 100 };

    [Fact]
    public void Sections_stand_in_order_and_each_has_a_tile()
    {
        var report = Report(Busy());
        string[] sections = ["accuracy", "classes", "costs", "errors", "examples", "paradox", "confusion", "calibration"];
        Assert.Equal(sections, report.Findings.Select(finding => finding.Id));
        Assert.Equal(sections, report.Tiles!);
        Assert.Equal("evaluation", report.Kind);
        Assert.StartsWith("AP is ", report.Summary, StringComparison.Ordinal);
        Assert.EndsWith(Busy().Verdict, report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void The_twelve_figures_are_the_evaluation_s_with_the_intervals_there_are()
    {
        var summary = Busy();
        var accuracy = Finding(summary, "accuracy");
        Assert.Equal(summary.Evaluation.Overall.Summary.Select(figure => (figure.Name, figure.Value)), accuracy.Measures.Take(12).Select(measure => (measure.Name, measure.Value)));
        Assert.Equal(summary.Intervals!.Overall.AP75.High, accuracy.Measures[2].High);
        Assert.Null(accuracy.Measures[3].Low);
        Assert.Contains($"AP is {summary.Evaluation.Overall.AP:0.000} (95 %: {summary.Intervals.Overall.AP.Low:0.000} to {summary.Intervals.Overall.AP.High:0.000})", accuracy.Headline, StringComparison.Ordinal);
        Assert.Contains($"to within {summary.Intervals.Overall.AP.HalfWidth:0.000}", accuracy.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_are_sorted_by_AP_and_stand_against_their_number_of_objects()
    {
        var summary = Busy();
        var classes = Finding(summary, "classes");
        var bars = Assert.IsType<BarFigure>(classes.Figures[0]);
        Assert.Equal(summary.Evaluation.Classes.OrderBy(c => c.Figures.AP).Select(c => c.Name), bars.Categories);
        Assert.Equal(summary.Evaluation.Classes.OrderBy(c => c.Figures.AP).Select(c => summary.Intervals!.Classes[c.Index].AP.Low), bars.Series[0].Low!);
        var points = Assert.IsType<PointFigure>(classes.Figures[1]);
        Assert.Equal(bars.Categories, points.Names);
        Assert.Equal(summary.Evaluation.Classes.OrderBy(c => c.Figures.AP).Select(c => (double)c.Objects), points.X);
        Assert.Contains(classes.Tables[1].Rows, row => row[0] == "class0" && row[5] == $"{summary.Lrp.Classes[0].Threshold:0.000}");
    }

    [Fact]
    public void The_waterfall_starts_at_AP50_and_its_steps_add_up()
    {
        var errors = Busy().Errors;
        var bars = Assert.IsType<BarFigure>(Finding(Busy(), "errors").Figures[0]);
        Assert.Equal(errors.AP, bars.Series[0].Values[0]);
        var end = errors.Errors[^1].StepCost >= 0 ? bars.Series[0].Values[^1] + bars.Series[1].Values[^1] : bars.Series[0].Values[^1];
        Assert.Equal(errors.AP + errors.Errors.Sum(error => error.StepCost), end, 12);
        Assert.All(bars.Series[1].Values, step => Assert.True(step >= 0));
    }

    [Fact]
    public void Remedies_are_given_for_costs_beyond_chance_with_commands_that_exist()
    {
        var summary = Busy();
        var costs = Finding(summary, "costs");
        Assert.Equal(summary.Costs.Count(axis => axis.Interval is { IsReal: true } && axis.Cost >= 0.0005), costs.Remedies.Count);
        Assert.NotEmpty(costs.Remedies);
        Assert.All(costs.Remedies, advice => Assert.True(advice is { CommandExists: true, Computed: true } && advice.Command.StartsWith("ballast ", StringComparison.Ordinal)));
        var report = Report(summary);
        Assert.Equal(report.First.Select(ranked => ranked.Advice.Command).Distinct(), report.First.Select(ranked => ranked.Advice.Command));
    }

    [Fact]
    public void A_false_alarm_and_a_miss_are_shown_with_the_boxes_they_are_about()
    {
        var scene = Scene.With(2, 3).Object(0, 0, 10, 10, 50, 50).Found(0, 0, 10, 10, 50, 50, 0.9)
            .Found(1, 0, 300, 200, 40, 30, 0.8)
            .Object(2, 1, 100, 100, 60, 60).Object(1, 1, 10, 10, 80, 80).Found(1, 1, 10, 10, 80, 80, 0.7);
        var examples = Finding(Of(scene), "examples");
        var alarm = Assert.Single(examples.Examples, example => example.Group.StartsWith("the surest false alarms", StringComparison.Ordinal));
        Assert.Equal((1, -1, "class0 0.80: nothing is annotated there"), (alarm.Image, alarm.Box, alarm.Caption));
        Assert.Equal(new Corners(300, 200, 340, 230), Assert.Single(alarm.Detections!));
        var miss = Assert.Single(examples.Examples, example => example.Group.StartsWith("missed objects of class1", StringComparison.Ordinal));
        Assert.Equal(2, miss.Image);
        Assert.Empty(miss.Detections!);
        // Class 0 is best cut at 0.9, above its false alarm, so none of the two detections in use is wrong.
        Assert.Equal("1 of 3 objects is missed and 0 of 2 detections are false alarms, each class at its own best threshold", examples.Headline);
    }

    [Fact]
    public void A_miss_shows_the_detection_that_stands_in_its_place()
    {
        var scene = Scene.With(2, 1).Object(0, 0, 100, 100, 60, 60).Object(0, 1, 300, 100, 60, 60).Object(0, 1, 400, 300, 60, 60)
            .Found(0, 1, 105, 100, 60, 60, 0.6).Found(0, 1, 300, 100, 60, 60, 0.5).Found(0, 1, 400, 300, 60, 60, 0.9);
        var miss = Assert.Single(Finding(Of(scene), "examples").Examples, example => example.Group.StartsWith("missed objects of class0", StringComparison.Ordinal));
        Assert.Equal("000001.jpg: class1 0.60 instead", miss.Caption);
        Assert.Equal(new Corners(105, 100, 165, 160), Assert.Single(miss.Detections!));
    }

    [Fact]
    public void Nothing_to_measure_gives_a_page_that_says_so()
    {
        var empty = Report(Of(Scene.With(0, 0)));
        Assert.Contains("no truth", empty.Summary, StringComparison.Ordinal);
        Assert.Equal("AP is undefined: there is no truth to measure against", empty.Findings[0].Headline);
        Assert.All(empty.Findings, finding => Assert.Equal(Verdict.CannotTell, finding.Verdict));
        var blind = Report(Of(Scene.With(2, 4).Object(0, 0, 10, 10, 50, 50).Object(1, 1, 10, 10, 50, 50)));
        Assert.Contains("2 of 2 objects are missed", blind.Findings.Single(finding => finding.Id == "examples").Headline, StringComparison.Ordinal);
        Assert.Empty(blind.First);
    }

    [Fact]
    public void Without_drawing_images_again_there_are_no_intervals_and_the_page_says_why()
    {
        var accuracy = Finding(EvaluationSummary.Of(BusyTruth, PerturbedTruth.Detect(BusyTruth, 1), new() { Replicates = 0 }), "accuracy");
        Assert.All(accuracy.Measures, measure => Assert.Null(measure.Low));
        Assert.Contains("no images were drawn again", accuracy.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_pycocotools_differs_stands_in_a_section_of_its_own()
    {
        var scene = Scene.With(1, 1);
        scene.Truths.Add(new(0, 0, 10, 10, 50, 50) { Id = 0 });
        var notes = Finding(Of(scene.Found(0, 0, 10, 10, 50, 50, 0.9)), "notes");
        Assert.Contains("id 0", Assert.Single(notes.Tables).Rows[0][0], StringComparison.Ordinal);
    }

    [Fact]
    public void Flaws_of_the_detections_stand_beside_those_of_the_truth()
    {
        var folder = Directory.CreateTempSubdirectory("ballast-evaluation-");
        try
        {
            var path = Path.Combine(folder.FullName, "detections.json");
            File.WriteAllText(path, """[{"image_id": 1, "category_id": 1, "bbox": [10, 10, 50, 50], "score": 0.9}, {"image_id": 77, "category_id": 1, "bbox": [10, 10, 50, 50], "score": 0.9}]""");
            var truth = Scene.With(1, 12).Object(0, 0, 10, 10, 50, 50).Dataset();
            var report = Report(EvaluationSummary.Of(path, truth, Options));
            Assert.Contains(report.Datasets[0].Flaws, flaw => flaw.Code == "detection-unknown-image" && flaw.Count == 1);
            Assert.Contains(report.Method, fact => fact.Name == "detections" && fact.Value.StartsWith("1. Images are named by id; classes are named by ", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Saving_writes_a_page_and_can_be_stopped()
    {
        var folder = Directory.CreateTempSubdirectory("ballast-evaluation-");
        try
        {
            var path = Path.Combine(folder.FullName, "report.html");
            Assert.Throws<OperationCanceledException>(() => EvaluationReport.Save(Busy(), path, new CancellationToken(canceled: true)));
            Assert.False(File.Exists(path));
            EvaluationReport.Save(Busy(), path, TestContext.Current.CancellationToken);
            Assert.Contains("\"kind\":\"evaluation\"", File.ReadAllText(path), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A long tail of seven classes with names as given, so that every figure has something to draw.</summary>
    internal static DetectionDataset LongTail(IReadOnlyList<string> names, string file = "image")
    {
        var scene = Scene.With(0, 0);
        foreach (var name in names) scene.AddClass(name);
        for (var image = 0; image < 120; image++) scene.AddImage(image + 1, file: $"{file}{image:D4}.jpg");
        for (var k = 0; k < names.Count; k++)
        {
            for (var i = 0; i < 300 >> k; i++)
            {
                var place = StableHash.Mix((ulong)((k * 1000) + i));
                var side = 12 + (double)(place % 150);
                scene.Object((int)(place >> 8) & 0x3F, k, place >> 20 & 0x1FF, place >> 40 & 0xFF, side, side * 0.8);
            }
        }

        return scene.Dataset();
    }

    internal static ReportData Report(EvaluationSummary summary) => EvaluationReport.ToReport(summary, EvaluationReport.Findings(summary), new([], null));

    private static DetectionDataset BusyTruth { get; } = LongTail([.. Enumerable.Range(0, 7).Select(k => $"class{k}")]);

    private static Lazy<EvaluationSummary> BusySummary { get; } = new(() => EvaluationSummary.Of(BusyTruth, PerturbedTruth.Detect(BusyTruth, 1), Options));

    private static EvaluationSummary Busy() => BusySummary.Value;

    private static EvaluationSummary Of(Scene scene)
    {
        var truth = scene.Dataset();
        return EvaluationSummary.Of(truth, DetectionTable.Create(truth, scene.Detections), Options);
    }

    private static Finding Finding(EvaluationSummary summary, string id) => Report(summary).Findings.Single(finding => finding.Id == id);
}
