namespace Ballast.Tests.Evaluation;

public class ComparisonTests
{
    private static readonly ComparisonOptions Options = new() { Replicates = 300, Primary = "AP" };

    [Fact]
    public void A_detector_compared_with_itself_cannot_be_told_apart()
    {
        var (truth, table) = Detector(0.7, 1);
        var comparison = Comparison.Of(truth, [new("a", [table, table, table]), new("b", [table, table, table])], Options);
        var pair = Assert.Single(comparison.Pairs);
        Assert.Equal(0, pair.Primary.Difference, 12);
        Assert.Equal(ComparisonVerdict.CannotTell, pair.Primary.BeyondTheseImages);
        Assert.All(pair.Others, figure => Assert.Equal(ComparisonVerdict.CannotTell, figure.OnTheseImages));
    }

    [Fact]
    public void A_detector_that_finds_far_more_is_better_with_three_seeds()
    {
        var (truth, _) = Detector(0.3, 0);
        var comparison = Comparison.Of(truth, [new("a", Seeds(0.3)), new("b", Seeds(0.9))], Options);
        var primary = comparison.Pairs[0].Primary;
        Assert.Equal(ComparisonVerdict.Better, primary.BeyondTheseImages);
        Assert.True(primary.Low > 0 && primary.High > primary.Difference && primary.PValue < 0.05 && primary.Resolvable > 0);
        var reverse = Comparison.Of(truth, [new("b", Seeds(0.9)), new("a", Seeds(0.3))], Options);
        Assert.Equal(ComparisonVerdict.Worse, reverse.Pairs[0].Primary.BeyondTheseImages);
        Assert.Equal(-primary.Difference, reverse.Pairs[0].Primary.Difference, 12);
    }

    [Fact]
    public void With_fewer_than_three_seeds_nothing_is_said_beyond_these_images()
    {
        var (truth, weak) = Detector(0.3, 1);
        var (_, strong) = Detector(0.9, 1);
        var primary = Comparison.Of(truth, [new("a", [weak]), new("b", [strong])], Options).Pairs[0].Primary;
        Assert.Equal(ComparisonVerdict.Better, primary.OnTheseImages);
        Assert.Equal(ComparisonVerdict.CannotTell, primary.BeyondTheseImages);
    }

    [Fact]
    public void Seeds_that_disagree_in_sign_cannot_be_told()
    {
        var (truth, weak) = Detector(0.3, 1);
        var (_, strong) = Detector(0.9, 1);
        var (_, stronger) = Detector(0.95, 2);
        var primary = Comparison.Of(truth, [new("a", [weak, weak, strong]), new("b", [strong, stronger, weak])], Options).Pairs[0].Primary;
        Assert.True(primary.Difference > 0);
        Assert.Equal(ComparisonVerdict.CannotTell, primary.BeyondTheseImages);
    }

    [Fact]
    public void Differing_seeds_widen_the_interval()
    {
        var (truth, table) = Detector(0.6, 1);
        var (_, low) = Detector(0.4, 2);
        var (_, high) = Detector(0.8, 3);
        var (_, other) = Detector(0.6, 9);
        var steady = Comparison.Of(truth, [new("a", [table, table, table]), new("b", [other, other, other])], Options).Pairs[0].Primary;
        var shaky = Comparison.Of(truth, [new("a", [table, low, high]), new("b", [other, high, low])], Options).Pairs[0].Primary;
        Assert.True(shaky.High - shaky.Low > steady.High - steady.Low, $"{shaky} against {steady}");
    }

    [Fact]
    public void Two_equal_detectors_differ_significantly_in_about_five_of_a_hundred_comparisons()
    {
        var random = new Random(5);
        var (significant, told) = (0, 0);
        for (var i = 0; i < 150; i++)
        {
            var scene = RandomScene.Draw(new(ObjectsPerImage: 0.5), 120, random);
            var truth = scene.Dataset();
            var (a, b) = (Redrawn(truth, scene, 0.7, random), Redrawn(truth, scene, 0.7, random));
            var primary = Comparison.Of(truth, [new("a", [a]), new("b", [b])], new() { Replicates = 200, Primary = "AP50", Seed = i }).Pairs[0].Primary;
            told++;
            significant += primary.OnTheseImages == ComparisonVerdict.CannotTell ? 0 : 1;
        }

        Assert.InRange((double)significant / told, 0, 0.10);
    }

