using Ballast.Tests.Evaluation;
using Microsoft.Playwright;

namespace Ballast.Tests.Reports;

/// <summary>Pictures of the page to look at, into the folder that BALLAST_SCREENSHOTS names.</summary>
public sealed class ReportScreenshots(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    private static readonly (string Name, int Width, ColorScheme Scheme)[] Looks =
        [("light", 1440, ColorScheme.Light), ("dark", 1440, ColorScheme.Dark), ("tablet", 800, ColorScheme.Light), ("mobile", 360, ColorScheme.Light), ("print", 688, ColorScheme.Dark)];

    /// <summary>Evaluations of blood cells, by a truth that is disturbed; pictures are cut from the images.</summary>
    [Fact]
    public async Task The_pages_of_an_evaluation_and_a_comparison_can_be_looked_at()
    {
        var folder = Folder();
        var path = Path.GetFullPath(Path.Combine(GoldenFolder.RepositoryRoot(), "..", "shared", "data", "bccd"));
        Assert.SkipUnless(Directory.Exists(path), "The blood cells are not beside the repository.");
        var truth = DetectionDataset.Load(path);
        EvaluationReport.Save(EvaluationSummary.Of(truth, PerturbedTruth.Detect(truth, 1)), Path.Combine(folder, "evaluation.html"), TestContext.Current.CancellationToken);
        ComparedDetector[] detectors = [new("baseline", [.. Enumerable.Range(1, 3).Select(seed => PerturbedTruth.Detect(truth, seed, 0.7))]), new("treated", [.. Enumerable.Range(4, 3).Select(seed => PerturbedTruth.Detect(truth, seed, 0.8))])];
        ComparisonReport.Save(ComparisonSummary.Of(truth, detectors), Path.Combine(folder, "comparison.html"), TestContext.Current.CancellationToken);
        foreach (var name in new[] { "evaluation", "comparison" })
        {
            await using var report = await browser.Open(await File.ReadAllBytesAsync(Path.Combine(folder, $"{name}.html"), TestContext.Current.CancellationToken), new() { ViewportSize = new() { Width = 1280, Height = 900 } });
            await report.SeeAllCharts();
            await report.Page.EvaluateAsync("() => scrollTo({ top: 0, behavior: 'instant' })");
            await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
            Assert.Empty(report.Complaints);
        }
    }

    [Fact]
    public async Task The_page_can_be_looked_at()
    {
        var folder = Folder();
        var data = DemoReport.Make();
        ReportPage.Write(data, Path.Combine(folder, "report.html"));
        foreach (var (name, width, scheme) in Looks)
        {
            await using var report = await browser.Open(data, new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
            if (name == "print") await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
            await report.SeeAllCharts();
            await report.Page.EvaluateAsync("() => scrollTo({ top: 0, behavior: 'instant' })");
            await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
            if (name == "print") await report.Page.PdfAsync(new() { Path = Path.Combine(folder, "print.pdf"), PreferCSSPageSize = true, PrintBackground = true });
            Assert.Empty(report.Complaints);
        }
    }

    private static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("BALLAST_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "BALLAST_SCREENSHOTS names no folder for pictures of the report.");
        return folder;
    }
}
