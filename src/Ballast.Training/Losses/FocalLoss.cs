using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Focal loss (Lin et al. 2017, arXiv:1708.02002, eq. 5): -a_t (1 - p_t)^gamma ln p_t of the sigmoid of each class, p_t = p and a_t = alpha for objects, 1 - p
/// and 1 - alpha else. Easy background weighs next to nothing. The gradient goes through the modulator too.
/// </summary>
public sealed record FocalLoss : ClassificationLoss
{
    private readonly float _gamma = 2;
    private readonly float? _alpha = 0.25f;

    /// <summary>How strongly easy candidates are weighed down; 0 is cross entropy. The article's lambda.</summary>
    public float Gamma { get => _gamma; init => _gamma = Requires.NonNegative<FocalLoss>(value); }

    /// <summary>Weight of objects against 1 - alpha of background, in [0, 1]; null (in a recipe too) leaves it out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public float? Alpha { get => _alpha; init => _alpha = value is { } alpha ? Requires.Fraction<FocalLoss>(alpha) : null; }

    /// <inheritdoc/>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
        => FocalFunction.Takes(logits, targets) ? FocalFunction.Of(logits, targets, this) : Composite(logits, targets);

    /// <inheritdoc/>
    private protected override bool LeavesOutIgnored(Tensor logits, ClassTargets targets) => FocalFunction.Takes(logits, targets);

    /// <summary>The loss in tensor operations, for any device and type.</summary>
    internal Tensor Composite(Tensor logits, ClassTargets targets)
    {
        var t = targets.Matrix(logits, targets.Classes);
        var p = logits.sigmoid();
        var wrong = (p * (1 - t)) + ((1 - p) * t);
        var loss = BinaryCrossEntropy(logits, t) * Power(wrong, Gamma);
        return Alpha is { } alpha ? ((alpha * t) + ((1 - alpha) * (1 - t))) * loss : loss;
    }

    /// <summary>x^gamma with a finite gradient at 0, where the slope of powers under 1 has no bound.</summary>
    internal static Tensor Power(Tensor x, float gamma) => gamma < 1 ? x.clamp(min: 1e-12).pow(gamma) : x.pow(gamma);
}

/// <summary>
/// Quality focal loss (Li et al. 2020, arXiv:2006.04388, eq. 5): |q - p|^beta BCE(p, q) of the sigmoid of each class, with q the quality (IoU) of the box at
/// its class and 0 elsewhere: one score says what it is and how well it is placed.
/// </summary>
public sealed record QualityFocalLoss : ClassificationLoss
{
    private readonly float _beta = 2;

    /// <summary>How strongly candidates near their target are weighed down.</summary>
    public float Beta { get => _beta; init => _beta = Requires.NonNegative<QualityFocalLoss>(value); }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool LearnsQuality => true;

    /// <inheritdoc/>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        var q = targets.Matrix(logits, targets.Classes, scored: true);
        return BinaryCrossEntropy(logits, q) * FocalLoss.Power((q - logits.sigmoid()).abs(), Beta);
    }
}

/// <summary>
/// Varifocal loss (Zhang et al. 2021, arXiv:2008.13367, eq. 2): q BCE(p, q) where the quality q is above 0, else alpha p^gamma BCE(p, 0). Only background is
/// weighed down, and good boxes count more.
/// </summary>
public sealed record VarifocalLoss : ClassificationLoss
{
    private readonly float _alpha = 0.75f;
    private readonly float _gamma = 2;

    /// <summary>Weight of background.</summary>
    public float Alpha { get => _alpha; init => _alpha = Requires.NonNegative<VarifocalLoss>(value); }

    /// <summary>How strongly easy background is weighed down.</summary>
    public float Gamma { get => _gamma; init => _gamma = Requires.NonNegative<VarifocalLoss>(value); }

    /// <summary>Whether objects weigh by their quality; else 1.</summary>
    public bool QualityWeighted { get; init; } = true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool LearnsQuality => true;

    /// <inheritdoc/>
    protected override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        var q = targets.Matrix(logits, targets.Classes, scored: true);
        var background = Alpha * FocalLoss.Power((logits.sigmoid() - q).abs(), Gamma);
        return BinaryCrossEntropy(logits, q) * where(q > 0, QualityWeighted ? q : ones_like(q), background);
    }
}
