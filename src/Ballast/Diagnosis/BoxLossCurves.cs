namespace Ballast;

/// <summary>
/// A predicted box beside its truth, as a detector's box coder sees them: errors of the encoded deltas (dx, dy in units of the anchor's sides, dw, dh natural
/// logarithms of ratios) around a truth at the origin. The anchor is concentric with the truth.
/// </summary>
/// <param name="Width">Width of the truth, pixels.</param>
/// <param name="Height">Height of the truth.</param>
/// <param name="AnchorWidth">Width of the anchor.</param>
/// <param name="AnchorHeight">Height of the anchor.</param>
/// <param name="X">Error of dx.</param>
/// <param name="Y">Error of dy.</param>
/// <param name="W">Error of dw.</param>
/// <param name="H">Error of dh.</param>
internal readonly record struct PredictedBox(double Width, double Height, double AnchorWidth, double AnchorHeight, double X, double Y, double W, double H)
{
    public Corners Truth => Around(0, 0, Width, Height);

    public Corners Prediction => Around(X * AnchorWidth, Y * AnchorHeight, Width * Math.Exp(W), Height * Math.Exp(H));

    private static Corners Around(double x, double y, double width, double height) => new(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2));
}

/// <summary>A box regression loss in plain numbers: what figures of loss against IoU are drawn from. Training uses the tensor forms.</summary>
/// <param name="Name">The loss's name in charts.</param>
/// <param name="Kind">Its kind in recipes.</param>
internal abstract record BoxLossCurve(string Name, string Kind)
{
    /// <summary>The loss of one prediction, summed over its coordinates.</summary>
    public abstract double Value(in PredictedBox box);

    /// <summary>Length of the gradient with respect to the four encoded deltas.</summary>
    public abstract double Gradient(in PredictedBox box);
}

/// <summary>The losses of the article's comparison: norms of encoded deltas, and the IoU family on decoded boxes.</summary>
internal static class BoxLossCurves
{
    private const double Gamma = 1.5;
    private const double Alpha = 0.5;
    private static readonly double B = Math.Exp(Gamma / Alpha) - 1;

    public static BoxLossCurve L1 { get; } = new NormCurve("L1", "l1", x => x, _ => 1);

    /// <summary>0.5 x^2.</summary>
    public static BoxLossCurve L2 { get; } = new NormCurve("L2", "l2", x => 0.5 * x * x, x => x);

    /// <summary>Smooth L1 with beta 1/9 (torchvision).</summary>
    public static BoxLossCurve SmoothL1 { get; } = new NormCurve("smooth L1", "smooth-l1", x => SmoothL1Of(x, 1 / 9.0), x => Math.Min(9 * x, 1));

    /// <summary>Balanced L1 (Pang et al. 2019, arXiv:1904.02701), alpha 0.5, gamma 1.5, beta 1.</summary>
    public static BoxLossCurve BalancedL1 { get; } = new NormCurve("balanced L1", "balanced-l1", BalancedL1Of, x => x < 1 ? Alpha * Math.Log((B * x) + 1) : Gamma);

    /// <summary>-ln IoU.</summary>
    public static BoxLossCurve LogIoU { get; } = new OverlapCurve("IoU (log)", "iou", (p, g, _) => -Math.Log(Math.Max(IoU(p, g), 1e-6)));

    /// <summary>1 - IoU.</summary>
    public static BoxLossCurve LinearIoU { get; } = new OverlapCurve("IoU (linear)", "iou", (p, g, _) => 1 - IoU(p, g));

    public static BoxLossCurve GIoULoss { get; } = new OverlapCurve("GIoU", "giou", (p, g, _) => 1 - GIoU(p, g));

    public static BoxLossCurve DIoULoss { get; } = new OverlapCurve("DIoU", "diou", (p, g, _) => 1 - DIoU(p, g));

    /// <summary>The trade-off is held fixed in the gradient, as in the reference.</summary>
    public static BoxLossCurve CIoULoss { get; } = new OverlapCurve("CIoU", "ciou", (p, g, tradeOff) => 1 - DIoU(p, g) + (tradeOff * AspectTerm(p, g)));

    public static IReadOnlyList<BoxLossCurve> Norms { get; } = [L1, L2, SmoothL1, BalancedL1];

    public static IReadOnlyList<BoxLossCurve> Overlaps { get; } = [LogIoU, LinearIoU, GIoULoss, DIoULoss, CIoULoss];

    /// <summary>Smooth L1 of an absolute error; beta 0 is L1.</summary>
    public static double SmoothL1Of(double x, double beta) => x < beta ? 0.5 * x * x / beta : x - (0.5 * beta);

