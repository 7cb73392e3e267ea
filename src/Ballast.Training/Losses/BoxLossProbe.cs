using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Asks a box loss for its value and gradient at chosen predictions, through the tensors that training uses, in double precision. Gradients are by the four
/// encoded deltas, for losses on corners too, so that all can be compared.
/// </summary>
internal static class BoxLossProbe
{
    /// <summary>Value and gradient by (dx, dy, dw, dh) of each prediction.</summary>
    public static (double Value, double[] Gradient)[] Measure(BoxLoss loss, IReadOnlyList<PredictedBox> boxes)
        => DependsOnOthers(loss) ? [.. boxes.SelectMany(box => Together(loss, [box]))] : Together(loss, boxes);

    /// <summary>Length of a gradient.</summary>
    public static double Length(double[] gradient) => Math.Sqrt(gradient.Sum(x => x * x));

    /// <summary>The gradient harmonizing mechanism weighs a prediction by how many are like it; each is then asked alone.</summary>
    private static bool DependsOnOthers(BoxLoss loss)
        => loss is GradientHarmonizedBoxLoss || (loss is SumBoxLoss sum && sum.Parts.Any(part => DependsOnOthers(part.Loss)));

    private static (double Value, double[] Gradient)[] Together(BoxLoss loss, IReadOnlyList<PredictedBox> boxes)
    {
        using var scope = NewDisposeScope();
        var deltas = Matrix(boxes, 4, box => [box.X, box.Y, box.W, box.H]).requires_grad_();
        var (truths, anchors) = (Matrix(boxes, 2, box => [box.Width, box.Height]), Matrix(boxes, 2, box => [box.AnchorWidth, box.AnchorHeight]));
        var extra = loss.ExtraOutputs > 0 ? zeros([boxes.Count, loss.ExtraOutputs], ScalarType.Float64) : null;
        var pairs = new BoxPairs(deltas, zeros_like(deltas), () => (Corners(deltas, truths, anchors), cat([-truths / 2, truths / 2], -1)), extra);
        var value = loss.Compute(pairs, loss.State());
        if (value.dim() > 1) value = value.sum(-1);
        value.sum().backward();
        var (values, gradients) = (value.data<double>().ToArray(), deltas.grad!.data<double>().ToArray());
        return [.. values.Select((each, i) => (each, gradients[(4 * i)..(4 * (i + 1))]))];
    }

    private static Tensor Corners(Tensor deltas, Tensor truths, Tensor anchors)
    {
        var (center, side) = (deltas.narrow(1, 0, 2) * anchors, truths * deltas.narrow(1, 2, 2).exp());
        return cat([center - (side / 2), center + (side / 2)], -1);
    }

    private static Tensor Matrix(IReadOnlyList<PredictedBox> boxes, int columns, Func<PredictedBox, double[]> row)
        => tensor([.. boxes.SelectMany(row)], [boxes.Count, columns], ScalarType.Float64);
}
