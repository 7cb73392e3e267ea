namespace Ballast.Tests;

public class BoxLossCurvesTests
{
    // Prediction, truth, then IoU, GIoU, DIoU, CIoU (ungated), computed by an independent implementation.
    public static TheoryData<double[], double[], double[]> Pairs => new()
    {
        { [10, 10, 50, 50], [20, 20, 60, 60], [.391304, .311304, .351304, .351304] },
        { [0, 0, 10, 10], [20, 0, 30, 10], [0, -.333333, -.4, -.4] },
        { [0, 0, 40, 20], [0, 0, 20, 40], [.333333, .083333, .270833, .237082] },
        { [0, 0, 100, 100], [25, 25, 75, 75], [.25, .25, .25, .25] },
        { [12, 8, 52, 30], [10, 10, 50, 34], [.703704, .692715, .698376, .698375] },
        { [5, 5, 25, 45], [5, 5, 25, 45], [1, 1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_iou_family_agrees_with_known_pairs(double[] prediction, double[] truth, double[] expected)
    {
        var (p, g) = (Box(prediction), Box(truth));
        double[] values = [BoxLossCurves.IoU(p, g), BoxLossCurves.GIoU(p, g), BoxLossCurves.DIoU(p, g), BoxLossCurves.CIoU(p, g)];
        for (var i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], 2e-6);
    }

    [Theory]
    [InlineData(.05, .009304, .01125)]
    [InlineData(.1, .031353, .045)]
    [InlineData(.25, .140037, .194444)]
    [InlineData(.5, .400568, .444444)]
    [InlineData(1, 1.078594, .944444)]
    [InlineData(2, 2.578594, 1.944444)]
    public void Balanced_and_smooth_l1_agree_with_known_values(double x, double balanced, double smooth)
    {
        Assert.Equal(balanced, BoxLossCurves.BalancedL1Of(x), 2e-6);
        Assert.Equal(smooth, BoxLossCurves.SmoothL1Of(x, 1 / 9.0), 2e-6);
    }

    [Fact]
    public void Gradients_of_norm_losses_are_the_slopes_of_their_values()
    {
        foreach (var loss in BoxLossCurves.Norms)
        {
            var box = new PredictedBox(40, 20, 32, 32, 0.3, -0.07, 1.4, 0.02);
            var squares = Slope(loss, box with { X = .3 + 1e-6 }, box with { X = .3 - 1e-6 }) + Slope(loss, box with { Y = -.07 + 1e-6 }, box with { Y = -.07 - 1e-6 })
                + Slope(loss, box with { W = 1.4 + 1e-6 }, box with { W = 1.4 - 1e-6 }) + Slope(loss, box with { H = .02 + 1e-6 }, box with { H = .02 - 1e-6 });
            Assert.Equal(Math.Sqrt(squares), loss.Gradient(box), 1e-6);
        }
    }

    [Fact]
    public void The_gradient_of_the_linear_iou_loss_of_a_shift_is_known()
    {
        // Shifted by t widths: IoU = (1 - t) / (1 + t); only the shifted side and the two sizes carry a gradient.
        var box = new PredictedBox(10, 10, 10, 10, 0.2, 0, 0, 0);
        Assert.Equal(1 - (0.8 / 1.2), BoxLossCurves.LinearIoU.Value(box), 1e-12);
        var after = box with { X = 0.2 + 1e-4 };
        var before = box with { X = 0.2 - 1e-4 };
        Assert.Equal(2 / (1.2 * 1.2), (BoxLossCurves.LinearIoU.Value(after) - BoxLossCurves.LinearIoU.Value(before)) / 2e-4, 1e-6);
        Assert.True(BoxLossCurves.LinearIoU.Gradient(box) >= 2 / (1.2 * 1.2));
    }

    [Fact]
    public void Predictions_have_the_iou_they_are_asked_for()
    {
        var study = Study((100, 50), (12, 12), (300, 700));
        var log = study.Measure(BoxLossCurves.LogIoU);
        for (var i = 0; i < BoxLossStudy.Overlaps.Length; i++)
        {
            Assert.Equal(-Math.Log(BoxLossStudy.Overlaps[i]), log.Low[i], 1e-9);
            Assert.Equal(-Math.Log(BoxLossStudy.Overlaps[i]), log.High[i], 1e-9);
        }

        Assert.Equal(1, log.Spread, 1e-9);
    }

    [Fact]
    public void Objects_below_the_smallest_anchor_weigh_less_under_l1_and_l2_but_not_under_giou()
    {
        var study = Study([.. Enumerable.Repeat((6.0, 6.0), 10), .. Enumerable.Repeat((64.0, 64.0), 10)]);
        var (l1, l2, giou) = (study.Measure(BoxLossCurves.L1), study.Measure(BoxLossCurves.L2), study.Measure(BoxLossCurves.GIoULoss));
        Assert.True(l1.Spread > 1.4, $"L1 {l1.Spread}");
        Assert.True(l2.Spread > l1.Spread, $"L2 {l2.Spread}");
        Assert.Equal(1, giou.Spread, 1e-9);
        Assert.True(study.AtSide([BoxLossCurves.L1], 6)[0] < study.AtSide([BoxLossCurves.L1], 64)[0]);
    }

    [Fact]
    public void The_study_is_a_function_of_counts_and_seed()
    {
        var (a, b) = (Study((20, 30)).Measure(BoxLossCurves.L2), Study((20, 30)).Measure(BoxLossCurves.L2));
        Assert.Equal(a.Mean, b.Mean);
    }

    private static BoxLossStudy Study(params (double Width, double Height)[] boxes)
    {
        var sides = new Tally("sides", false, LengthScale.Bins, LengthScale.Bins);
        foreach (var (width, height) in boxes) sides.Add((LengthScale.Bin(width) * LengthScale.Bins) + LengthScale.Bin(height), 1, []);
        return new(sides, DetectorProfile.RetinaNet.Anchors, 1);
    }

    private static double Slope(BoxLossCurve loss, PredictedBox after, PredictedBox before) => Math.Pow((loss.Value(after) - loss.Value(before)) / 2e-6, 2);

    private static Corners Box(double[] c) => new(c[0], c[1], c[2], c[3]);
}
