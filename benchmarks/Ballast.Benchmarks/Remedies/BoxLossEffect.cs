using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>Value and gradient of a box loss by the IoU of the box, and what twice the size changes.</summary>
internal static class BoxLossEffect
{
    private const double Side = 64;
    private static readonly double[] Overlaps = [0.3, 0.5, 0.7, 0.9];

    public static string Of(Remedy remedy)
    {
        var loss = RecipeReader.Parse<BoxLoss>(remedy.Recipe);
        var shifted = Overlaps.Select(Shifted).ToArray();
        var grown = Overlaps.Select(Grown).ToArray();
        var (shiftedValue, shiftedGradient) = Measure(loss, shifted, Side);
        var (grownValue, grownGradient) = Measure(loss, grown, Side);
        var (twice, _) = Measure(loss, shifted, 2 * Side);
        var table = MeasuredEffects.Table(
            ["IoU of the box", .. Overlaps.Select(overlap => overlap.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture))],
            [
                ["shifted: loss", .. shiftedValue.Select(MeasuredEffects.Number)],
                ["shifted: gradient", .. shiftedGradient.Select(MeasuredEffects.Number)],
                ["too large: loss", .. grownValue.Select(MeasuredEffects.Number)],
                ["too large: gradient", .. grownGradient.Select(MeasuredEffects.Number)],
                ["shifted, twice the size: loss", .. twice.Select(MeasuredEffects.Number)],
            ]);
        return "A box of 64 x 64 pixels, shifted along its diagonal or grown about its centre until it has the IoU; the loss summed over its coordinates, and the length of the gradient "
            + $"by the four deltas, encoded against an anchor of the object's size.\n\n{table}";
    }

    /// <summary>(s, s, 0, 0): (1 - s)^2 / (2 - (1 - s)^2) = IoU.</summary>
    private static double[] Shifted(double overlap)
    {
        var shift = 1 - Math.Sqrt(2 * overlap / (1 + overlap));
        return [shift, shift, 0, 0];
    }

    /// <summary>(0, 0, ln k, ln k): 1 / k^2 = IoU.</summary>
    private static double[] Grown(double overlap) => [0, 0, -0.5 * Math.Log(overlap), -0.5 * Math.Log(overlap)];

    private static (double[] Values, double[] Gradients) Measure(BoxLoss loss, double[][] errors, double side)
    {
        using var scope = NewDisposeScope();
        var deltas = tensor(errors.SelectMany(error => error).ToArray(), [errors.Length, 4], requires_grad: true);
        var extra = loss.ExtraOutputs > 0 ? zeros([errors.Length, loss.ExtraOutputs], ScalarType.Float64) : null;
        var pairs = new BoxPairs(deltas, zeros_like(deltas), () => (Decode(deltas, side), Decode(zeros_like(deltas), side)), extra);
        var elements = loss.Compute(pairs, loss.State());
        var values = elements.dim() > 1 ? elements.sum(-1) : elements;
        values.sum().backward();
        return (values.detach().data<double>().ToArray(), deltas.grad!.norm(1).data<double>().ToArray());
    }

    /// <summary>Corners by the coder of Faster R-CNN, for an anchor at (100, 100).</summary>
    private static Tensor Decode(Tensor deltas, double side)
    {
        var center = 100 + (side / 2) + (deltas.narrow(1, 0, 2) * side);
        var half = deltas.narrow(1, 2, 2).exp() * (side / 2);
        return cat([center - half, center + half], 1);
    }
}
