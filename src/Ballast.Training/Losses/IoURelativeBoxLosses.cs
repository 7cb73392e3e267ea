using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Efficient IoU and focal efficient IoU (Zhang et al. 2021, arXiv:2101.08158, eq. 6 and 11): 1 - IoU + rho^2 / c^2 + (w - w_g)^2 / C_w^2 + (h - h_g)^2 /
/// C_h^2, with C_w and C_h the sides of the smallest box around both; times IoU^gamma, held fixed in the gradient, for the focal form.
/// </summary>
public sealed record EfficientIoUBoxLoss : OverlapBoxLoss
{
    private readonly float _epsilon = 1e-7f;
    private readonly float? _gamma;

    /// <summary>Added to each divisor.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<EfficientIoUBoxLoss>(value); }

    /// <summary>The paper's gamma of the focal form (0.5 there): pairs that do not overlap then teach nothing. Absent: the plain form.</summary>
    public float? FocalGamma { get => _gamma; init => _gamma = value is { } gamma ? Requires.NonNegative<EfficientIoUBoxLoss>(gamma) : null; }

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var iou = pair.IoUPlus(Epsilon);
        var width = (pair.Width - pair.TargetWidth).pow(2) / (pair.HullWidth.pow(2) + Epsilon);
        var height = (pair.Height - pair.TargetHeight).pow(2) / (pair.HullHeight.pow(2) + Epsilon);
        var loss = 1 - iou + DIoUBoxLoss.Distance(pair, Epsilon) + width + height;
        return FocalGamma is { } gamma ? iou.detach().pow(gamma) * loss : loss;
    }
}

/// <summary>
/// Extended IoU (Peng and Yu 2021, "A Systematic IoU-Related Method", IEEE TIP): 1 - IoU with an intersection that turns negative for boxes that do not
/// overlap, so that they attract each other; quadratic under <see cref="SmoothPoint"/>, x^2 / (2 s), and x - s / 2 from there on.
/// </summary>
public sealed record ExtendedIoUBoxLoss : OverlapBoxLoss
{
    private readonly float _epsilon = 1e-7f;
    private readonly float _smooth = 0.1f;

    /// <summary>Added to the union, square pixels.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<ExtendedIoUBoxLoss>(value); }

    /// <summary>The paper's s: where the quadratic part ends.</summary>
    public float SmoothPoint { get => _smooth; init => _smooth = Requires.Positive<ExtendedIoUBoxLoss>(value); }

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var intersection = SignedIntersection(boxes.Corners.unbind(-1), boxes.TargetCorners.unbind(-1));
        var union = (pair.Width * pair.Height) + (pair.TargetWidth * pair.TargetHeight) - intersection + Epsilon;
        var x = 1 - (intersection / union);
        return where(x < SmoothPoint, 0.5 * x.pow(2) / SmoothPoint, x - (0.5 * SmoothPoint));
    }

    /// <summary>By inclusion and exclusion of rectangles that start at the corner of the box around both.</summary>
    private static Tensor SignedIntersection(Tensor[] p, Tensor[] g)
    {
        var (ex, ey) = (minimum(p[0], g[0]), minimum(p[1], g[1]));
        var (x1, y1, x2, y2) = (maximum(p[0], g[0]), maximum(p[1], g[1]), minimum(p[2], g[2]), minimum(p[3], g[3]));
        var (xLow, yLow, xHigh, yHigh) = (minimum(x1, x2), minimum(y1, y2), maximum(x1, x2), maximum(y1, y2));
        return ((x2 - ex) * (y2 - ey)) + ((xLow - ex) * (yLow - ey)) - ((x1 - ex) * (yHigh - ey)) - ((xHigh - ex) * (y1 - ey));
    }
}

/// <summary>
/// SIoU (Gevorgyan 2022, arXiv:2205.12740): 1 - IoU + (D + S) / 2. The distance cost D = 2 - e^(c (dx / C_w)^2) - e^(c (dy / C_h)^2) has c = sin(2 angle) - 2,
/// so that a box first moves to the nearer axis of its truth; the shape cost S is the sum over the sides of (1 - e^(-|w - w_g| / max(w, w_g)))^theta.
/// </summary>
public sealed record SIoUBoxLoss : OverlapBoxLoss
{
    private readonly float _epsilon = 1e-7f;
    private readonly float _theta = 4;

