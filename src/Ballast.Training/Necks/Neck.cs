using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Combines the maps of a backbone into the pyramid that heads look at: the remedy for scale imbalance.</summary>
public abstract class Neck : nn.Module
{
    /// <summary>Makes the module.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="outputs">The maps it gives, finest first.</param>
    protected Neck(string name, IReadOnlyList<FeatureLevel> outputs)
        : base(name)
        => Outputs = outputs;

    /// <summary>The maps it gives, finest first.</summary>
    public IReadOnlyList<FeatureLevel> Outputs { get; }

    /// <summary>Computes the pyramid.</summary>
    /// <param name="features">One [N, channels, H, W] for each level that it was built for, finest first.</param>
    /// <returns>One map for each of <see cref="Outputs"/>.</returns>
    public abstract IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> features);
}

/// <summary>What a neck is built from.</summary>
public abstract record NeckOptions
{
    /// <summary>Builds the module.</summary>
    /// <param name="inputs">The backbone's maps that it gets, finest first; at least one.</param>
    public abstract Neck Build(IReadOnlyList<FeatureLevel> inputs);
}
