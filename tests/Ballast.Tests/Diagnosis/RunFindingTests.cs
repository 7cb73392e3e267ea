using Ballast.Tests.Telemetry;

namespace Ballast.Tests;

public class RunFindingTests
{
    private static readonly DetectionDataset Data = MadeData.WithCounts([60, 20]);

    [Fact]
    public void Without_a_run_only_the_labels_speak()
    {
        var diagnosis = Diagnosis.Of(Data);
        Assert.DoesNotContain(diagnosis.Findings, finding => finding.Id.EndsWith("-run", StringComparison.Ordinal));
        Assert.Equal("cannot tell before a training run has recorded its losses and gradients", diagnosis.Finding("objective").Headline);
    }

    [Fact]
    public void A_run_adds_its_findings_before_what_lies_outside_the_article()
    {
        var diagnosis = Of([.. MadeRun.Steps(), .. MadeRun.Looks([1, 1, 1], [1, 1, 1])]);
        Assert.Equal(["objective", "class-foreground-run", "scale-level-run", "iou-distribution-run", "regression-loss-run", "data"], diagnosis.Findings.Select(finding => finding.Id).TakeLast(6));
        Assert.Equal(diagnosis.Findings.Count, diagnosis.Findings.Select(finding => finding.Subject).Distinct().Count());
    }

