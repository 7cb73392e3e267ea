using System.Text;
using Microsoft.Playwright;

namespace Ballast.Tests.Reports;

public sealed class ReportBrowserTests(ReportBrowser browser) : IClassFixture<ReportBrowser>
{
    [Fact]
    public async Task Every_chart_is_drawn_without_a_complaint_or_a_request()
    {
        await using var report = await browser.Open(DemoReport.Make());
        await report.SeeAllCharts();
        Assert.Empty(await report.EmptyCharts());
        Assert.Equal(["bars", "curves", "heat", "histogram"], await Distinct(report, ".chart", "element.dataset.kind"));
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task Hostile_names_are_text_and_nothing_else()
    {
        await using var report = await browser.Open(HostileReport.Make());
        await report.SeeAllCharts();
        await OpenAllTables(report);
        Assert.Empty(await report.EmptyCharts());
        Assert.Empty(report.Complaints);
        Assert.Equal(0, await report.Page.Locator("img[src=x], img:not([src^='data:image/']), a[href^='javascript'], #page script").CountAsync());
        Assert.Equal(HostileReport.Script, await report.Page.Locator("h1").TextContentAsync());
        var text = await report.Page.Locator("body").InnerTextAsync();
        Assert.Contains("[U+202E]gnp.exe[U+202C]", text, StringComparison.Ordinal);
        Assert.Contains("\u241B[31mred", text, StringComparison.Ordinal);
        Assert.Contains("(no name)", text, StringComparison.Ordinal);
        Assert.False(await report.Page.EvaluateAsync<bool>("() => /[\\u202a-\\u202e\\u001b]/.test(document.body.innerText)"));
    }

    [Fact]
    public async Task Tooltips_show_hostile_names_as_text()
    {
        await using var report = await browser.Open(HostileReport.Make());
        var chart = report.Page.Locator(".chart[data-kind=bars]").First;
        await chart.ScrollIntoViewIfNeededAsync();
        await chart.Locator("svg path").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        foreach (var x in new[] { 600, 603 }) await chart.HoverAsync(new() { Position = new() { X = x, Y = 20 } });
        await report.Page.Locator(".tip").First.WaitForAsync();
        Assert.Contains(HostileReport.Script, await report.Page.Locator(".tip").First.TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task A_script_that_got_into_the_page_does_not_run()
    {
        var html = Encoding.UTF8.GetString(ReportPageTests.Bytes(DemoReport.Make())).Replace("</body>", "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'></body>", StringComparison.Ordinal);
        await using var report = await browser.Open(Encoding.UTF8.GetBytes(html));
        await report.Page.EvaluateAsync("() => { const script = document.createElement('script'); script.textContent = 'window.hacked = 3'; document.body.append(script); }");
        await report.Page.WaitForFunctionAsync("() => document.querySelector('.tile')");
        Assert.True(await report.Page.EvaluateAsync<bool>("() => window.hacked === undefined"));
        Assert.Contains(report.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tiles_stand_in_the_order_of_the_data_and_lead_to_their_sections()
    {
        await using var report = await browser.Open(DemoReport.Make());
        var families = await report.Page.Locator(".tile .family").AllTextContentsAsync();
        Assert.Equal(["class", "class", "scale", "scale", "spatial", "spatial", "spatial", "objective"], families);
        foreach (var tile in await report.Page.Locator(".tile").AllAsync())
        {
            Assert.Equal(1, await tile.Locator(".verdict svg").CountAsync());
            Assert.True(await tile.Locator(".spark > *").CountAsync() > 0);
            await tile.ClickAsync();
            Assert.True(await report.Page.EvaluateAsync<bool>("() => document.querySelector(location.hash)?.matches('section.finding')"));
        }
    }

    [Fact]
    public async Task The_keyboard_reaches_the_skip_link_the_toggle_and_every_tile_in_order()
    {
        await using var report = await browser.Open(DemoReport.Make(), new() { ViewportSize = new() { Width = 1000, Height = 800 } });
        List<string> reached = [];
        for (var i = 0; i < 10; i++)
        {
            await report.Page.Keyboard.PressAsync("Tab");
            reached.Add(await report.Page.EvaluateAsync<string>("() => document.activeElement.id || document.activeElement.getAttribute('href')"));
        }

        Assert.Equal("#main", reached[0]);
        Assert.Equal("theme", reached[1]);
        Assert.Equal(DemoReport.Make().Findings.Take(8).Select(finding => $"#finding-{finding.Id}"), reached[2..]);
        Assert.NotEqual("none", await report.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
    }

    [Fact]
    public async Task The_copy_button_copies_the_command_it_stands_beside()
    {
        await using var report = await browser.Open(DemoReport.Make(), new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await report.Page.Locator(".first .copy").Nth(1).ClickAsync();
        await report.Page.GetByText("Copied", new() { Exact = true }).WaitForAsync();
        Assert.Equal(DemoReport.Make().First[1].Advice.Command, await report.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        var later = DemoReport.Make().First.Count(item => !item.Advice.CommandExists);
        Assert.InRange(later, 1, DemoReport.Make().First.Count - 1);
        Assert.Equal(later, await report.Page.Locator(".first .later").CountAsync());
    }

    [Fact]
    public async Task A_table_of_its_numbers_stands_under_each_chart()
    {
        await using var report = await browser.Open(DemoReport.Make());
        await OpenAllTables(report);
        Assert.Equal(await report.Page.Locator(".plots").CountAsync(), await report.Page.Locator(".plots > details table").EvaluateAllAsync<int>("tables => new Set(tables.map(table => table.closest('.plots'))).size"));
        var cells = await report.Page.Locator("#finding-class-foreground details table").First.Locator("td, th").AllTextContentsAsync();
        Assert.Contains("4,155", cells);
        Assert.Contains("4,290", cells);
        Assert.Contains("Platelets", cells);
    }

    [Fact]
    public async Task The_switch_turns_the_page_and_its_charts_dark_and_light_again()
    {
        await using var report = await browser.Open(DemoReport.Make(), new() { ColorScheme = ColorScheme.Light });
        await report.SeeAllCharts();
        var light = await Look(report);
        await report.Page.Locator("#theme").ClickAsync();
        var dark = await Look(report);
        await report.Page.Locator("#theme").ClickAsync();
        Assert.NotEqual(light.Ground, dark.Ground);
        Assert.NotEqual(light.Chart, dark.Chart);
        Assert.Equal(light, await Look(report));
    }

    [Fact]
    public async Task On_paper_all_charts_are_drawn_in_light_colours_and_fit_the_page()
    {
        await using var report = await browser.Open(DemoReport.Make(), new() { ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 1280, Height = 400 } });
        Assert.NotEmpty(await report.EmptyCharts());
        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await report.Page.WaitForFunctionAsync("() => document.documentElement.classList.contains('printing')");
        Assert.Empty(await report.EmptyCharts());
        Assert.Equal("rgb(255, 255, 255)", (await Look(report)).Ground);
        Assert.True(await report.Page.EvaluateAsync<bool>("() => [...document.querySelectorAll('.chart svg')].every(drawing => drawing.getAttribute('width') <= 680)"));
        Assert.False(await report.Page.Locator("#theme").IsVisibleAsync());
        var pdf = await report.Page.PdfAsync(new() { PreferCSSPageSize = true });
        Assert.True(pdf.Length > 50_000);
        Assert.Empty(report.Complaints);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1600)]
    public async Task Nothing_is_wider_than_the_window(int width)
    {
        foreach (var data in new[] { DemoReport.Make(), HostileReport.Make() })
        {
            await using var report = await browser.Open(data, new() { ViewportSize = new() { Width = width, Height = 800 } });
            await report.SeeAllCharts();
            Assert.Equal(width, await report.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"));
            Assert.Empty(report.Complaints);
        }
    }

    [Fact]
    public async Task Drawing_the_charts_moves_nothing_on_the_page()
    {
        await using var report = await browser.Open(DemoReport.Make());
        var before = await report.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollHeight");
        await report.SeeAllCharts();
        Assert.Equal(before, await report.Page.EvaluateAsync<int>("() => document.scrollingElement.scrollHeight"));
    }

    [Fact]
    public async Task Narrowing_the_window_draws_the_charts_anew()
    {
        await using var report = await browser.Open(DemoReport.Make());
        await report.SeeAllCharts();
        await report.Page.SetViewportSizeAsync(500, 800);
        await report.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.chart svg')].every(drawing => drawing.getAttribute('width') <= 500)");
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task A_data_set_without_anything_gives_a_page_that_says_so()
    {
        var demo = DemoReport.Make();
        var empty = demo with
        {
            Datasets = [new("empty", "empty", "coco", 0, 0, 0, [], [], [])], First = [], Crops = [],
            Findings = [.. demo.Findings.Select(finding => finding with { Verdict = Verdict.CannotTell, Headline = "Cannot tell: 0 boxes", Deciding = null, Measures = [], Tables = [], Remedies = [], Figures = [new BarFigure { Title = "Boxes of each class", Categories = [], Series = [new("boxes", [])] }] })],
        };
        await using var report = await browser.Open(empty);
        Assert.Equal(8, await report.Page.Locator(".tile .verdict.cannot-tell").CountAsync());
        Assert.Contains("there is nothing to draw", await report.Page.Locator(".finding").First.TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("No flaw was found", await report.Page.Locator("#flaws").TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(report.Complaints);
    }

    [Fact]
    public async Task An_interval_without_an_upper_end_and_notes_beside_flaws_are_said_in_words()
    {
        var demo = DemoReport.Make();
        var dataset = demo.Datasets[0] with { Flaws = [new("zero-size", "error", 2, "no object", []), new("touches-edge", "note", 545, "one-based", [])] };
        var data = demo with { Datasets = [dataset], Findings = [demo.Findings[0] with { Measures = [new("ratio", 857, 235, double.PositiveInfinity, "") { Unit = "x" }] }, .. demo.Findings.Skip(1)] };
        await using var report = await browser.Open(data);
        Assert.Equal("95\u00a0%: 235\u00a0\u00d7 and more", await report.Page.Locator(".tile .figure em").First.TextContentAsync());
        Assert.Contains("2 flaws545 notes", await report.Page.Locator(".facts").TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(report.Complaints);
    }

    private static async Task OpenAllTables(OpenReport report) => await report.Page.EvaluateAsync(
        "async () => { for (const details of document.querySelectorAll('details')) details.open = true; await new Promise(done => setTimeout(done, 100)); }");

    private static async Task<string[]> Distinct(OpenReport report, string selector, string value)
        => await report.Page.Locator(selector).EvaluateAllAsync<string[]>($"elements => [...new Set(elements.map(element => {value}))].sort()");

    private static async Task<(string Ground, string Chart)> Look(OpenReport report) => (
        await report.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).backgroundColor"),
        await report.Page.Locator(".chart svg").First.EvaluateAsync<string>("drawing => drawing.outerHTML.replace(/zr\\d+-c\\d+/g, '')"));
}
