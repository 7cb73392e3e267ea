using Ballast.Tests.Evaluation;

namespace Ballast.Tests.Reports;

/// <summary>The pages of evaluations and comparisons in a browser.</summary>
public sealed class EvaluationPageTests(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    [Fact]
    public async Task Every_chart_of_an_evaluation_is_drawn_without_a_complaint()
    {
        await using var report = await browser.Open(Evaluation([.. Enumerable.Range(0, 7).Select(k => $"class{k}")]));
        await report.SeeAllCharts();
        Assert.Empty(await report.EmptyCharts());
        Assert.Equal(["bars", "curves", "dots", "heat", "histogram", "points"], await Kinds(report));
        Assert.Equal(8, await report.Page.Locator(".tile").CountAsync());
        Assert.Equal(["accuracy", "errors", "examples", "confusion"], await report.Page.Locator("section.finding:has(.eyebrow .verdict.measured)").EvaluateAllAsync<string[]>("sections => sections.map(section => section.id.replace('finding-', ''))"));
        Assert.Empty(report.Complaints);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task Hostile_class_and_file_names_are_text_in_an_evaluation_and_in_a_comparison(int width)
    {
        string[] names = [.. HostileReport.Names.Where(name => name.Length > 0).Take(7)];
        var truth = EvaluationReportTests.LongTail(names, HostileReport.Script);
        var comparison = ComparisonSummary.Of(truth, [new(HostileReport.Script, [PerturbedTruth.Detect(truth, 1)]), new(HostileReport.Names[2], [PerturbedTruth.Detect(truth, 2, 0.4)])], new() { Replicates = 100 });
        foreach (var data in new[] { Evaluation(names, HostileReport.Script), ComparisonReport.ToReport(comparison, new([], null)) })
        {
            await using var report = await browser.Open(data, new() { ViewportSize = new() { Width = width, Height = 900 } });
            await report.SeeAllCharts();
            await report.Page.EvaluateAsync("async () => { for (const details of document.querySelectorAll('details')) details.open = true; await new Promise(done => setTimeout(done, 100)); }");
            Assert.Empty(await report.EmptyCharts());
            Assert.Equal(width, await report.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"));
            Assert.Equal(0, await report.Page.Locator("img[src=x], #page script").CountAsync());
            Assert.False(await report.Page.EvaluateAsync<bool>("() => /[\\u202a-\\u202e\\u001b]/.test(document.body.innerText)"));
            Assert.Empty(report.Complaints);
        }
    }

    [Fact]
    public async Task A_comparison_draws_differences_around_zero_full_only_where_they_are_told()
    {
        await using var report = await browser.Open(ComparisonReport.ToReport(ComparisonReportTests.Of(("weak", 0.3), ("middle", 0.3), ("strong", 0.95)), new([], null)));
        await report.SeeAllCharts();
        Assert.Equal(["dots"], await Kinds(report));
        var fills = await report.Page.Locator("#finding-overview .chart svg path[stroke-width='1.6'], #finding-overview .chart svg circle").EvaluateAllAsync<string[]>("marks => marks.map(mark => mark.getAttribute('fill'))");
        Assert.Equal(3, fills.Length);
        Assert.Equal(1, fills.Count(fill => fill.Replace(" ", "", StringComparison.Ordinal) is "#ffffff" or "rgb(255,255,255)" or "#fff"));
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task Figures_of_one_group_share_their_axis()
    {
        static BarFigure Bar(string title, double value, string? group) => new() { Title = title, Multiples = group, Categories = ["a"], Series = [new("n", [value])] };
        var demo = DemoReport.Make();
        var data = demo with { Findings = [demo.Findings[0] with { Figures = [Bar("before", 1000, "both"), Bar("after", 10, "both"), Bar("alone", 10, null)] }], First = [], Crops = [] };
        await using var report = await browser.Open(data);
        await report.SeeAllCharts();
        var ticks = await report.Page.Locator(".chart[data-kind=bars]").EvaluateAllAsync<string[]>("charts => charts.map(chart => [...chart.querySelectorAll('svg text')].map(text => text.textContent).filter(text => /^[\\d,k]+$/.test(text)).join(' '))");
        Assert.Contains("800", ticks[0], StringComparison.Ordinal);
        Assert.Contains("800", ticks[1], StringComparison.Ordinal);
        Assert.DoesNotContain("800", ticks[2], StringComparison.Ordinal);
    }

    private static Task<string[]> Kinds(OpenReport report)
        => report.Page.Locator(".chart").EvaluateAllAsync<string[]>("charts => [...new Set(charts.map(chart => chart.dataset.kind))].sort()");

    private static ReportData Evaluation(IReadOnlyList<string> names, string file = "image")
    {
        var truth = EvaluationReportTests.LongTail(names, file);
        return EvaluationReportTests.Report(EvaluationSummary.Of(truth, PerturbedTruth.Detect(truth, 1), new() { Replicates = 100 }));
    }
}
