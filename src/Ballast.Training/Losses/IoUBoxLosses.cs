using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The form of the IoU loss.</summary>
public enum IoULossForm
{
    /// <summary>-ln IoU (the paper's).</summary>
    Log,

    /// <summary>1 - IoU.</summary>
    Linear,

    /// <summary>1 - IoU^2.</summary>
    Square,
}

/// <summary>IoU loss (Yu et al. 2016, arXiv:1608.01471, eq. 2): -ln IoU, or 1 - IoU, or 1 - IoU^2. Boxes that do not overlap teach nothing.</summary>
public sealed record IoUBoxLoss : OverlapBoxLoss
{
    private const float UnionFloor = 1e-6f;
    private readonly float _epsilon = 1e-6f;

    /// <summary>The form.</summary>
    public IoULossForm Form { get; init; }

    /// <summary>The least IoU.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<IoUBoxLoss>(value); }

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var iou = pair.IoUOver(UnionFloor).clamp(min: Epsilon);
        return Form switch
        {
            IoULossForm.Log => -iou.log(),
            IoULossForm.Linear => 1 - iou,
            _ => 1 - iou.pow(2),
        };
    }
}

/// <summary>
/// Generalized IoU (Rezatofighi et al. 2019, arXiv:1902.09630, algorithm 2): 1 - IoU + (C - U) / C with C the area of the smallest box around both. In [0, 2];
/// boxes that do not overlap are drawn together.
/// </summary>
public sealed record GIoUBoxLoss : OverlapBoxLoss
{
    private readonly float _epsilon = 1e-7f;

    /// <summary>The least union and enclosing area, square pixels.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<GIoUBoxLoss>(value); }

    /// <summary>What happens at the edges.</summary>
    public OverlapRule Rule { get; init; }

    private protected override OverlapRule EdgeRule => Rule;

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var hull = pair.HullWidth * pair.HullHeight;
        if (Rule == OverlapRule.Masked) return 1 - (pair.IoUPlus(Epsilon) - ((hull - pair.Areas) / (hull + Epsilon)));
        hull = PairedBoxes.Floored(hull, Epsilon);
        return 1 - (pair.IoUOver(Epsilon) - ((hull - PairedBoxes.Floored(pair.Areas, Epsilon)) / hull));
    }
}

/// <summary>
/// Distance IoU (Zheng et al. 2020, arXiv:1911.08287, eq. 7): 1 - IoU + rho^2 / c^2 with rho the distance of the centres and c the diagonal of the smallest box
/// around both.
/// </summary>
public sealed record DIoUBoxLoss : OverlapBoxLoss
{
    private readonly float _epsilon = 1e-7f;

    /// <summary>Added to the union and to the squared diagonal, square pixels.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<DIoUBoxLoss>(value); }

    /// <summary>What happens at the edges.</summary>
    public OverlapRule Rule { get; init; }

    private protected override OverlapRule EdgeRule => Rule;

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes) => 1 - pair.IoUPlus(Epsilon) + Distance(pair, Epsilon);

    internal static Tensor Distance(PairedBoxes pair, float epsilon) => pair.CenterDistance / (pair.HullWidth.pow(2) + pair.HullHeight.pow(2) + epsilon);
}

/// <summary>
/// Complete IoU (Zheng et al. 2020, arXiv:1911.08287, eq. 10): DIoU's loss + a v with v = 4 / pi^2 (atan(w_g / h_g) - atan(w / h))^2 and a = v / (1 - IoU + v),
/// held fixed in the gradient. Stays finite where the references give NaN: at the target and for boxes without area.
/// </summary>
public sealed record CIoUBoxLoss : OverlapBoxLoss
{
    private const double IoUGate = 0.5;
    private readonly float _epsilon = 1e-7f;

    /// <summary>Added to the union, the squared diagonal, the heights and a's divisor.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<CIoUBoxLoss>(value); }

    /// <summary>What happens at the edges.</summary>
    public OverlapRule Rule { get; init; }

    /// <summary>
    /// Whether the aspect term counts only where IoU is above 0.5 and the loss is held in [0, 2], as in mmdetection; torchvision and the paper do neither.
    /// </summary>
    public bool Gate { get; init; }

    private protected override OverlapRule EdgeRule => Rule;

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var iou = pair.IoUPlus(Epsilon);
        var (term, a, v) = Aspect(pair, Epsilon);
        if (Gate) term = a * (iou > IoUGate).to_type(a.dtype) * v;
        var ciou = iou - (DIoUBoxLoss.Distance(pair, Epsilon) + term);
        return 1 - (Gate ? ciou.clamp(min: -1, max: 1) : ciou);
    }

    /// <summary>The aspect term a v, a, held fixed in the gradient, and v.</summary>
    internal static (Tensor Term, Tensor A, Tensor V) Aspect(PairedBoxes pair, float epsilon)
    {
        var angle = (pair.TargetWidth / (pair.TargetHeight + epsilon)).atan() - (pair.Width / (pair.Height + epsilon)).atan();
        var v = 4 / (Math.PI * Math.PI) * angle.pow(2);
        var a = (v / (1 - pair.IoUPlus(epsilon) + v + epsilon)).detach();
        return (a * v, a, v);
    }
}
