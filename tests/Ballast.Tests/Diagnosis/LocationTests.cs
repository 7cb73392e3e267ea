namespace Ballast.Tests;

public class LocationTests
{
    [Fact]
    public void Objects_in_the_centre_are_severe()
    {
        var data = MadeData.Of(["a", "b"], Enumerable.Range(0, 80).Select(i => new MadeData.Image(640, 480, (0, 300 + (i % 10), 220, 40, 40), (1, 290, 215 + (i % 12), 40, 40))));
        var finding = Diagnosis.Of(data).Finding("location");
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.InRange(finding.Value("centre-bias"), 0, 0.1);
        Assert.Equal(0, finding.Value("edge-share"));
        Assert.True(finding.Value("g-test-p") < 1e-6);
        Assert.Contains("nearer to the centre", finding.Headline, StringComparison.Ordinal);
        var crops = finding.Remedies.Single(advice => advice.Title == "random crops of half the sides");
        Assert.True(crops is { Computed: true, Gain: > 0.5 }, crops.Effect);
        Assert.Equal(640 / 480.0, finding.Figures.OfType<HeatFigure>().First().Aspect, 0.15);
    }

    [Fact]
    public void Even_places_are_balanced_and_centre_bias_is_one()
    {
        var finding = Diagnosis.Of(Grid(40)).Finding("location");
        Assert.Equal(Verdict.Balanced, finding.Verdict);
        Assert.Equal(1, finding.Value("centre-bias"), 0.01);
        Assert.Equal(Location.UniformEdge, finding.Value("edge-share"), 1e-9);
        Assert.Equal(0, finding.Value("kl"), 1e-12);
    }

    [Fact]
    public void Fourteen_boxes_are_too_few()
    {
        var data = MadeData.Of(["a"], Enumerable.Range(0, 14).Select(_ => new MadeData.Image(640, 480, (0, 300, 220, 40, 40))));
        var finding = Diagnosis.Of(data).Finding("location");
        Assert.Equal(Verdict.CannotTell, finding.Verdict);
        Assert.Equal("cannot tell: 14 boxes, at least 80 are needed", finding.Headline);
        Assert.True(double.IsNaN(finding.Value("kl")));
    }

    [Fact]
    public void Sums_of_distances_are_those_of_the_boxes()
    {
        // Centres at (0.25, 0.5) and (0.5, 1): distances 0.25 and 0.5.
        var data = MadeData.Of(["a"], Enumerable.Range(0, 5).Select(_ => new MadeData.Image(100, 100, (0, 20, 45, 10, 10), (0, 45, 98, 10, 2))));
        var finding = Diagnosis.Of(data).Finding("location");
        Assert.Equal(((0.25 + 0.49) / 2) / Location.UniformDistance, finding.Value("centre-bias"), 1e-5);
        Assert.Equal(0.5, finding.Value("edge-share"));
        Assert.Equal(0.5, finding.Value("touching-edge"));
    }

    [Fact]
    public void Crops_of_even_places_stay_even_only_in_the_middle_and_lose_nothing()
    {
        var cells = new double[32 * 32];
        cells[(16 * 32) + 16] = 1;
        var crops = PlaceGrid.InHalfCrops(cells);
        Assert.Equal(256, crops.Sum());
        Assert.All(crops, count => Assert.Equal(1, count));
        cells[(16 * 32) + 16] = 0;
        cells[0] = 1;
        Assert.Equal(1, PlaceGrid.InHalfCrops(cells).Sum());
        Assert.Equal(81, PlaceGrid.AfterShifts(cells).Sum());
    }

    [Fact]
    public void Folding_keeps_counts_and_the_uniform_share_reaches_the_divergence()
    {
        double[] cells = [.. Enumerable.Range(0, 1024).Select(i => (double)(i % 7))];
        Assert.Equal(cells.Sum(), PlaceGrid.Fold(cells, 8).Sum());
        var peaked = new double[64];
        (peaked[27], peaked[28]) = (5, 5);
        var share = PlaceGrid.UniformShareFor(peaked, 8, 0.1);
        var mixed = peaked.Select(count => ((1 - share) * count / 10) + (share / 64)).ToArray();
        Assert.Equal(0.1, ImbalanceMeasures.KlToUniform(mixed), 1e-6);
    }

    [Theory]
    [InlineData(3.841459, 1, 0.05)]
    [InlineData(18.307038, 10, 0.05)]
    [InlineData(82.528727, 63, 0.05)]
    [InlineData(63, 63, 0.4763)]
    [InlineData(0, 63, 1)]
    public void Survival_of_chi_square_agrees_with_tables(double statistic, int degrees, double p) => Assert.Equal(p, ChiSquare.Survival(statistic, degrees), 1e-4);

    /// <summary>A box in the middle of each cell of a fine grid, neighbours on different images.</summary>
    private static DetectionDataset Grid(int side)
    {
        const int Images = 160;
        var boxes = Enumerable.Range(0, Images).Select(_ => new List<(int, double, double, double, double)>()).ToArray();
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++) boxes[((x * 7) + (y * 11)) % Images].Add((0, (800.0 / side * (x + 0.5)) - 4, (800.0 / side * (y + 0.5)) - 4, 8, 8));
        }

        return MadeData.Of(["a"], boxes.Select(list => new MadeData.Image(800, 800, [.. list])));
    }
}