    [Theory]
    [InlineData(1, 1, Verdict.Balanced)]
    [InlineData(5, 1, Verdict.Mild)]
    [InlineData(1, 5, Verdict.Mild)]
    [InlineData(20, 1, Verdict.Severe)]
    public void The_task_with_the_shorter_gradient_is_the_weaker_one(double classification, double box, Verdict verdict)
    {
        var finding = Of([.. MadeRun.Steps(), .. MadeRun.Looks([classification, 0, 0], [box, 0, 0])]).Finding("objective");
        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(Math.Min(classification, box) / (classification + box), finding.Value("weaker-share"), 0.02);
        Assert.Equal(classification / box, finding.Value("classification-over-box"), 0.05 * classification / box);
        AssertInterval(finding, "weaker-share");
        if (verdict == Verdict.Balanced)
        {
            Assert.Empty(finding.Remedies);
            return;
        }

        var weight = finding.Remedies[0];
        Assert.True(weight.Computed);
        Assert.Contains(classification > box ? "detector.objective.boxWeight=" : "detector.objective.classificationWeight=", weight.Command);
        Assert.StartsWith(classification > box ? "classes rule" : "boxes rule", finding.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void The_weight_that_is_advised_makes_the_lengths_equal()
    {
        var looks = MadeRun.Looks([8, 6, 0], [1, 0.75, 0]).ToArray();
        var weight = double.Parse(Of([.. looks]).Finding("objective").Remedies[0].Command.Split("boxWeight=")[1]);
        var after = Of([.. looks.Select(look => look with { BoxGradients = [.. look.BoxGradients.Select(length => length * weight)] })]).Finding("objective");
        Assert.Equal(0.5, after.Value("weaker-share"), 0.005);
    }

    [Fact]
    public void Lengths_and_angles_are_taken_over_all_levels()
    {
        // Two levels that agree and one that is opposed: (9 + 16 - 0) and the product of the lengths 5 and 5.
        ProbeLine[] looks = [.. MadeRun.Looks([1, 1, 1], [1, 1, 1]).Select(look => look with { ClassificationGradients = [3, 4, 0], BoxGradients = [3, 4, 0], Cosines = [1, -1, double.NaN] })];
        var finding = Of([.. looks]).Finding("objective");
        Assert.Equal(0.5, finding.Value("weaker-share"), 1e-12);
        Assert.Equal((9.0 - 16) / 25, finding.Value("cosine"), 1e-12);
    }

    [Fact]
    public void What_is_left_of_a_loss_is_its_relative_convergence()
    {
        var finding = Of([.. MadeRun.Steps(), .. MadeRun.Looks([1, 1, 1], [1, 1, 1])]).Finding("objective");
        // exp(-3 t) and exp(-1.5 t), each its mean over the last twentieth over that of the first.
        Assert.Equal(Math.Exp(-3 * 0.95), finding.Value("head-classification-left"), 1e-9);
        Assert.Equal(Math.Exp(-1.5 * 0.95), finding.Value("head-box-left"), 1e-9);
        var curves = finding.Figures.OfType<CurveFigure>().ToArray();
        Assert.Equal(["head classes", "head boxes"], curves[0].Series.Select(series => series.Name));
        Assert.All(curves.SelectMany(curve => curve.Series), series => Assert.All(series.Values, value => Assert.True(double.IsFinite(value))));
    }

    [Theory]
    [InlineData(new double[] { 1, 1, 1 }, Verdict.Balanced)]
    [InlineData(new double[] { 20, 1, 1 }, Verdict.Mild)]
    [InlineData(new double[] { 1000, 1, 1 }, Verdict.Severe)]
    public void A_level_that_gets_all_the_gradient_starves_the_others(double[] lengths, Verdict verdict)
    {
        var finding = Of(MadeRun.Looks(lengths, lengths)).Finding("scale-level-run");
        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(lengths[0] / lengths.Sum(), finding.Value("share-p3"), 0.05);
        Assert.Equal(1, finding.Value("share-p3") + finding.Value("share-p4") + finding.Value("share-p5"), 1e-9);
        if (verdict == Verdict.Severe) Assert.Contains("P4 and P5 get under 1 %", finding.Headline);
        AssertInterval(finding, "share-p3");
    }

    [Fact]
    public void Gradients_that_cancel_do_not_reach_a_level()
    {
        ProbeLine[] looks = [.. MadeRun.Looks([1, 1, 1], [1, 1, 1]).Select(look => look with { ClassificationGradients = [2, 2, 2], BoxGradients = [2, 2, 2], Cosines = [1, 0, -1] })];
        var finding = Of([.. looks]).Finding("scale-level-run");
        Assert.Equal(4 / (4 + Math.Sqrt(8)), finding.Value("share-p3"), 1e-9);
        Assert.Equal(0, finding.Value("share-p5"), 1e-9);
    }

    [Fact]
    public void The_IoU_of_the_last_stage_decides_and_every_stage_is_shown()
    {
        var first = MadeRun.Stage("rpn", 1, 3) with { StartOverlaps = MadeRun.At((10, 100)), EndOverlaps = MadeRun.At((14, 100)) };
        StageProbe Second(Values<long> starts) => MadeRun.Stage("roi", 2, 3) with { StartOverlaps = starts, EndOverlaps = MadeRun.At((18, 100)) };
        var poor = Of(MadeRun.Looks([1, 1, 1], [1, 1, 1], 0, 20, first, Second(MadeRun.At((10, 95), (12, 5))))).Finding("iou-distribution-run");
        Assert.Equal(Verdict.Severe, poor.Verdict);
        Assert.Equal(0.525, poor.Value("rpn-candidates"), 1e-9);
        Assert.Equal(0.725, poor.Value("rpn-predictions"), 1e-9);
        Assert.Equal((0.95 * 0.525) + (0.05 * 0.625), poor.Value("roi-candidates"), 1e-9);
        var even = Of(MadeRun.Looks([1, 1, 1], [1, 1, 1], 0, 20, first, Second(MadeRun.At([.. Enumerable.Range(10, 10).Select(bin => (bin, 10L))])))).Finding("iou-distribution-run");
        Assert.Equal(Verdict.Balanced, even.Verdict);
        Assert.Equal(1, even.Value("iou-evenness"), 1e-12);
        Assert.All(even.Figures.OfType<HistogramFigure>(), figure => Assert.Equal(["rpn", "roi"], figure.Series.Select(series => series.Name)));
    }

    [Fact]
    public void The_gradient_of_the_worst_tenth_is_taken_across_bins()
    {
        // 100 predictions: 5 at IoU 0.1 with 40, 10 at 0.3 with 20, 85 at 0.9 with 40. The worst ten: all five, and half of the ten.
        var stage = MadeRun.Stage("head", 2, 3) with
        {
            EndOverlaps = MadeRun.At((2, 5), (6, 10), (18, 85)),
            BoxGradients = MadeRun.LengthsAt((2, 40), (6, 20), (18, 40)),
        };
        var finding = Of(MadeRun.Looks([1, 1, 1], [1, 1, 1], stages: stage)).Finding("regression-loss-run");
        Assert.Equal(0.5, finding.Value("head-worst-tenth"), 1e-12);
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.Equal(40 / 85.0, finding.Value("head-good-over-mean"), 1e-12);
        var alike = stage with { BoxGradients = MadeRun.LengthsAt((2, 5), (6, 10), (18, 85)) };
        Assert.Equal(0.1, Of(MadeRun.Looks([1, 1, 1], [1, 1, 1], stages: alike)).Finding("regression-loss-run").Value("head-worst-tenth"), 1e-12);
    }

    [Fact]
    public void A_rare_class_that_is_found_only_in_training_was_learned_by_heart()
    {
        var finding = Of(MadeRun.Recalls([200, 40], [180, 40], [200, 50], [178, 10])).Finding("class-foreground-run");
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.Equal(0.8, finding.Value("worst-gap"), 1e-12);
        Assert.StartsWith("100 % of c1 in training and 20 % in validation are found", finding.Headline, StringComparison.Ordinal);
        AssertInterval(finding, "worst-gap");
        Assert.Equal(Verdict.Balanced, Of(MadeRun.Recalls([2000, 1000], [1800, 900], [2000, 1000], [1790, 890])).Finding("class-foreground-run").Verdict);
    }

    [Fact]
    public void Few_objects_and_few_looks_tell_nothing()
    {
        Assert.Equal(Verdict.CannotTell, Of(MadeRun.Recalls([5, 5], [5, 5], [5, 5], [0, 0])).Finding("class-foreground-run").Verdict);
        var few = Of([.. MadeRun.Looks([100, 1, 1], [1, 1, 1], count: 4)]);
        Assert.Equal(Verdict.CannotTell, few.Finding("objective").Verdict);
        Assert.StartsWith("cannot tell from 2 looks inside a step", few.Finding("scale-level-run").Headline, StringComparison.Ordinal);
        foreach (var finding in Of([]).Findings.Where(finding => finding.Id.EndsWith("-run", StringComparison.Ordinal) || finding.Id == "objective"))
        {
            Assert.Equal(Verdict.CannotTell, finding.Verdict);
            Assert.StartsWith("cannot tell", finding.Headline, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_newcombe_interval_is_the_published_one()
    {
        // Newcombe 1998, table II, (a): 56/70 against 48/80 by method 10 is 0.2 with 0.0524 to 0.3339.
        var difference = RunRecall.Difference(56, 70, 48, 80);
        Assert.Equal(0.2, difference.Value, 1e-12);
        Assert.Equal(0.0524, difference.Low, 5e-5);
        Assert.Equal(0.3339, difference.High, 5e-5);
    }

    [Fact]
    public void A_run_on_other_classes_is_refused()
    {
        var exception = Assert.Throws<InputException>(() => Of(MadeRun.Recalls([1, 2, 3], [0, 0, 0], [1, 2, 3], [0, 0, 0])));
        Assert.Contains("was trained on 3 classes and the data set has 2", exception.Message);
    }

    [Fact]
    public void Whatever_type_a_remedy_of_a_run_sets_is_in_the_catalogue()
    {
        var stage = MadeRun.Stage("head", 2, 3) with { StartOverlaps = MadeRun.At((10, 99), (12, 1)), EndOverlaps = MadeRun.At((1, 1), (18, 99)), BoxGradients = MadeRun.LengthsAt((1, 99), (18, 1)) };
        var diagnosis = Of([.. MadeRun.Looks([1000, 1, 1], [1, 0.1, 0.1], stages: stage), .. MadeRun.Recalls([200, 40], [180, 40], [200, 50], [178, 10])]);
        var findings = diagnosis.Findings.Where(finding => finding.Id.EndsWith("-run", StringComparison.Ordinal) || finding.Id == "objective").ToArray();
        Assert.Equal(5, findings.Length);
        Assert.All(findings, finding => Assert.NotEmpty(finding.Remedies));
        // Necks have their lines in the catalogue when their pages do.
        var kinds = findings.SelectMany(finding => finding.Remedies).Select(remedy => remedy.Command).Where(command => command.Contains(".type=", StringComparison.Ordinal) && !command.Contains("neck", StringComparison.Ordinal))
            .Select(command => command.Split(".type=")[1].Split(' ')[0]).Distinct().ToArray();
        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Assert.Contains(Remedies.All, remedy => remedy.Kind == kind));
    }

    private static Diagnosis Of(IEnumerable<TelemetryLine> lines)
    {
        using var made = new MadeRun();
        return Diagnosis.Of(Data, new DiagnosisOptions { Run = made.With(lines), Anchors = false });
    }

    private static void AssertInterval(Finding finding, string measure)
    {
        var found = finding.Measures.Single(each => each.Name == measure);
        Assert.InRange(found.Value, found.Low!.Value, found.High!.Value);
    }
}
