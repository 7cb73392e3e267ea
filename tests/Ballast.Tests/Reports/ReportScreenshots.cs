using Microsoft.Playwright;

namespace Ballast.Tests.Reports;

/// <summary>Pictures of the page to look at, into the folder that BALLAST_SCREENSHOTS names.</summary>
public sealed class ReportScreenshots(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    private static readonly (string Name, int Width, ColorScheme Scheme)[] Looks =
        [("light", 1440, ColorScheme.Light), ("dark", 1440, ColorScheme.Dark), ("tablet", 800, ColorScheme.Light), ("mobile", 360, ColorScheme.Light), ("print", 688, ColorScheme.Dark)];

    [Fact]
    public async Task The_page_can_be_looked_at()
    {
        var folder = Environment.GetEnvironmentVariable("BALLAST_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "BALLAST_SCREENSHOTS names no folder for pictures of the report.");
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
}
