namespace Ballast.Training;

/// <summary>A loss and the length of its gradient by the encoded deltas, somewhere.</summary>
/// <param name="At">Where: an IoU, a side in pixels, or an offset in sides of the object.</param>
/// <param name="Value">The loss of a prediction, summed over coordinates.</param>
/// <param name="Gradient">Length of its gradient.</param>
public sealed record LossPoint(double At, double Value, double Gradient);

/// <summary>
/// How a box loss behaves, measured: the words come from its values and gradients, not from a table. The object is a square of 64 pixels unless said otherwise,
/// its anchor lies on it, and log-variances are 0 where the loss has them.
/// </summary>
public sealed record BoxLossBehavior
{
    private const double Side = 64;
    private const double Half = 0.5;
    private const double Nothing = 1e-9;

    /// <summary>IoUs looked at.</summary>
    public static Values<double> Overlaps { get; } = [.. Enumerable.Range(1, 19).Select(i => i / 20.0)];

    /// <summary>Sides looked at, pixels.</summary>
    public static Values<double> Sides { get; } = [16, 32, 64, 128, 256];

    /// <summary>Offsets looked at, in sides of the object.</summary>
    public static Values<double> Offsets { get; } = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8];

    /// <summary>The loss's kind, or the recipe it was read from.</summary>
    public required string Name { get; init; }

    /// <summary>The loss.</summary>
    public required BoxLoss Loss { get; init; }

    /// <summary>At each IoU: the mean over a shift, a diagonal shift, a larger and a smaller box.</summary>
    public required Values<LossPoint> ByIoU { get; init; }

    /// <summary>At IoU 0.5 for objects of each side, all in units of one anchor of 64 pixels.</summary>
    public required Values<LossPoint> BySide { get; init; }

    /// <summary>The same with an anchor as large as the object.</summary>
    public required Values<LossPoint> BySideEncoded { get; init; }

    /// <summary>Shifted to the right by each offset.</summary>
    public required Values<LossPoint> ByOffset { get; init; }

    /// <summary>Slope by the centre of a box two sides away and 1.35 times as large; more than 0 draws it to its object.</summary>
    public required double CenterPullApart { get; init; }

    /// <summary>Slope by its width.</summary>
    public required double SizePullApart { get; init; }

    /// <summary>How much the slope by the centre changes, as a share, when the height is wrong too.</summary>
    public required double Coupling { get; init; }

    /// <summary>yes: objects of all sizes weigh alike. by encoding: only if anchors have their size. no.</summary>
    public string ScaleInvariant => Ratio(BySide) <= 1.01 ? "yes" : Ratio(BySideEncoded) <= 1.01 ? "by encoding" : "no";

    /// <summary>What moves a box that does not overlap its object: centre, size, both, none.</summary>
    public string PullApart => (Math.Abs(CenterPullApart) > Nothing, Math.Abs(SizePullApart) > Nothing) switch
    {
        (true, true) => "centre, size",
        (true, false) => "centre",
        (false, true) => "size",
        _ => "none",
    };

    /// <summary>The gradient of far boxes, from 4 to 8 sides away: grows, constant, falls, none.</summary>
    public string Far => Power(ByOffset[^2], ByOffset[^1]) switch
    {
        double.NaN => "none",
        > 0.5 => "grows",
        < -0.1 => "falls",
        _ => "constant",
    };

    /// <summary>The gradient of boxes next to their object, from a hundredth to a thousandth of a side: constant, or vanishing linearly, slower or faster.</summary>
    public string Near => Power(ByOffset[0], ByOffset[1]) switch
    {
        double.NaN => "none",
        < 0.1 => "constant",
        < 0.9 => "slower",
        < 1.1 => "linear",
        _ => "faster",
    };

    /// <summary>Whether the coordinates are learned together.</summary>
    public bool Joint => Coupling > 1e-6;

    /// <summary>Measures a loss.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="loss">The loss.</param>
    public static BoxLossBehavior Of(string name, BoxLoss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        var probes = BoxLossProbe.Measure(loss, [Shifted(0.3, 0), Shifted(0.3, 0.3), Square(Side, Side, 2, 0, 0.3, 0.3)]);
        var (alone, both, apart) = (probes[0].Gradient, probes[1].Gradient, probes[2].Gradient);
        return new()
        {
            Name = name,
            Loss = loss,
            ByIoU = [.. Overlaps.Select(overlap => Mean(loss, overlap, overlap, Side, Side))],
            BySide = [.. Sides.Select(side => Mean(loss, side, Half, side, Side))],
            BySideEncoded = [.. Sides.Select(side => Mean(loss, side, Half, side, side))],
            ByOffset = [.. Offsets.Zip(BoxLossProbe.Measure(loss, [.. Offsets.Select(offset => Shifted(offset, 0))]), Point)],
            CenterPullApart = apart[0],
            SizePullApart = apart[2],
            Coupling = Math.Abs(both[0] - alone[0]) / Math.Max(Math.Abs(alone[0]), Nothing),
        };
    }

    /// <summary>The ways to an IoU with a square: shifts along an axis and the diagonal, larger, smaller, wider, narrower.</summary>
    internal static IReadOnlyList<(string Name, PredictedBox Box)> Ways(double overlap, double side, double anchor)
    {
        var (right, diagonal, half) = ((1 - overlap) / (1 + overlap), 1 - Math.Sqrt(2 * overlap / (1 + overlap)), Math.Log(overlap) / 2);
        return
        [
            ("shifted", Square(side, anchor, right, 0, 0, 0)),
            ("shifted diagonally", Square(side, anchor, diagonal, diagonal, 0, 0)),
            ("larger", Square(side, anchor, 0, 0, -half, -half)),
            ("smaller", Square(side, anchor, 0, 0, half, half)),
            ("wider", Square(side, anchor, 0, 0, -2 * half, 0)),
            ("narrower", Square(side, anchor, 0, 0, 2 * half, 0)),
        ];
    }

    /// <summary>The loss of each of <see cref="Ways"/>.</summary>
    internal static double[] AtOverlap(BoxLoss loss, double overlap, double side, double anchor)
        => [.. BoxLossProbe.Measure(loss, [.. Ways(overlap, side, anchor).Select(way => way.Box)]).Select(each => each.Value)];

    private static PredictedBox Shifted(double offset, double height) => Square(Side, Side, offset, 0, 0, height);

    /// <summary>A prediction of a square; offsets in its sides, changes of size as logarithms.</summary>
    private static PredictedBox Square(double side, double anchor, double x, double y, double w, double h)
        => new(side, side, anchor, anchor, x * side / anchor, y * side / anchor, w, h);

    private static LossPoint Mean(BoxLoss loss, double at, double overlap, double side, double anchor)
    {
        var measured = BoxLossProbe.Measure(loss, [.. Ways(overlap, side, anchor).Take(4).Select(way => way.Box)]);
        return new(at, measured.Average(each => each.Value), measured.Average(each => BoxLossProbe.Length(each.Gradient)));
    }

    private static LossPoint Point(double at, (double Value, double[] Gradient) measured) => new(at, measured.Value, BoxLossProbe.Length(measured.Gradient));

    private static double Ratio(Values<LossPoint> points) => points.Max(point => point.Value) / points.Min(point => point.Value);

    /// <summary>p of a gradient that goes with the offset's p-th power; not a number where there is none.</summary>
    private static double Power(LossPoint first, LossPoint second)
        => first.Gradient <= Nothing ? double.NaN : Math.Log(second.Gradient / first.Gradient) / Math.Log(second.At / first.At);
}
