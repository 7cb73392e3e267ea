namespace Ballast.Tests;

public class ScaleTests
{
    // At 640 x 480 and input side 480x640 nothing is resized, so pixels can be counted by hand.
    private static readonly DiagnosisOptions Native = new() { Profile = DetectorProfile.RetinaNet with { Input = InputSize.Parse("480x640") } };

    [Fact]
    public void Shares_of_small_objects_are_counted_after_the_resize()
    {
        // Sides 4, 8, 20, 100 in each of ten images: one under 8, two under 16, three under 32.
        var data = Repeat(10, (0, 4), (0, 8), (0, 20), (0, 100));
        var finding = Diagnosis.Of(data, Native).Finding("scale-box");
        Assert.Equal(40, finding.Value("objects"));
        Assert.Equal(0.25, finding.Value("under8"), 1e-12);
        Assert.Equal(0.5, finding.Value("under16"), 1e-12);
        Assert.Equal(0.75, finding.Value("under32"), 1e-12);
        Assert.Equal(0.75, finding.Value("coco-small"), 1e-12);
        Assert.Equal(0.25, finding.Value("coco-large"), 1e-12);
        Assert.Equal(Verdict.Severe, finding.Verdict);
        var doubled = Diagnosis.Of(data, Native with { Profile = Native.Profile with { Input = InputSize.Parse("960x1280") } }).Finding("scale-box");
        Assert.Equal(0, doubled.Value("under8"));
        Assert.Equal(0.25, doubled.Value("coco-large"), 1e-12);
        Assert.Equal(0.25, doubled.Value("under16"), 1e-12);
    }

    [Fact]
    public void Other_input_sides_give_what_a_diagnosis_at_that_side_gives()
    {
        var data = MadeData.WithCounts([300, 40, 9], 30);
        var summary = Diagnosis.Summarize(data, Native);
        foreach (var side in ScaleBox.Sides.Where(side => side % 240 == 0))
        {
            var numbers = new ScaleNumbers(new(summary, Native, data));
            var there = Diagnosis.Of(data, Native with { Profile = Native.Profile with { Input = Native.Profile.Input with { Short = side, Long = side * 4 / 3 } } }).Finding("scale-box");
            Assert.Equal(there.Value("under32"), numbers.UnderAt(Array.IndexOf(ScaleBox.Sides, side), 2), 1e-12);
        }
    }

    [Fact]
    public void The_worst_class_decides_when_it_is_worse_than_all()
    {
        var data = Repeat(20, (0, 100), (0, 100), (0, 100), (1, 10));
        var finding = Diagnosis.Of(data, Native).Finding("scale-box");
        Assert.Equal("under16-worst-class", finding.Deciding);
        Assert.Equal(1, finding.Value("under16-worst-class"));
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.StartsWith("100 % of c1 are under 16 px", finding.Headline, StringComparison.Ordinal);
        var larger = finding.Remedies.Single(advice => advice.Title.StartsWith("input side", StringComparison.Ordinal));
        Assert.Equal("c1 under 16 px: 100 % -> 0 %", larger.Effect);
        Assert.Equal(1, larger.Gain);
        Assert.Equal("the smallest", finding.Examples[0].Group);
        Assert.Equal(1, data.Boxes.Class(finding.Examples[0].Box));
    }

    [Fact]
    public void A_class_of_few_objects_does_not_decide()
    {
        var finding = Diagnosis.Of(Repeat(9, (0, 100), (0, 100), (1, 10)), Native).Finding("scale-box");
        Assert.Equal("under8", finding.Deciding);
        Assert.Equal(0, finding.Value("under16-worst-class"));
        Assert.Equal(Verdict.Balanced, finding.Verdict);
    }

    [Fact]
    public void Long_boxes_are_those_beyond_one_to_three()
    {
        var data = MadeData.Of(["a"], Enumerable.Range(0, 10).Select(_ => new MadeData.Image(640, 480, (0, 0, 0, 30, 90), (0, 0, 0, 30, 91), (0, 0, 0, 200, 20))));
        Assert.Equal(2 / 3.0, Diagnosis.Of(data, Native).Finding("scale-box").Value("beyond-1-to-3"), 1e-12);
    }

    [Theory]
    [InlineData(640, 640, 1)]
    [InlineData(641, 640, 2)]
    [InlineData(1152, 640, 2)]
    [InlineData(1153, 640, 3)]
    [InlineData(4000, 640, 8)]
    public void Tiles_overlap_by_a_fifth_and_cover_the_image(int length, int tile, int tiles) => Assert.Equal(tiles, ScaleBox.TilesAlong(length, tile));

    [Fact]
    public void Levels_are_shares_of_boxes_by_size()
    {
        // RetinaNet: 40 -> P3, 100 -> P4, 200 -> P5.
        var finding = Diagnosis.Of(Repeat(10, (0, 40), (0, 40), (1, 100), (1, 200)), Native).Finding("scale-level");
        Assert.Equal(0.5, finding.Value("share-p3"), 1e-12);
        Assert.Equal(0.25, finding.Value("share-p4"), 1e-12);
        Assert.Equal(0.25, finding.Value("share-p5"), 1e-12);
        Assert.Equal(2, finding.Value("starved-levels"));
        Assert.Equal(1.5 * Math.Log(2) / Math.Log(5), finding.Value("evenness"), 1e-12);
        var heat = finding.Figures.OfType<HeatFigure>().Single();
        Assert.Equal(["c0", "c1"], heat.Rows);
        Assert.Equal([0, 0.5, 0.5, 0, 0], heat.Values[1]);
    }

    [Fact]
    public void One_level_for_all_boxes_is_severe_and_a_finer_one_is_offered_only_when_it_helps()
    {
        var small = Diagnosis.Of(Repeat(10, (0, 40), (0, 20)), Native).Finding("scale-level");
        Assert.Equal(Verdict.Severe, small.Verdict);
        Assert.StartsWith("100 % of boxes fall on P3", small.Headline, StringComparison.Ordinal);
        Assert.Equal("most boxes on one level: 100 % (P3) -> 50 % (P2)", small.Remedies.Single(advice => advice.Title == "one finer pyramid level").Effect);
        var large = Diagnosis.Of(Repeat(10, (0, 200)), Native).Finding("scale-level");
        Assert.DoesNotContain(large.Remedies, advice => advice.Title == "one finer pyramid level");
        Assert.All(small.Remedies.Concat(large.Remedies).Where(advice => advice.Computed), advice => Assert.InRange(advice.Gain, 1e-9, 1));
    }

    private static DetectionDataset Repeat(int images, params (int Class, double Side)[] boxes)
        => MadeData.Of([.. Enumerable.Range(0, boxes.Max(box => box.Class) + 1).Select(c => $"c{c}")], Enumerable.Range(0, images)
            .Select(_ => new MadeData.Image(640, 480, [.. boxes.Select(box => (box.Class, 10.0, 10.0, box.Side, box.Side))])));
}
