using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Turns images into maps of features, finest first.</summary>
public abstract class Backbone : nn.Module
{
    /// <summary>Makes the module.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="outputs">The maps it gives, finest first.</param>
    protected Backbone(string name, IReadOnlyList<FeatureLevel> outputs)
        : base(name)
        => Outputs = outputs;

    /// <summary>The maps it gives, finest first.</summary>
    public IReadOnlyList<FeatureLevel> Outputs { get; }

    /// <summary>Computes the maps.</summary>
    /// <param name="images">[N, 3, H, W], normalised.</param>
    /// <returns>One [N, channels, ceil(H / stride), ceil(W / stride)] for each of <see cref="Outputs"/>.</returns>
    public abstract IReadOnlyList<Tensor> Forward(Tensor images);
}

/// <summary>What a backbone is built from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ResNetOptions), "resnet")]
[JsonDerivedType(typeof(SmallBackboneOptions), "small")]
[JsonDerivedType(typeof(VggOptions), "vgg16-ssd")]
public abstract record BackboneOptions
{
    /// <summary>The same backbone, giving the maps from a level on.</summary>
    /// <param name="level">Binary logarithm of the finest stride: 2 for C2, stride 4.</param>
    /// <exception cref="InputException">It has no such map.</exception>
    public abstract BackboneOptions From(int level);

    /// <summary>Builds the module.</summary>
    public abstract Backbone Build();

    /// <summary>How many of its stages are not trained.</summary>
    internal virtual int StagesFrozen => 0;
}
