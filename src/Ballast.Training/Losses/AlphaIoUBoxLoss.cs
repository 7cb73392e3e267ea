using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What alpha-IoU raises to a power.</summary>
public enum AlphaIoUForm
{
    /// <summary>1 - IoU^a.</summary>
    IoU,

    /// <summary>1 - IoU^a + ((C - U) / C)^a.</summary>
    GIoU,

    /// <summary>1 - IoU^a + (rho^2 / c^2)^a.</summary>
    DIoU,

    /// <summary>1 - IoU^a + (rho^2 / c^2)^a + (b v)^a, with CIoU's aspect term v and its trade-off b, held fixed in the gradient.</summary>
    CIoU,
}

/// <summary>
/// Alpha-IoU (He et al. 2021, arXiv:2110.13675, eq. 3 and 4): the IoU family with each term to the power a. Above 1, boxes that are nearly right learn more and
/// gain AP at high IoU.
/// </summary>
public sealed record AlphaIoUBoxLoss : OverlapBoxLoss
{
    private readonly float _alpha = 3;
    private readonly float _epsilon = 1e-7f;

    /// <summary>Which member of the family.</summary>
    public AlphaIoUForm Form { get; init; }

    /// <summary>The power; the paper's 3, the release's default is 2. Under 1 the gradient has no bound where boxes do not overlap, so it is at least 1.</summary>
    public float Alpha
    {
        get => _alpha;
        init => _alpha = value >= 1 && float.IsFinite(value) ? value : throw new InputException($"AlphaIoUBoxLoss.Alpha is {value}; it must be at least 1.");
    }

    /// <summary>
    /// Whether the distance term is the release's, (|dx|^2a + |dy|^2a) / (C_w^2a + C_h^2a), in place of the paper's (rho^2 / c^2)^a; the two are equal for a = 1
    /// only. Of the forms DIoU and CIoU.
    /// </summary>
    public bool DistanceOfRelease { get; init; }

    /// <summary>Added to the union and the squared diagonal; the least enclosing area.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<AlphaIoUBoxLoss>(value); }

    private protected override Tensor Compute(PairedBoxes pair, BoxPairs boxes)
    {
        var loss = 1 - pair.IoUPlus(Epsilon).pow(Alpha);
        return Form switch
        {
            AlphaIoUForm.IoU => loss,
            AlphaIoUForm.GIoU => loss + Outside(pair).pow(Alpha),
            AlphaIoUForm.DIoU => loss + Distance(pair),
            _ => loss + Distance(pair) + CIoUBoxLoss.Aspect(pair, Epsilon).Term.pow(Alpha),
        };
    }

    private Tensor Distance(PairedBoxes pair)
    {
        if (!DistanceOfRelease) return DIoUBoxLoss.Distance(pair, Epsilon).pow(Alpha);

        // Powers of pixels overflow for sides of thousands; shares of the longer side do not, and their ratio is the same.
        var side = maximum(pair.HullWidth, pair.HullHeight).detach() + Epsilon;
        Tensor Power(Tensor length) => (length / side).pow(2).pow(Alpha);
        return (Power(pair.OffsetX) + Power(pair.OffsetY)) / (Power(pair.HullWidth) + Power(pair.HullHeight) + Epsilon);
    }

    /// <summary>(C - U) / C; rounding must not make it negative, since a power of that is NaN.</summary>
    private Tensor Outside(PairedBoxes pair)
    {
        var hull = PairedBoxes.Floored(pair.HullWidth * pair.HullHeight, Epsilon);
        return ((hull - pair.Areas) / hull).clamp(min: 0);
    }
}