    [Fact]
    public void The_primary_endpoint_is_AP_of_the_rarest_group_unless_named()
    {
        var scene = Scene.With(2, 60);
        for (var image = 0; image < 60; image++) scene.Object(image, 0, 0, 0, 50, 50);
        for (var image = 0; image < 6; image++) scene.Object(image, 1, 100, 0, 50, 50);
        var truth = scene.Dataset();
        var table = DetectionTable.Create(truth, []);
        Assert.Equal("AP rare", Comparison.Of(truth, [new("a", [table]), new("b", [table])]).Primary);
        Assert.Equal("AP75", Comparison.Of(truth, [new("a", [table]), new("b", [table])], new() { Primary = "AP75" }).Primary);
        var error = Assert.Throws<InputException>(() => Comparison.Of(truth, [new("a", [table]), new("b", [table])], new() { Primary = "AP1" }));
        Assert.Contains("AP of class 'class1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_are_pooled_and_runs_that_share_images_are_not()
    {
        var (truth, table) = Detector(0.7, 1);
        var rows = Enumerable.Range(0, truth.Images.Count).SelectMany(image => Rows(table, image)).ToArray();
        DetectionTable[] folds = [DetectionTable.Create(truth, rows.Where(d => d.Image < 50)), DetectionTable.Create(truth, rows.Where(d => d.Image >= 50))];
        var primary = Comparison.Of(truth, [new("whole", [table]), new("folds", folds)], Options).Pairs[0].Primary;
        Assert.Equal(0, primary.Difference, 12);
        Assert.Throws<InputException>(() => DetectionTable.Pool(truth, [table, table]));
    }

    [Fact]
    public void One_detector_or_no_truth_is_refused()
    {
        var (truth, table) = Detector(0.7, 1);
        Assert.Throws<InputException>(() => Comparison.Of(truth, [new("a", [table])]));
        Assert.Throws<InputException>(() => Comparison.Of(truth, [new("a", [table]), new("b", [])]));
        var empty = Scene.With(1, 1).Dataset();
        Assert.Throws<InputException>(() => Comparison.Of(empty, [new("a", [DetectionTable.Create(empty, [])]), new("b", [DetectionTable.Create(empty, [])])]));
    }

    [Fact]
    public void Tables_are_written_as_CSV_and_LaTeX()
    {
        var (truth, table) = Detector(0.7, 1);
        var comparison = Comparison.Of(truth, [new("a,b", [table]), new("100%_c", [table])], Options);
        var lines = comparison.ToCsv().TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 1 + comparison.Pairs[0].Others.Count, lines.Length);
        Assert.StartsWith("\"a,b\",100%_c,AP,1,", lines[1], StringComparison.Ordinal);
        var latex = comparison.ToLatex();
        Assert.Contains("100\\%\\_c", latex, StringComparison.Ordinal);
        Assert.Contains("cannot tell", latex, StringComparison.Ordinal);
    }

    private static IReadOnlyList<DetectionTable> Seeds(double found) => [.. Enumerable.Range(1, 3).Select(seed => Detector(found, seed).Table)];

    /// <summary>One truth, and a detector that finds a share of it.</summary>
    private static (DetectionDataset Truth, DetectionTable Table) Detector(double found, int seed)
    {
        var scene = RandomScene.Draw(new(ObjectsPerImage: 1), 120, new Random(77));
        var truth = scene.Dataset();
        return (truth, Redrawn(truth, scene, found, new Random((seed * 1000) + (int)(found * 100))));
    }

    private static DetectionTable Redrawn(DetectionDataset truth, Scene scene, double found, Random random)
    {
        var rows = new List<Detection>();
        foreach (var t in scene.Truths)
        {
            if (random.NextDouble() < found) rows.Add(new(t.Image, t.Class, t.X + (0.1 * t.Width * random.NextDouble()), t.Y, t.Width, t.Height, 0.4 + (0.6 * random.NextDouble())));
            if (random.NextDouble() < 0.5) rows.Add(new(t.Image, t.Class, 5000, 5000, 30, 30, 0.6 * random.NextDouble()));
        }

        return DetectionTable.Create(truth, rows);
    }

    private static IEnumerable<Detection> Rows(DetectionTable table, int image)
    {
        var (start, end) = table.Of(image);
        for (var row = start; row < end; row++) yield return new(image, table.Classes[row], table.X[row], table.Y[row], table.Width[row], table.Height[row], table.Scores[row]);
    }
}
