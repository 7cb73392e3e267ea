using Microsoft.Playwright;

namespace Ballast.Tests.Reports;

/// <summary>Pictures of the page to look at, into the folder that BALLAST_SCREENSHOTS names.</summary>
public sealed class ReportScreenshots(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    [Theory]
    [InlineData("light", 1440, ColorScheme.Light)]
    [InlineData("dark", 1440, ColorScheme.Dark)]
    [InlineData("tablet", 800, ColorScheme.Light)]
    [InlineData("mobile", 360, ColorScheme.Light)]
    [InlineData("print", 688, ColorScheme.Dark)]
    public async Task The_page_can_be_looked_at(string name, int width, ColorScheme scheme)
    {
        var folder = Environment.GetEnvironmentVariable("BALLAST_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "BALLAST_SCREENSHOTS names no folder.");
        await using var report = await browser.Open(DemoReport.Make(), new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme });
        if (name == "print") await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await report.SeeAllCharts();
        await report.Page.EvaluateAsync("() => scrollTo(0, 0)");
        var path = Path.Combine(folder, $"{name}.png");
        await report.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
        if (name == "dark") await report.Page.PdfAsync(new() { Path = Path.Combine(folder, "print.pdf"), PreferCSSPageSize = true, PrintBackground = true });
        if (name == "light") ReportPage.Write(DemoReport.Make(), Path.Combine(folder, "report.html"));
        Assert.True(new FileInfo(path).Length > 10_000);
    }
}
