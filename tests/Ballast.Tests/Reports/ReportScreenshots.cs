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

    [Theory]
    [InlineData("bccd")]
    [InlineData("aerial-cars")]
    public async Task The_page_of_a_real_data_set_can_be_looked_at(string name)
    {
        var folder = Environment.GetEnvironmentVariable("BALLAST_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "BALLAST_SCREENSHOTS names no folder.");
        var path = Path.Combine(SharedData, name);
        Assert.SkipUnless(Directory.Exists(path), $"There is no '{path}' here.");
        var data = DetectionDataset.Load(path);
        var diagnosis = Diagnosis.Of(data, new DiagnosisOptions { Profile = DetectorProfile.RetinaNet });
        var made = ReportCrops.Make(data, diagnosis.Findings, TestContext.Current.CancellationToken);
        var page = diagnosis.ToReport(made.Crops);
        ReportPage.Write(page, Path.Combine(folder, $"{name}.html"));
        await using var report = await browser.Open(page, new() { ViewportSize = new() { Width = 1440, Height = 900 }, ColorScheme = ColorScheme.Light });
        await report.SeeAllCharts();
        await report.Page.EvaluateAsync("() => scrollTo(0, 0)");
        await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        Assert.Empty(report.Complaints);
    }

    private static string SharedData { get; } = Shared();

    private static string Shared()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ballast.slnx"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? "", "..", "shared", "data");
    }
}
