using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Seesaw loss (Wang et al. 2021, arXiv:2008.10032, eq. 1 to 7): softmax cross entropy of objects with each other class's exponential times S_ij = M_ij C_ij.
/// Mitigation M_ij = min(1, N_j / N_i)^p spares rare classes the punishment by frequent ones; compensation C_ij = max(1, s_j / s_i)^q gives it back where they
/// are mistaken. Beside it, cross entropy of two logits for object and background.
/// </summary>
public sealed record SeesawLoss : ClassificationLoss
{
    private readonly float _mitigation = 0.8f;
    private readonly float _compensation = 2;
    private readonly float _epsilon = 0.01f;

    /// <summary>The paper's p; 0 switches mitigation off.</summary>
    public float Mitigation { get => _mitigation; init => _mitigation = Requires.NonNegative<SeesawLoss>(value); }

    /// <summary>The paper's q; 0 switches compensation off.</summary>
    public float Compensation { get => _compensation; init => _compensation = Requires.NonNegative<SeesawLoss>(value); }

    /// <summary>The least probability of the own class in the ratio.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<SeesawLoss>(value); }

    /// <summary>K, then object and background.</summary>
    public override int Channels(int classes) => classes + 2;

    /// <summary>Softmax of the classes times the probability of an object, and of background last.</summary>
    /// <param name="logits">[N, K + 2].</param>
    /// <returns>[N, K + 1].</returns>
    public override Tensor Probabilities(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var classes = logits.shape[^1] - 2;
        var objectness = nn.functional.softmax(logits.narrow(-1, classes, 2), -1);
        return cat([nn.functional.softmax(logits.narrow(-1, 0, classes), -1) * objectness.narrow(-1, 0, 1), objectness.narrow(-1, 1, 1)], -1);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsBatchCoupled => true;

    /// <inheritdoc/>
    public override float[] StartingBiases(int classes, double prior)
    {
        var biases = new float[classes + 2];
        biases[classes + 1] = -(float)PriorProbability.Bias(prior);
        return biases;
    }

    /// <inheritdoc/>
    public override nn.Module State(DatasetFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new SeenSamples(facts.Classes.Count);
    }

    /// <summary>[N, 2]: of object against background, and of the class (0 for background).</summary>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        var (labels, classes) = (targets.Labels, targets.Classes);
        var seen = Own<SeenSamples>(state).Add(labels);
        var background = (labels == classes).to(ScalarType.Int64);
        var objectness = nn.functional.cross_entropy(logits.narrow(1, classes, 2), background, reduction: nn.Reduction.None);

        // Background and ignored rows go through as class 0 and are taken out after: no row is picked, so nothing waits for the device.
        var isObject = (labels >= 0).logical_and(labels < classes);
        var own = where(isObject, labels, 0);
        var scores = logits.narrow(1, 0, classes);
        var weighted = scores + (Weights(scores.detach(), own, seen.narrow(0, 0, classes).to(logits.dtype)).log() * (1 - nn.functional.one_hot(own, classes)));
        var classification = nn.functional.cross_entropy(weighted, own, reduction: nn.Reduction.None);
        return stack([objectness, where(isObject, classification, 0)], -1);
    }

    /// <summary>S: [N, K].</summary>
    private Tensor Weights(Tensor logits, Tensor own, Tensor seen)
    {
        using var frozen = no_grad();
        var weights = ones_like(logits);
        if (Mitigation > 0)
        {
            var counts = seen.clamp(min: 1);
            weights = weights * (counts.unsqueeze(0) / counts.index_select(0, own).unsqueeze(-1)).clamp(max: 1).pow(Mitigation);
        }

        if (Compensation > 0)
        {
            var scores = nn.functional.softmax(logits, -1);
            weights = weights * (scores / scores.gather(1, own.unsqueeze(-1)).clamp(min: Epsilon)).clamp(min: 1).pow(Compensation);
        }

        return weights;
    }
}

/// <summary>How many samples of each class, and of background, seesaw loss has seen.</summary>
public sealed class SeenSamples : nn.Module
{
    internal SeenSamples(int classes)
        : base(nameof(SeenSamples))
        => register_buffer("counts", zeros(classes + 1).DetachFromDisposeScope());

    /// <summary>[K + 1], background last.</summary>
    public Tensor Counts => get_buffer("counts")!;

    internal Tensor Add(Tensor labels)
    {
        using var frozen = no_grad();
        var known = labels >= 0;
        Counts.scatter_add_(0, labels.clamp(min: 0), known.to(Counts.dtype));
        return Counts;
    }
}
