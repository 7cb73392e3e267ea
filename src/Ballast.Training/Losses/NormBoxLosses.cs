using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>L1: |d| of each delta, whose gradient is 1 everywhere but at the target.</summary>
public sealed record L1BoxLoss : BoxLoss
{
    /// <inheritdoc/>
    public override Tensor Compute(BoxPairs boxes, nn.Module? state = null) => (boxes.Deltas - boxes.TargetDeltas).abs();
}

/// <summary>L2: d^2 / 2 of each delta, whose gradient grows with the error.</summary>
public sealed record L2BoxLoss : BoxLoss
{
    /// <inheritdoc/>
    public override Tensor Compute(BoxPairs boxes, nn.Module? state = null) => 0.5 * (boxes.Deltas - boxes.TargetDeltas).pow(2);
}

/// <summary>Smooth L1 (Girshick 2015, arXiv:1504.08083, eq. 3, with beta): d^2 / (2 beta) where |d| &lt; beta, else |d| - beta / 2.</summary>
public sealed record SmoothL1BoxLoss : BoxLoss
{
    private readonly float _beta = 1f / 9;

    /// <summary>Where the quadratic part ends, in encoded units; 0 is L1. torchvision's 1/9.</summary>
    public float Beta { get => _beta; init => _beta = Requires.NonNegative<SmoothL1BoxLoss>(value); }

    /// <inheritdoc/>
    public override Tensor Compute(BoxPairs boxes, nn.Module? state = null) => Of((boxes.Deltas - boxes.TargetDeltas).abs(), Beta);

    internal static Tensor Of(Tensor error, float beta) => beta == 0 ? error : where(error < beta, 0.5 * error.pow(2) / beta, error - (0.5 * beta));
}

/// <summary>
/// Balanced L1 (Pang et al. 2019, arXiv:1904.02701, eq. 9): alpha / b (b |d| + 1) ln(b |d| / beta + 1) - alpha |d| where |d| &lt; beta, else gamma |d| + gamma
/// / b - alpha beta, with b = e^(gamma / alpha) - 1. Raises the gradient of small errors, up to gamma.
/// </summary>
public sealed record BalancedL1BoxLoss : BoxLoss
{
    private readonly float _alpha = 0.5f;
    private readonly float _gamma = 1.5f;
    private readonly float _beta = 1;

    /// <summary>How much the gradient of small errors is raised: less alpha, more gradient.</summary>
    public float Alpha { get => _alpha; init => _alpha = Requires.Positive<BalancedL1BoxLoss>(value); }

    /// <summary>The gradient of errors from beta on.</summary>
    public float Gamma { get => _gamma; init => _gamma = Requires.Positive<BalancedL1BoxLoss>(value); }

    /// <summary>Where small errors end, in encoded units.</summary>
    public float Beta { get => _beta; init => _beta = Requires.Positive<BalancedL1BoxLoss>(value); }

    /// <summary>
    /// For beta other than 1 the authors' expression jumps in its gradient at beta, and does not vanish near 0. Scaled is beta times the loss of d / beta with
    /// beta 1, which keeps the shape that the paper draws.
    /// </summary>
    public bool Scaled { get; init; }

    /// <inheritdoc/>
    public override Tensor Compute(BoxPairs boxes, nn.Module? state = null)
    {
        var error = (boxes.Deltas - boxes.TargetDeltas).abs();
        return Scaled ? Beta * Of(error / Beta, 1) : Of(error, Beta);
    }

    private Tensor Of(Tensor x, double beta)
    {
        var b = Math.Exp(Gamma / (double)Alpha) - 1;
        var inlier = (Alpha / b * ((b * x) + 1) * ((b * x / beta) + 1).log()) - (Alpha * x);
        return where(x < beta, inlier, (Gamma * x) + ((Gamma / b) - (Alpha * beta)));
    }
}

/// <summary>
/// KL loss (He et al. 2019, arXiv:1809.08545, eq. 9 and 10): the head predicts a = ln sigma^2 of each delta, and pays e^(-a) s(d) + a / 2 with s the smooth L1
/// of beta 1. Uncertain boxes weigh less. It can be negative, and is not 0 at the target.
/// </summary>
public sealed record KLBoxLoss : BoxLoss
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override int ExtraOutputs => 4;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int? LogVariances => 0;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool NonNegative => false;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool ZeroAtTarget => false;

    /// <inheritdoc/>
    public override Tensor Compute(BoxPairs boxes, nn.Module? state = null)
    {
        Checks.SameShape(nameof(KLBoxLoss), "log-variances", boxes.Extra, "deltas", boxes.Deltas);
        var error = SmoothL1BoxLoss.Of((boxes.Deltas - boxes.TargetDeltas).abs(), 1);
        return ((-boxes.Extra).exp() * error) + (0.5 * boxes.Extra);
    }
}
