namespace Ballast.Tests;

public sealed class ClassForegroundTests
{
    [Fact]
    public void The_measured_set_of_six_classes_gives_the_known_measures()
    {
        var finding = Conclude([1456, 491, 285, 114, 40, 14], 400);
        Assert.Equal(104.0, finding.Value("ratio"), 1e-9);
        Assert.Equal(0.607, finding.Value("gini"), 5e-4);
        Assert.Equal(1.249, finding.Value("cv"), 5e-4);
        Assert.Equal(0.6272, finding.Value("evenness"), 5e-5);
        Assert.Equal(0.6679, finding.Value("kl"), 5e-5);
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.Contains("c0 has 104 times the boxes of c5", finding.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_classes_are_balanced_and_need_no_remedy()
    {
        var finding = Conclude([500, 500, 500], 100);
        Assert.Equal(1, finding.Value("ratio"));
        Assert.Equal(0, finding.Value("gini"), 1e-12);
        Assert.Equal(1, finding.Value("evenness"), 1e-12);
        Assert.Equal(0, finding.Value("kl"), 1e-12);
        Assert.Equal(Verdict.Balanced, finding.Verdict);
        Assert.Empty(finding.Remedies);
    }

    [Fact]
    public void A_class_without_a_box_is_listed_and_left_out_of_the_ratio()
    {
        var finding = Conclude([100, 50, 0], 40);
        Assert.Equal(2, finding.Value("ratio"));
        Assert.Equal(1, finding.Value("empty-classes"));
        Assert.Contains("c2 has no box", finding.Headline, StringComparison.Ordinal);
        Assert.Contains(finding.Remedies, advice => advice.Title.Contains("c2", StringComparison.Ordinal));
    }

    [Fact]
    public void One_class_has_nothing_to_balance()
    {
        var finding = Conclude([77], 20);
        Assert.Equal(Verdict.Balanced, finding.Verdict);
        Assert.Equal("one class, c0, with 77 boxes: nothing to balance", finding.Headline);
        Assert.Equal(1, finding.Value("ratio"));
    }

    [Fact]
    public void Nine_boxes_are_too_few_to_tell()
    {
        var finding = Conclude([8, 1], 9);
        Assert.Equal(Verdict.CannotTell, finding.Verdict);
        Assert.Contains("with 9 boxes", finding.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interval_that_crosses_a_threshold_cannot_tell()
    {
        // Evenness of [30, 8] is 0.742: close enough to 0.7 that 38 boxes in 38 images cannot tell mild from severe.
        var finding = Conclude([30, 8], 38);
        Assert.Equal(Verdict.CannotTell, finding.Verdict);
        Assert.Contains("cannot tell", finding.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void No_boxes_and_no_images_say_so()
    {
        Assert.Contains("no box", Conclude([0, 0], 3).Headline, StringComparison.Ordinal);
        var nothing = Diagnosis.Of(MadeData.Of(["a"], [])).Finding("class-foreground");
        Assert.Equal(Verdict.CannotTell, nothing.Verdict);
    }

    [Fact]
    public void Lift_and_tied_share_follow_the_images_two_classes_share()
    {
        // Four images: a alone, a with b, a with b, empty. P(a) = 3/4, P(b) = 2/4, P(ab) = 2/4, lift = (2/4) / (3/8) = 4/3.
        MadeData.Image With(params int[] classes) => new(100, 100, [.. classes.Select((c, i) => (c, 10.0 * i, 5.0, 8.0, 8.0))]);
        var finding = Diagnosis.Of(MadeData.Of(["a", "b"], [With(0), With(0, 1), With(0, 1), With()])).Finding("class-foreground");
        var lift = finding.Figures.OfType<HeatFigure>().Single();
        Assert.Equal(4.0 / 3, lift.Values[0][1], 1e-12);
        Assert.True(double.IsNaN(lift.Values[0][0]));
        var tied = finding.Tables.Single(table => table.Title.StartsWith("Classes tied", StringComparison.Ordinal));
        Assert.Equal(["b", "100 %", "1.33", "0.42"], tied.Rows[0]);
        Assert.Equal(0.25, finding.Value("empty-images"));
    }

    [Fact]
    public void Remedies_tell_what_they_would_change_and_are_ranked()
    {
        var finding = Conclude([900, 90, 9], 100);
        var computed = finding.Remedies.Where(advice => advice.Computed).ToArray();
        Assert.NotEmpty(computed);
        Assert.All(computed, advice => Assert.Matches(@"\d", advice.Effect));
        Assert.Equal(finding.Remedies.Select(advice => advice.Gain).OrderDescending(), finding.Remedies.Select(advice => advice.Gain));
    }

    private static Finding Conclude(int[] counts, int images) => Diagnosis.Of(MadeData.WithCounts(counts, images), new DiagnosisOptions { Anchors = false }).Finding("class-foreground");
}
