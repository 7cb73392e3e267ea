using Microsoft.Playwright;

namespace Ballast.Tests.Reports;

/// <summary>A real chromium, started once for a class of tests; tests are skipped visibly where there is none. Nothing is ever downloaded.</summary>
public sealed class ReportBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync", "--no-first-run", "--no-default-browser-check", "--disable-dev-shm-usage",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-report-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _missing = "";

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } chromium)
        {
            _missing = "No chromium here: install it, or name one in BALLAST_CHROMIUM.";
            return;
        }

        _playwright = await Playwright.CreateAsync();
        string[] arguments = Environment.UserName == "root" ? [.. Arguments, "--no-sandbox"] : Arguments;
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = arguments, ChromiumSandbox = Environment.UserName != "root" });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Opens a report as a person would: from its file.</summary>
    internal Task<OpenReport> Open(ReportData data, BrowserNewContextOptions? options = null)
    {
        using var stream = new MemoryStream();
        ReportPage.Write(data, stream);
        return Open(stream.ToArray(), options);
    }

    internal async Task<OpenReport> Open(byte[] html, BrowserNewContextOptions? options = null)
    {
        if (_browser is null) Assert.Skip(_missing);
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.html");
        await File.WriteAllBytesAsync(path, html, TestContext.Current.CancellationToken);
        var context = await _browser.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        var report = new OpenReport(context, await context.NewPageAsync(), new Uri(path).AbsoluteUri);
        await report.Load();
        return report;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("BALLAST_CHROMIUM") is { Length: > 0 } named) return named;
        string[] names = ["chromium", "chromium-browser", "google-chrome"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}

/// <summary>A report in the browser, with everything it said and asked for.</summary>
internal sealed class OpenReport : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _address;

    public OpenReport(IBrowserContext context, IPage page, string address)
    {
        (_context, Page, _address) = (context, page, address);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Dialog += (_, dialog) => Complaints.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (request.Url != _address && !request.Url.StartsWith("data:", StringComparison.Ordinal)) Complaints.Add($"request: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Console errors and warnings, exceptions, dialogs, and requests for anything but the file.</summary>
    public List<string> Complaints { get; } = [];

    public Task Load() => Page.GotoAsync(_address);

    /// <summary>Scrolls every chart into view, as reading the page does, until each holds a drawing or has had long enough to.</summary>
    public async Task SeeAllCharts() => await Page.EvaluateAsync(
        """
        async () => {
          for (const chart of document.querySelectorAll(".chart")) {
            chart.scrollIntoView({ behavior: "instant", block: "center" });
            for (let frame = 0; frame < 600 && !chart.querySelector("svg path"); frame++) await new Promise(requestAnimationFrame);
          }
        }
        """);

    /// <summary>The charts that hold no drawing.</summary>
    public Task<string[]> EmptyCharts() => Page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('.chart')].filter(chart => !chart.querySelector('svg path, svg polyline, svg polygon')).map(chart => chart.getAttribute('aria-label'))");

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
