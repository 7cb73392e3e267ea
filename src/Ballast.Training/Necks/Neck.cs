using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Combines the maps of a backbone into the pyramid that heads look at: the remedy for scale imbalance.</summary>
public abstract class Neck : NamedModule
{
    /// <summary>Makes the module.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="inputs">The maps it gets, finest first.</param>
    /// <param name="outputs">The maps it gives, finest first.</param>
    protected Neck(string name, IReadOnlyList<FeatureLevel> inputs, IReadOnlyList<FeatureLevel> outputs)
        : base(name)
        => (Inputs, Outputs) = (inputs, outputs);

    /// <summary>The maps it gets, finest first.</summary>
    public IReadOnlyList<FeatureLevel> Inputs { get; }

    /// <summary>The maps it gives, finest first.</summary>
    public IReadOnlyList<FeatureLevel> Outputs { get; }

    /// <summary>Computes the pyramid, in a dispose scope of its own.</summary>
    /// <param name="features">One [N, channels, H, W] for each of <see cref="Inputs"/>; a level's sides are ceil(side / 2) of those of the level of half its
    /// stride.</param>
    /// <returns>One map for each of <see cref="Outputs"/>.</returns>
    /// <exception cref="InputException">The maps are not as many, or have not the channels, that it was built for.</exception>
    public IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        Check(features);
        using var scope = NewDisposeScope();
        return [.. Compute(features).Select(map => map.MoveToOuterDisposeScope())];
    }

    /// <summary>Computes the pyramid of maps whose count and channels are right; every result is a new tensor.</summary>
    protected internal abstract IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> features);

    private void Check(IReadOnlyList<Tensor> features)
    {
        if (features.Count != Inputs.Count)
            throw new InputException($"{GetName()} got {features.Count} maps; it was built for {Inputs.Count} ({string.Join(", ", Inputs.Select(level => level.Name))}).");
        for (var i = 0; i < features.Count; i++)
        {
            if (features[i].dim() != 4 || features[i].shape[1] != Inputs[i].Channels)
                throw new InputException($"{GetName()} got {Checks.Shape(features[i])} as {Inputs[i].Name}; it was built for [N, {Inputs[i].Channels}, H, W].");
        }
    }
}

/// <summary>What a neck is built from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(FeaturePyramidOptions), "fpn")]
[JsonDerivedType(typeof(ExtraMapsOptions), "extra-maps")]
[JsonDerivedType(typeof(PathAggregationOptions), "path-aggregation")]
[JsonDerivedType(typeof(BalancedFeaturePyramidOptions), "balanced-feature-pyramid")]
[JsonDerivedType(typeof(SingleLevelOptions), "single-level")]
public abstract record NeckOptions
{
    /// <summary>Channels of the maps it gives where the options alone say them, before anything is built; null where they depend on the backbone.</summary>
    internal virtual int? Width => null;

    /// <summary>Builds the module.</summary>
    /// <param name="inputs">The backbone's maps that it gets, finest first: at least one, their strides growing powers of two.</param>
    /// <param name="levels">Maps that the heads look at, from the finest input's stride on, each of twice the stride of the one before; those above the
    /// inputs are made by the neck. Inputs beyond them only feed the top-down path.</param>
    /// <exception cref="InputException">The inputs or their number do not fit.</exception>
    public abstract Neck Build(IReadOnlyList<FeatureLevel> inputs, int levels);
}
