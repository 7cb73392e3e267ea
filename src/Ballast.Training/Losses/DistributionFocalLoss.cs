using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Distribution focal loss (Li et al. 2020, arXiv:2006.04388, eq. 6): a side of a box as a distribution over whole numbers 0..R; cross entropy towards the two
/// that lie next to the target y, -((i + 1 - y) ln S_i + (y - i) ln S_(i+1)), i the whole part of y.
/// </summary>
public static class DistributionFocalLoss
{
    /// <summary>The loss of each side.</summary>
    /// <param name="logits">[N, R + 1].</param>
    /// <param name="targets">[N], in [0, R).</param>
    /// <returns>[N], not reduced.</returns>
    public static Tensor Compute(Tensor logits, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        if (logits.dim() != 2 || targets.dim() != 1 || logits.shape[0] != targets.shape[0] || logits.shape[1] < 2)
            throw new InputException($"DistributionFocalLoss: logits have shape {Checks.Shape(logits)} and targets {Checks.Shape(targets)}; they must be [N, "
                + "R + 1] and [N].");
        var left = targets.to(ScalarType.Int64).clamp(0, logits.shape[1] - 2);
        var right = left + 1;
        return (nn.functional.cross_entropy(logits, left, reduction: nn.Reduction.None) * (right.to(targets.dtype) - targets))
            + (nn.functional.cross_entropy(logits, right, reduction: nn.Reduction.None) * (targets - left.to(targets.dtype)));
    }
}
