using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Box losses weighted by how sure the detector is of each object: the largest class probability, held fixed in the gradient; divided by the sum of the weights.
/// Of generalized focal loss (Li et al. 2020, arXiv:2006.04388, section 3.3) and Rank and Sort (Oksuz et al. 2021, arXiv:2107.11669, section 4.3).
/// </summary>
public static class ScoreWeights
{
    private const double LeastSum = 1e-10;

    /// <summary>The weight of each object.</summary>
    /// <param name="loss">Says what the logits' probabilities are.</param>
    /// <param name="logits">[P, channels]: of the objects.</param>
    /// <param name="classes">K.</param>
    /// <returns>[P], in [0, 1], without gradient.</returns>
    public static Tensor Of(ClassificationLoss loss, Tensor logits, int classes)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(logits);
        using var frozen = no_grad();
        if (logits.shape[0] == 0) return zeros(0, dtype: logits.dtype, device: logits.device);
        return loss.Probabilities(logits.detach()).narrow(-1, 0, classes).amax([-1]);
    }

    /// <summary>The box losses of the objects as a term under these weights. Reads one number from the device: the sum.</summary>
    /// <param name="losses">[P] or [P, 4].</param>
    /// <param name="weights">[P].</param>
    public static LossTerm Term(Tensor losses, Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new(losses, Math.Max(weights.sum().to(ScalarType.Float64).item<double>(), LeastSum), weights);
    }
}
