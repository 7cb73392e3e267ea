using CsCheck;

namespace Ballast.Tests;

public class FindingEdgeCaseTests
{
    private static readonly string[] Ids = ["scale-box", "scale-level", "location", "regression-loss", "data"];
    private static readonly DiagnosisOptions Plain = new() { Anchors = false };

    public static TheoryData<string> Cases => [.. Made.Keys];

    private static Dictionary<string, (Func<DetectionDataset> Data, string Says)> Made { get; } = new()
    {
        ["no images"] = (() => MadeData.Of(["a"], []), "there are no images"),
        ["no classes"] = (() => MadeData.Of([], [new(640, 480)]), "there are no boxes on 1 image"),
        ["no boxes"] = (() => MadeData.Of(["a", "b"], Enumerable.Repeat(new MadeData.Image(640, 480), 9)), "there are no boxes on 9 images"),
        ["no sizes"] = (() => MadeData.Of(["a"], Enumerable.Repeat(new MadeData.Image(0, 0, (0, 1, 1, 5, 5)), 6)), "the size of 6 images is not known"),
        ["all flawed"] = (() => MadeData.Of(["a"], Enumerable.Repeat(new MadeData.Image(640, 480, (0, 1, 1, 0, 5), (0, double.NaN, 1, 5, 5), (0, 900, 900, 5, 5)), 6)), "none of 18 boxes has a usable shape"),
        ["one box"] = (() => MadeData.Of(["a"], [new(640, 480, (0, 1, 1, 50, 50))]), "1 box, at least"),
        ["one image"] = (() => MadeData.Of(["a"], [new(640, 480, [.. Enumerable.Range(0, 100).Select(i => (0, (double)i, (double)i, 50.0, 50.0))])]), "1 image, at least 5"),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_missing_is_said_and_nothing_is_judged(string name)
    {
        var (make, says) = Made[name];
        var diagnosis = Diagnosis.Of(make(), Plain);
        foreach (var id in Ids.Where(id => id != "data"))
        {
            var finding = diagnosis.Finding(id);
            Assert.Equal(Verdict.CannotTell, finding.Verdict);
            Assert.Contains(says, finding.Headline, StringComparison.Ordinal);
            AssertWellFormed(finding);
        }

        AssertWellFormed(diagnosis.Finding("data"));
        diagnosis.WriteJson(Stream.Null);
    }

    [Fact]
    public void Many_classes_give_a_bounded_report()
    {
        var data = MadeData.WithCounts([.. Enumerable.Range(1, 1203).Select(i => Math.Min(12, 1 + (2000 / i)))], 400, 20000, 20000);
        foreach (var id in Ids)
        {
            var finding = Diagnosis.Of(data, Plain).Finding(id);
            AssertWellFormed(finding);
            Assert.All(finding.Tables, table => Assert.InRange(table.Rows.Count, 0, 50));
            Assert.InRange(finding.Figures.Count, 0, 20);
            Assert.All(finding.Figures.OfType<HeatFigure>().Where(heat => heat.Rows.Count > 0), heat => Assert.InRange(heat.Rows.Count, 1, 40));
            Assert.All(finding.Figures.OfType<BarFigure>(), bars => Assert.InRange(bars.Categories.Count, 1, 40));
        }
    }

    [Fact]
    public void One_class_and_a_class_without_a_box_are_no_trouble()
    {
        foreach (var data in new[] { MadeData.WithCounts([200]), MadeData.WithCounts([200, 0, 30]) })
        {
            foreach (var id in Ids) AssertWellFormed(Diagnosis.Of(data, Plain).Finding(id));
        }
    }

    [Fact]
    public void Counts_of_billions_do_not_overflow()
    {
        var summary = Diagnosis.Summarize(MadeData.WithCounts([400, 100]), Plain);
        var findings = Ids.Select(id => Diagnosis.Of(summary, Plain).Finding(id)).ToArray();
        for (var i = 0; i < 33; i++) summary.Add(Copy(summary));
        Assert.Equal(50L << 33, summary.Images);
        foreach (var before in findings)
        {
            var after = Diagnosis.Of(summary, Plain).Finding(before.Id);
            AssertWellFormed(after);
            foreach (var measure in before.Measures.Where(measure => measure.Name.StartsWith("under", StringComparison.Ordinal) || measure.Name is "evenness" or "centre-bias" or "l1-spread"))
                Assert.Equal(measure.Value, after.Value(measure.Name), 0.02);
        }
    }

    [Fact]
    public void Workers_do_not_change_the_counts()
    {
        var data = MadeData.WithCounts([900, 300, 41], 1200);
        Assert.Equal(Bytes(Diagnosis.Summarize(data, Plain with { Workers = 1 })), Bytes(Diagnosis.Summarize(data, Plain with { Workers = 3 })));
    }

    [Fact]
    public void Shards_added_in_any_order_give_the_same_bytes_and_findings()
        => Gen.Select(Gen.Int[1, 40].Array[3], Gen.Shuffle(new[] { 0, 1, 2 }), Gen.Int[0, 100]).Sample((counts, order, seed) =>
        {
            var shards = Enumerable.Range(0, 3).Select(i => Shard(counts, i, seed)).ToArray();
            var straight = Sum(shards.Select(Copy).ToArray(), [0, 1, 2]);
            var shuffled = Sum(shards.Select(Copy).ToArray(), order);
            Assert.Equal(Bytes(straight), Bytes(shuffled));
            using var a = new MemoryStream();
            using var b = new MemoryStream();
            Diagnosis.Of(straight, Plain).WriteJson(a);
            Diagnosis.Of(shuffled, Plain).WriteJson(b);
            Assert.Equal(a.ToArray(), b.ToArray());
        }, iter: 5);

    [Fact]
    public void Overlays_are_further_series_and_multiples_with_classes_matched_by_name()
    {
        var first = MadeData.Of(["a", "b"], Enumerable.Repeat(new MadeData.Image(640, 480, (0, 10, 10, 50, 50), (1, 300, 100, 90, 90)), 12));
        var second = MadeData.Of(["b", "c"], Enumerable.Repeat(new MadeData.Image(640, 480, (0, 300, 100, 90, 90), (1, 200, 200, 20, 20)), 12));
        var diagnosis = Diagnosis.Of([first, second], Plain);
        var widths = diagnosis.Finding("scale-box").Figures.OfType<HistogramFigure>().Where(figure => figure.YLabel == "density").ToArray();
        Assert.Equal(3, widths.Length);
        Assert.All(widths, figure => Assert.Equal(2, figure.Series.Count));
        Assert.All(widths.SelectMany(figure => figure.Series), series => Assert.Equal(1, series.Values.Sum() / ScaleBox.RelativeBins, 1e-9));
        Assert.Equal(2, diagnosis.Finding("location").Figures.OfType<HeatFigure>().Count(figure => figure.Multiples == "where object centres lie"));
        Assert.Equal(2, diagnosis.Finding("scale-level").Figures.OfType<BarFigure>().Single().Series.Count);
        var classes = diagnosis.Finding("data").Figures.OfType<BarFigure>().Single(figure => figure.Title == "Share of each class");
        Assert.Equal(["b", "a", "c"], classes.Categories);
        Assert.Equal([0.5, 0.5, 0], classes.Series[0].Values);
        Assert.Equal([0.5, 0, 0.5], classes.Series[1].Values);
    }

    private static DatasetSummary Shard(int[] counts, int shard, int seed)
    {
        var images = Enumerable.Range(0, 8).Select(i => new MadeData.Image(640, 480, [.. Enumerable.Range(0, counts[(i + shard) % 3])
            .Select(k => ((i + k) % 2, ((k * 71) + seed) % 500.0, ((k * 31) + (shard * 50)) % 380.0, 5.0 + ((k * seed) % 90), 8.0 + k))]));
        return Diagnosis.Summarize(MadeData.Of(["a", "b"], images), Plain);
    }

    private static DatasetSummary Sum(DatasetSummary[] shards, int[] order)
    {
        var sum = shards[order[0]];
        foreach (var i in order.Skip(1)) sum.Add(shards[i]);
        return sum;
    }

    private static DatasetSummary Copy(DatasetSummary summary)
    {
        var path = Path.GetTempFileName();
        try
        {
            summary.Save(path);
            return DatasetSummary.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Bytes(DatasetSummary summary)
    {
        using var stream = new MemoryStream();
        summary.Save(stream);
        return stream.ToArray();
    }

    private static void AssertWellFormed(Finding finding)
    {
        Assert.False(string.IsNullOrWhiteSpace(finding.Headline), finding.Id);
        Assert.False(string.IsNullOrWhiteSpace(finding.Meaning), finding.Id);
        foreach (var text in finding.Tables.SelectMany(table => table.Rows.SelectMany(row => row)).Concat(finding.Remedies.Select(advice => advice.Effect + advice.Cost)).Append(finding.Headline))
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.All(finding.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count)));
        Assert.All(finding.Remedies, advice => Assert.InRange(advice.Gain, 0, 1));
        Assert.Equal(finding.Measures.Count, finding.Measures.Select(measure => measure.Name).Distinct().Count());
        if (finding.Deciding is { } deciding) Assert.Contains(finding.Measures, measure => measure.Name == deciding);
        Assert.All(finding.Figures.OfType<HistogramFigure>(), figure => Assert.All(figure.Series, series => Assert.Equal(figure.Edges.Count - 1, series.Values.Count)));
        Assert.All(finding.Figures.OfType<BarFigure>(), figure => Assert.All(figure.Series, series => Assert.Equal(figure.Categories.Count, series.Values.Count)));
    }
}
