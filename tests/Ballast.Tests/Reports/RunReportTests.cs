using Ballast.Tests.Evaluation;

namespace Ballast.Tests.Reports;

public class RunReportTests
{
    [Fact]
    public void Curves_come_from_the_telemetry_and_are_no_longer_than_a_screen_is_wide()
    {
        var data = RunReport.ToReport(Input(steps: 1000, epochs: 4), CancellationToken.None);
        var losses = data.Findings.Single(finding => finding.Id == "losses");
        var sum = Assert.IsType<CurveFigure>(losses.Figures[0]);
        Assert.Equal(200, sum.X.Count);
        Assert.Equal(5, sum.X[0]);
        Assert.Equal(1000, sum.X[^1]);
        // The mean of steps 1 to 5 of a loss of 10 / step.
        Assert.Equal((10 + 5 + (10 / 3.0) + 2.5 + 2) / 5, sum.Series[0].Values[0], 9);
        Assert.Equal(["sum", "head classes", "head boxes"], sum.Series.Select(series => series.Name));
        Assert.Equal(["Losses as they enter the sum", "Learning rate", "L2 norm of all gradients, before clipping"], losses.Figures.Select(figure => figure.Title));
    }

    [Fact]
    public void The_head_says_what_the_last_epoch_is_worth_and_which_was_best()
    {
        var data = RunReport.ToReport(Input(steps: 8, epochs: 4), CancellationToken.None);
        Assert.StartsWith("AP 0.300 (AP50 0.600) after 4 of 4 epochs; it was highest after epoch 3 with 0.350.", data.Summary);
        Assert.Equal("training run", data.Kind);
    }

    [Fact]
    public void The_share_of_boxes_in_the_loss_is_the_objective_imbalance()
    {
        var balance = RunReport.ToReport(Input(steps: 10, epochs: 1), CancellationToken.None).Findings.Single(finding => finding.Id == "balance");
        Assert.Equal(0.2, balance.Measures[0].Value, 9);
        Assert.StartsWith("boxes make 20 % of the loss at the end", balance.Headline);
    }

    [Fact]
    public void A_run_without_a_step_and_an_epoch_has_a_report()
    {
        var data = RunReport.ToReport(Input(steps: 0, epochs: 0), CancellationToken.None);
        Assert.Contains(data.Findings, finding => finding.Headline == "no step was done");
        using var page = new MemoryStream();
        ReportPage.Write(data, page);
        Assert.True(page.Length > 1000);
    }

    [Fact]
    public void The_evaluation_and_what_was_foretold_stand_in_it_under_names_of_their_own()
    {
        var truth = Truth();
        var summary = EvaluationSummary.Of(truth, PerturbedTruth.Detect(truth, 1), new() { Replicates = 0 });
        var data = RunReport.ToReport(Input(steps: 10, epochs: 1) with { Evaluation = summary, Thresholds = ScoreThresholds.Choose(summary.Evaluation) }, CancellationToken.None);
        Assert.Contains(data.Findings, finding => finding.Id == "accuracy");
        Assert.Equal(data.Findings.Count, data.Findings.DistinctBy(finding => finding.Id).Count());
        Assert.Contains(data.Method, fact => fact.Name == "thresholds");
    }

    private static DetectionDataset Truth() => MadeData.WithCounts([60, 12]);

    private static RunReportInput Input(int steps, int epochs)
    {
        double[] ap = [0.1, 0.2, 0.35, 0.3];
        var lines = new List<TelemetryLine>();
        for (var step = 1; step <= steps; step++)
            lines.Add(new StepLine { Step = step, Loss = 10.0 / step, Terms = [new("head", false, 8.0 / step, 1), new("head", true, 1.0 / step, 2)], Rate = 0.01, GradientNorm = 2, Seconds = 0.25, Images = 4 });
        for (var epoch = 1; epoch <= epochs; epoch++)
            lines.Add(new EpochLine { Step = steps * epoch / epochs, Epoch = epoch, AP = ap[epoch - 1], AP50 = 2 * ap[epoch - 1], ClassAP = [ap[epoch - 1]], ClassAP50 = [2 * ap[epoch - 1]], Seconds = 1, PeakMiB = 100 });
        var data = Truth();
        return new("cells", "{\n  \"detector\": {}\n}", data, new([.. data.Classes.Take(1)], lines), Diagnosis.Of(data)) { Epochs = epochs };
    }
}
