using System.Text.Json.Serialization;
using TorchSharp.Modules;

namespace Ballast.Training;

/// <summary>How weights follow their gradients.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
[JsonDerivedType(typeof(AdamWOptions), "adamw")]
public abstract record OptimizerOptions
{
    private readonly float _rate = 0.01f;
    private readonly float _decay = 1e-4f;

    /// <summary>The learning rate that schedules multiply.</summary>
    public float Rate { get => _rate; init => _rate = Requires.Positive<OptimizerOptions>(value); }

    /// <summary>Weight decay, of every trained tensor but the weights an objective learns.</summary>
    public float WeightDecay { get => _decay; init => _decay = Requires.NonNegative<OptimizerOptions>(value); }

    /// <summary>Builds the optimizer; its memory is keyed by where parameters lie, so they must be on their device.</summary>
    /// <param name="decayed">Parameters under weight decay.</param>
    /// <param name="others">Parameters without.</param>
    public abstract OptimizerHelper Build(IReadOnlyList<Parameter> decayed, IReadOnlyList<Parameter> others);
}

/// <summary>Stochastic gradient descent with momentum: g += decay p; v = momentum v + g (g at the first step); p -= rate v.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    private readonly float _momentum = 0.9f;

    /// <summary>What is kept of the last direction, in [0, 1).</summary>
    public float Momentum { get => _momentum; init => _momentum = Requires.Momentum<SgdOptions>(value); }

    /// <inheritdoc/>
    public override OptimizerHelper Build(IReadOnlyList<Parameter> decayed, IReadOnlyList<Parameter> others)
        => new SGD(Groups(decayed, others), Rate, Momentum, 0, WeightDecay, false, false);

    private IEnumerable<SGD.ParamGroup> Groups(IReadOnlyList<Parameter> decayed, IReadOnlyList<Parameter> others)
    {
        yield return new(decayed, Rate, Momentum, 0, WeightDecay);
        if (others.Count > 0) yield return new(others, Rate, Momentum, 0, 0);
    }
}

/// <summary>AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101): weight decay apart from the gradient's moments.</summary>
public sealed record AdamWOptions : OptimizerOptions
{
    private readonly float _first = 0.9f;
    private readonly float _second = 0.999f;
    private readonly float _epsilon = 1e-8f;

    /// <summary>Makes options with AdamW's usual rate and decay.</summary>
    public AdamWOptions() => (Rate, WeightDecay) = (1e-4f, 0.05f);

    /// <summary>What is kept of the mean of the gradient, in [0, 1).</summary>
    public float Beta1 { get => _first; init => _first = Requires.Momentum<AdamWOptions>(value); }

    /// <summary>What is kept of the mean of its square, in [0, 1).</summary>
    public float Beta2 { get => _second; init => _second = Requires.Momentum<AdamWOptions>(value); }

    /// <summary>What is added to the root of the mean square.</summary>
    public float Epsilon { get => _epsilon; init => _epsilon = Requires.Positive<AdamWOptions>(value); }

    /// <inheritdoc/>
    public override OptimizerHelper Build(IReadOnlyList<Parameter> decayed, IReadOnlyList<Parameter> others)
        => new AdamW(Groups(decayed, others), Rate, Beta1, Beta2, Epsilon, WeightDecay, false, false);

    private IEnumerable<AdamW.ParamGroup> Groups(IReadOnlyList<Parameter> decayed, IReadOnlyList<Parameter> others)
    {
        yield return new(decayed, Rate, Beta1, Beta2, Epsilon, WeightDecay);
        if (others.Count > 0) yield return new(others, Rate, Beta1, Beta2, Epsilon, 0);
    }
}
