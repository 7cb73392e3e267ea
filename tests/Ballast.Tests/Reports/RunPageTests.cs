using Ballast.Tests.Telemetry;

namespace Ballast.Tests.Reports;

/// <summary>The page of a diagnosis with a training run, in a real browser.</summary>
public sealed class RunPageTests(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    [Fact]
    public async Task What_a_run_shows_is_drawn_without_a_complaint()
    {
        await using var report = await browser.Open(Page());
        await report.SeeAllCharts();
        Assert.Empty(await report.EmptyCharts());
        foreach (var id in new[] { "objective", "class-foreground-run", "scale-level-run", "iou-distribution-run", "regression-loss-run" })
        {
            Assert.Equal(1, await report.Page.Locator($"section#finding-{id}").CountAsync());
            Assert.True(await report.Page.Locator($"#finding-{id} .chart").CountAsync() > 0, $"{id} has no chart.");
        }

        Assert.Equal(12, await report.Page.Locator(".tile").CountAsync());
        Assert.Empty(report.Complaints);
        if (Environment.GetEnvironmentVariable("BALLAST_SCREENSHOTS") is not { Length: > 0 } folder) return;
        await report.Page.EvaluateAsync("() => scrollTo({ top: 0, behavior: 'instant' })");
        await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "run.png"), FullPage = true });
    }

    private static byte[] Page()
    {
        using var made = new MadeRun();
        var data = MadeData.WithCounts([60, 20]);
        var run = made.With([.. MadeRun.Steps(), .. Looks(), .. MadeRun.Recalls([200, 40], [180, 40], [200, 50], [178, 10])]);
        using var stream = new MemoryStream();
        ReportPage.Write(Diagnosis.Of(data, new DiagnosisOptions { Run = run }).ToReport(new([], null)), stream);
        return stream.ToArray();
    }

    private static IEnumerable<TelemetryLine> Looks()
    {
        long[] starts = [.. Enumerable.Range(0, ProbeLine.Bins).Select(bin => bin < 8 ? 0L : 200 >> (bin - 8))];
        long[] ends = [.. Enumerable.Range(0, ProbeLine.Bins).Select(bin => bin < 4 ? 1L : 10 + (2 * bin))];
        var first = MadeRun.Stage("rpn", 1, 3) with
        {
            Assigned = new(120, 80_000, 900),
            Sampled = new(60, 196, 80_764),
            Positives = [60, 40, 20],
            StartOverlaps = [.. starts],
            EndOverlaps = [.. ends],
            BoxGradients = [.. ends.Select((count, bin) => count * (1.5 - (bin / 20.0)))],
        };
        var second = first with
        {
            Stage = "roi",
            Positives = [60, 10, 5, 5, 20, 20],
            StartOverlaps = [.. starts.Reverse()],
            ClassLogitGradients = [.. new double[2 * ProbeLine.ClassBins]],
            ClassBoxGradients = [.. new double[2 * ProbeLine.ClassBins]],
            OwnGradients = [5, 0.5],
            OtherGradients = [8, 6],
        };
        return MadeRun.Looks([8, 3, 0.5], [1, 0.4, 0.1], 0.2, 20, first, second);
    }
}
