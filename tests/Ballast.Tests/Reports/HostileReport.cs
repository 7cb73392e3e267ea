namespace Ballast.Tests.Reports;

/// <summary>The demo report with every name a data set could bring to harm the page: markup, direction overrides, terminal codes, rich-text syntax, none at all, very much.</summary>
internal static class HostileReport
{
    public const string Script = "</script><img src=x onerror=alert(1)>";

    public static readonly string[] Names =
    [
        Script, "<!--<script>alert(1)</script>", "\u202Egnp.exe\u202C", "\u001B[31mred\u001B[0m", "", "   ", "{a|b} {value} {{policy}} {{data}}", "%c %s &amp; \"'`", "\u2028\u2029", "__proto__", "javascript:alert(1)",
        new('W', 4000), "[bold]", "\uD800 alone", "日本語 \u200D عربى",
    ];

    public static ReportData Make()
    {
        var demo = DemoReport.Make();
        var counts = Names.Select((_, i) => (double)(i * i * 40)).ToArray();
        return demo with
        {
            Title = Script, Kind = Script, Summary = $"{Script} \u202E and more",
            Datasets = [Dataset(demo.Datasets[0], counts), Dataset(demo.Datasets[0], counts) with { Name = "", Flaws = [] }],
            Findings = [.. demo.Findings.Select(finding => Spoil(finding, counts))],
            First = [.. demo.First.Select(ranked => ranked with { Advice = Spoil(ranked.Advice) })],
            Crops = [.. demo.Crops.Select(crop => crop with { Group = Script, Caption = Script }), new("head", Script, Script, "javascript:alert(1)", 10, 10), new("head", Script, Script, "data:text/html,<script>alert(1)</script>", 10, 10)],
            Method = [.. Names.Select(name => new Fact(name, name))],
        };
    }

    private static ReportDataset Dataset(ReportDataset dataset, double[] counts) => dataset with
    {
        Name = Script, Path = Script, Format = Script,
        Classes = [.. Names.Select((name, i) => new ReportClass(name, (long)counts[i], i))],
        Parts = [.. Names.Select(name => new ReportPart(name, 1, 2))],
        Flaws = [new(Script, Script, 99, Script, Names)],
    };

    private static Finding Spoil(Finding finding, double[] counts) => finding with
    {
        Subject = Script, Headline = Script, Meaning = Script, Deciding = Script,
        Measures = [new(Script, 3.5, 1, double.PositiveInfinity, Script) { Unit = Script, Label = Script }, new("", double.NaN, null, null, "")],
        Figures = Figures(counts),
        Tables = [new(Script, Names, [Names])],
        Remedies = [.. finding.Remedies.Select(Spoil)],
    };

    private static Advice Spoil(Advice advice) => advice with { Title = Script, Effect = Script, Cost = Script, Command = $"ballast merge '{Script}' '\u202Egnp'", Paper = "https://example.org/\"><script>alert(1)</script>" };

    private static Figure[] Figures(double[] counts)
    {
        Series[] series = [.. Names.Select((name, i) => new Series(name, counts) { Low = counts, High = [.. counts.Select(count => count + i)], Class = i })];
        return
        [
            new BarFigure { Title = Script, XLabel = Script, YLabel = Script, Categories = Names, Series = [new(Script, counts)] },
            new BarFigure { Title = Script, XLabel = Script, YLabel = Script, Categories = Names, Series = series, Stacked = true },
            new HistogramFigure { Title = Script, XLabel = Script, YLabel = Script, Edges = [.. Enumerable.Range(0, counts.Length + 1).Select(i => (double)i)], Series = series[..3], Marks = [.. Names.Select((name, i) => new Mark(i, name))] },
            new CurveFigure { Title = Script, XLabel = Script, YLabel = Script, X = [.. Enumerable.Range(0, counts.Length).Select(i => (double)i)], Series = series, Marks = [new(3, Script)] },
            new HeatFigure { Title = Script, XLabel = Script, YLabel = Script, Columns = Names, Rows = Names, Values = [.. Names.Select(_ => counts)] },
            new DotFigure { Title = Script, XLabel = Script, YLabel = Script, Categories = Names, Series = new(Script, counts) { Low = counts, High = counts }, Words = Names, Told = [.. Names.Select(name => name.Length > 9)] },
            new PointFigure { Title = Script, XLabel = Script, YLabel = Script, Names = Names, X = counts, Series = new(Script, counts) { Low = counts, High = counts }, LogX = true },
            new HeatFigure { Title = Script, Columns = [], Rows = [], Aspect = 1.5, Multiples = Script, Values = [counts, counts] },
        ];
    }
}