    /// <summary>Added to each divisor.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<SIoUBoxLoss>(value); }

    /// <summary>The exponent of the shape cost, 2 to 6 in the paper.</summary>
    public float Theta { get => _theta; init => _theta = Requires.Positive<SIoUBoxLoss>(value); }

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var (dx, dy) = (pair.OffsetX, pair.OffsetY);

        // sin(2 a) = 2 sin a cos a = 2 |dx dy| / (dx^2 + dy^2) is the same for the angle to either axis, and 0 at the target, where the angle is undefined.
        var c = (2 * (dx * dy).abs() / (dx.pow(2) + dy.pow(2) + Epsilon)) - 2;
        var distance = 2 - (c * (dx / (pair.HullWidth + Epsilon)).pow(2)).exp() - (c * (dy / (pair.HullHeight + Epsilon)).pow(2)).exp();
        return 1 - pair.IoUPlus(Epsilon) + (0.5 * (distance + Shape(pair.Width, pair.TargetWidth) + Shape(pair.Height, pair.TargetHeight)));
    }

    private Tensor Shape(Tensor side, Tensor target) => (1 - (-(side - target).abs() / (maximum(side, target) + Epsilon)).exp()).pow(Theta);
}

/// <summary>
/// Normalised Gaussian Wasserstein distance (Wang et al. 2021, arXiv:2110.13389, eq. 8 and 9): 1 - e^(-W / c) with W^2 = dx^2 + dy^2 + (dw^2 + dh^2) / 4, boxes
/// taken for Gaussians. For tiny objects, whose IoU falls to 0 within a few pixels.
/// </summary>
public sealed record NormalizedWassersteinBoxLoss : OverlapBoxLoss
{
    private const float UnderRoot = 1e-7f;
    private readonly float _constant = 12.8f;

    /// <summary>c: the mean size, sqrt(area), of the data set's objects, pixels; 12.8 in AI-TOD.</summary>
    public float ConstantPixels { get => _constant; init => _constant = Requires.Positive<NormalizedWassersteinBoxLoss>(value); }

    /// <summary>The root's gradient must stay finite at the target, where the loss is 3e-4 / c instead of 0.</summary>
    [JsonIgnore]
    public override bool ZeroAtTarget => false;

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var sides = (pair.Width - pair.TargetWidth).pow(2) + (pair.Height - pair.TargetHeight).pow(2);
        return 1 - (-(pair.CenterDistance + (sides / 4) + UnderRoot).sqrt() / ConstantPixels).exp();
    }
}

/// <summary>
/// Bounded IoU (Tychsen-Smith and Petersson 2018, arXiv:1711.00164, eq. 13 to 16): for each of x, y, w and h the best IoU that is possible with the others
/// free, l = 1 - that, then smooth L1 of l. For each coordinate apart: [N, 4].
/// </summary>
public sealed record BoundedIoUBoxLoss : OverlapBoxLoss
{
    private readonly float _beta = 0.2f;
    private readonly float _epsilon = 1e-3f;

    /// <summary>Where the quadratic part ends, a share of IoU.</summary>
    public float Beta { get => _beta; init => _beta = Requires.Positive<BoundedIoUBoxLoss>(value); }

    /// <summary>Added to each divisor, pixels.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<BoundedIoUBoxLoss>(value); }

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var (w, h) = (pair.TargetWidth, pair.TargetHeight);
        var costs = stack([Center(pair.OffsetX, w), Center(pair.OffsetY, h), Side(pair.Width, w), Side(pair.Height, h)], -1);
        return SmoothL1BoxLoss.Of(costs, Beta);
    }

    private Tensor Center(Tensor offset, Tensor side)
    {
        var away = 2 * offset.abs();
        return 1 - PairedBoxes.Floored((side - away) / (side + away + Epsilon), 0);
    }

    private Tensor Side(Tensor side, Tensor target) => 1 - minimum(target / (side + Epsilon), side / (target + Epsilon));
}
