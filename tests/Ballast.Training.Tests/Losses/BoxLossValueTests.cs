using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Values worked out in double precision from the papers' formulas, for losses that no reference stands behind.</summary>
public class BoxLossValueTests
{
    /// <summary>A shifted, B disjoint, C turned by 90 degrees, D nested, E a usual pair, F equal.</summary>
    private static readonly double[] Predicted = [10, 10, 50, 50, 0, 0, 10, 10, 0, 0, 40, 20, 0, 0, 100, 100, 12, 8, 52, 30, 5, 5, 25, 45];
    private static readonly double[] Target = [20, 20, 60, 60, 20, 0, 30, 10, 0, 0, 20, 40, 25, 25, 75, 75, 10, 10, 50, 34, 5, 5, 25, 45];

    [Fact]
    public void Efficient_IoU() => AssertValues(new EfficientIoUBoxLoss(), 0.648696, 1.4, 1.229167, 1.25, 0.307541, 0);

    [Fact]
    public void Focal_efficient_IoU() => AssertValues(new EfficientIoUBoxLoss { FocalGamma = 0.5f }, 0.405787, 0, 0.709660, 0.625, 0.257987, 0);

    [Fact]
    public void SIoU() => AssertValues(new SIoUBoxLoss(), 0.647906, 1.294444, 0.751222, 0.773969, 0.304654, 0);

    [Fact]
    public void Alpha_IoU()
    {
        AssertValues(new AlphaIoUBoxLoss(), 0.940084, 1, 0.962963, 0.984375, 0.651527, 0);
        AssertValues(new AlphaIoUBoxLoss { Form = AlphaIoUForm.GIoU }, 0.940596, double.NaN, 0.978588, double.NaN, double.NaN, 0);
        AssertValues(new AlphaIoUBoxLoss { Form = AlphaIoUForm.DIoU }, 0.940148, 1.064, 0.963207, double.NaN, double.NaN, 0);
    }

    [Fact]
    public void Alpha_IoU_with_the_release_s_distance_and_the_aspect_term()
    {
        var distance = new[] { Math.Pow(0.2, 6), 64e6 / 730e6, Math.Pow(0.25, 6), 0, 2 / (Math.Pow(42, 6) + Math.Pow(26, 6)), 0 };
        var overlap = new[] { 0.940084, 1, 0.962963, 0.984375, 0.651527, 0 };
        AssertValues(new AlphaIoUBoxLoss { Form = AlphaIoUForm.DIoU, DistanceOfRelease = true }, [.. overlap.Zip(distance, (a, b) => a + b)]);

        // C: rho^2 / c^2 = 1/16, v = 0.167826 with 1 - IoU = 2/3.
        var aspect = Math.Pow(0.167826 * 0.167826 / ((2.0 / 3) + 0.167826), 3);
        AssertValues(new AlphaIoUBoxLoss { Form = AlphaIoUForm.CIoU }, 0.940148, 1.064, 0.962963 + Math.Pow(1 / 16.0, 3) + aspect, 0.984375, double.NaN, 0);
        AssertValues(new AlphaIoUBoxLoss { Form = AlphaIoUForm.CIoU, Alpha = 1 }, 0.648696, 1.4, 1 - 0.237082, 0.75, 1 - 0.698375, 0);
        AssertValues(new AlphaIoUBoxLoss { Form = AlphaIoUForm.DIoU, Alpha = 1, DistanceOfRelease = true }, 0.648696, 1.4, 1 - 0.270833, 0.75, 1 - 0.698376, 0);
    }

    [Fact]
    public void Normalised_Wasserstein_distance()
        => AssertValues(new NormalizedWassersteinBoxLoss(), 1 - 0.331259, 1 - 0.209611, 1 - 0.209611, 1 - 0.063157, 1 - 0.746532, 0.000025);

    [Fact]
    public void Complete_IoU_with_and_without_its_gate()
    {
        AssertValues(new CIoUBoxLoss(), 0.648696, 1.4, 1 - 0.237082, 0.75, 1 - 0.698375, 0);
        AssertValues(new CIoUBoxLoss { Gate = true }, 0.648696, 1.4, 1 - 0.270833, 0.75, 1 - 0.698375, 0);
    }

    [Fact]
    public void Bounded_IoU_of_each_coordinate()
    {
        using var scope = NewDisposeScope();
        var loss = new BoundedIoUBoxLoss { Epsilon = 1e-12f }.Compute(Pairs());
        double[] expected = [1.133333, 0.9, 2.266667, 0.8, 0.400006, 0];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], loss[i].sum().item<double>(), 2e-6);
    }

    [Fact]
    public void Scaled_balanced_L1_keeps_its_shape_at_any_beta()
    {
        using var scope = NewDisposeScope();
        var errors = tensor(new double[] { 0.01, 0.05, 0.11, 0.3 }, [1, 4]);
        var scaled = new BalancedL1BoxLoss { Beta = 0.11f, Scaled = true }.Compute(BoxPairs.OfDeltas(errors, zeros_like(errors)));
        var plain = new BalancedL1BoxLoss().Compute(BoxPairs.OfDeltas(errors / 0.11f, zeros_like(errors)));
        Assert.True((scaled - (0.11f * plain)).abs().max().item<double>() < 1e-12);
    }

    private static BoxPairs Pairs() => BoxPairs.OfCorners(tensor(Predicted, [6, 4]), tensor(Target, [6, 4]));

    private static void AssertValues(BoxLoss loss, params double[] expected)
    {
        using var scope = NewDisposeScope();
        var actual = loss.Compute(Pairs());
        for (var i = 0; i < expected.Length; i++)
        {
            if (!double.IsNaN(expected[i])) Assert.Equal(expected[i], actual[i].item<double>(), 2e-6);
        }
    }
}
