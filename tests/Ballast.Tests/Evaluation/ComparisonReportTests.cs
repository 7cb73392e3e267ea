namespace Ballast.Tests.Evaluation;

public class ComparisonReportTests
{
    private static readonly DetectionDataset Truth = EvaluationReportTests.LongTail(["a", "b", "c"]);

    [Fact]
    public void Two_detectors_that_differ_have_their_difference_said_drawn_and_listed()
    {
        var summary = Of(("weak", 0.3), ("strong", 0.95));
        var report = ComparisonReport.ToReport(summary, new([], null));
        var pair = Assert.Single(report.Findings);
        var primary = summary.Comparison.Pairs[0].Primary;
        Assert.Equal(("comparison", "weak · strong"), (report.Kind, report.Title));
        Assert.StartsWith("strong is better than weak", pair.Headline, StringComparison.Ordinal);
        Assert.StartsWith("This truth shows differences from ", pair.Meaning, StringComparison.Ordinal);
        Assert.Equal(["pair-1"], report.Unjudged!);
        var dots = Assert.IsType<DotFigure>(pair.Figures[0]);
        Assert.Equal((primary.Endpoint, primary.Difference, primary.Low, true, "better"), (dots.Categories[0], dots.Series.Values[0], dots.Series.Low![0], dots.Told[0], dots.Words[0]));
        Assert.Equal(["a", "b", "c"], Assert.IsType<DotFigure>(pair.Figures[1]).Categories.Order());
        Assert.Equal(3, pair.Tables[1].Rows.Count);
        Assert.Contains(pair.Tables[0].Rows, row => row[0] == $"{primary.Endpoint} (decides)" && row[8] == "better");
    }

    [Fact]
    public void A_detector_beside_itself_cannot_be_told_apart_and_no_dot_is_full()
    {
        var report = ComparisonReport.ToReport(Of(("one", 0.7), ("two", 0.7)), new([], null));
        Assert.Empty(report.Unjudged!);
        Assert.Equal(Verdict.CannotTell, report.Findings[0].Verdict);
        Assert.StartsWith("Cannot tell", report.Findings[0].Headline, StringComparison.Ordinal);
        Assert.DoesNotContain(true, Assert.IsType<DotFigure>(report.Findings[0].Figures[0]).Told);
    }

    [Fact]
    public void Three_detectors_have_an_overview_of_their_pairs_first()
    {
        var report = ComparisonReport.ToReport(Of(("weak", 0.3), ("middle", 0.3), ("strong", 0.95)), new([], null));
        Assert.Equal(["overview", "pair-1", "pair-2", "pair-3"], report.Findings.Select(finding => finding.Id));
        Assert.Equal(["overview", "pair-2", "pair-3"], report.Unjudged!);
        Assert.Contains("2 of 3 pairs can be told apart", report.Summary, StringComparison.Ordinal);
        Assert.Contains("strong is better than weak", report.Summary, StringComparison.Ordinal);
        Assert.Equal(3, Assert.IsType<DotFigure>(report.Findings[0].Figures[0]).Categories.Count);
    }

    internal static ComparisonSummary Of(params (string Name, double Skill)[] detectors) => ComparisonSummary.Of(
        Truth,
        [.. detectors.Select(each => new ComparedDetector(each.Name, [.. Enumerable.Range(1, 3).Select(seed => PerturbedTruth.Detect(Truth, seed, each.Skill))]))],
        new() { Replicates = 100, Primary = "AP" });
}
