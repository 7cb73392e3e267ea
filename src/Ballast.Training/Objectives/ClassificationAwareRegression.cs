using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// CARL, classification-aware regression loss (Cao et al. 2020, arXiv:1904.04821, eq. 8 and 9): the box loss of each object times c_i = v_i / mean(v), v_i =
/// (bias + (1 - bias) p_i)^power, p_i the probability of its class, through which the gradient flows: objects whose box is good are taught to score higher.
/// </summary>
public sealed record ClassificationAwareRegression
{
    private readonly float _bias = 0.2f;
    private readonly float _power = 1;

    /// <summary>The paper's b: the weight of an object with probability 0, before the power, in [0, 1].</summary>
    public float Bias { get => _bias; init => _bias = Requires.Fraction<ClassificationAwareRegression>(value); }

    /// <summary>The paper's k.</summary>
    public float Power { get => _power; init => _power = Requires.NonNegative<ClassificationAwareRegression>(value); }

    /// <summary>The weighted box loss, added to the plain one (mmdetection) or in its place (the paper).</summary>
    /// <param name="probabilities">[P], with gradient: of each object's own class.</param>
    /// <param name="losses">[P] or [P, 4]: the box loss of each.</param>
    /// <returns>[P]; its sum has the scale of the sum of the losses.</returns>
    public Tensor Compute(Tensor probabilities, Tensor losses)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(losses);
        if (probabilities.dim() != 1 || losses.dim() is < 1 or > 2 || losses.shape[0] != probabilities.shape[0])
            throw new InputException($"ClassificationAwareRegression: probabilities have shape {Checks.Shape(probabilities)} and losses "
                + $"{Checks.Shape(losses)}; they must be [P] and [P] or [P, 4].");
        var each = losses.dim() == 1 ? losses : losses.sum(-1);
        if (probabilities.shape[0] == 0) return each * probabilities;
        var weights = (Bias + ((1 - Bias) * probabilities)).pow(Power);
        return each * weights / weights.mean();
    }
}