    /// <summary>Balanced L1 of an absolute error.</summary>
    public static double BalancedL1Of(double x)
        => x < 1 ? (Alpha / B * ((B * x) + 1) * Math.Log((B * x) + 1)) - (Alpha * x) : (Gamma * x) + (Gamma / B) - Alpha;

    /// <summary>Intersection over union; 0 for disjoint boxes.</summary>
    public static double IoU(Corners p, Corners g)
    {
        var intersection = Intersection(p, g);
        return intersection / Union(p, g, intersection);
    }

    /// <summary>Generalized IoU (Rezatofighi et al. 2019, arXiv:1902.09630): IoU - (C - U) / C.</summary>
    public static double GIoU(Corners p, Corners g)
    {
        var intersection = Intersection(p, g);
        var union = Union(p, g, intersection);
        var (width, height) = Enclosing(p, g);
        return (intersection / union) - (((width * height) - union) / (width * height));
    }

    /// <summary>Distance IoU (Zheng et al. 2020, arXiv:1911.08287): IoU - rho^2 / c^2.</summary>
    public static double DIoU(Corners p, Corners g)
    {
        var (width, height) = Enclosing(p, g);
        var (dx, dy) = ((p.X1 + p.X2 - g.X1 - g.X2) / 2, (p.Y1 + p.Y2 - g.Y1 - g.Y2) / 2);
        return IoU(p, g) - (((dx * dx) + (dy * dy)) / ((width * width) + (height * height)));
    }

    /// <summary>Complete IoU (the same paper), ungated: DIoU - a v.</summary>
    public static double CIoU(Corners p, Corners g) => DIoU(p, g) - (TradeOff(p, g) * AspectTerm(p, g));

    /// <summary>a = v / (1 - IoU + v); 0 for equal boxes.</summary>
    public static double TradeOff(Corners p, Corners g)
    {
        var v = AspectTerm(p, g);
        return v == 0 ? 0 : v / (1 - IoU(p, g) + v);
    }

    private static double AspectTerm(Corners p, Corners g)
    {
        var angle = Math.Atan(g.Width / g.Height) - Math.Atan(p.Width / p.Height);
        return 4 / (Math.PI * Math.PI) * angle * angle;
    }

    private static double Intersection(Corners p, Corners g)
        => Math.Max(Math.Min(p.X2, g.X2) - Math.Max(p.X1, g.X1), 0) * Math.Max(Math.Min(p.Y2, g.Y2) - Math.Max(p.Y1, g.Y1), 0);

    private static double Union(Corners p, Corners g, double intersection) => (p.Width * p.Height) + (g.Width * g.Height) - intersection;

    private static (double Width, double Height) Enclosing(Corners p, Corners g)
        => (Math.Max(p.X2, g.X2) - Math.Min(p.X1, g.X1), Math.Max(p.Y2, g.Y2) - Math.Min(p.Y1, g.Y1));

    /// <summary>The sum of a function of each delta's absolute error.</summary>
    private sealed record NormCurve(string Name, string Kind, Func<double, double> Loss, Func<double, double> Slope) : BoxLossCurve(Name, Kind)
    {
        public override double Value(in PredictedBox box) => Loss(Math.Abs(box.X)) + Loss(Math.Abs(box.Y)) + Loss(Math.Abs(box.W)) + Loss(Math.Abs(box.H));

        public override double Gradient(in PredictedBox box) => Math.Sqrt(Square(box.X) + Square(box.Y) + Square(box.W) + Square(box.H));

        private double Square(double error)
        {
            var slope = error == 0 ? 0 : Slope(Math.Abs(error));
            return slope * slope;
        }
    }

    /// <summary>A function of the decoded boxes; its gradient by central differences.</summary>
    private sealed record OverlapCurve(string Name, string Kind, Func<Corners, Corners, double, double> Loss) : BoxLossCurve(Name, Kind)
    {
        private const double Step = 1e-6;

        public override double Value(in PredictedBox box) => Loss(box.Prediction, box.Truth, TradeOff(box.Prediction, box.Truth));

        public override double Gradient(in PredictedBox box)
        {
            var tradeOff = TradeOff(box.Prediction, box.Truth);
            return Math.Sqrt(
                Square(box with { X = box.X + Step }, box with { X = box.X - Step }, tradeOff)
                + Square(box with { Y = box.Y + Step }, box with { Y = box.Y - Step }, tradeOff)
                + Square(box with { W = box.W + Step }, box with { W = box.W - Step }, tradeOff)
                + Square(box with { H = box.H + Step }, box with { H = box.H - Step }, tradeOff));
        }

        private double Square(in PredictedBox after, in PredictedBox before, double tradeOff)
        {
            var slope = (Loss(after.Prediction, after.Truth, tradeOff) - Loss(before.Prediction, before.Truth, tradeOff)) / (2 * Step);
            return slope * slope;
        }
    }
}
