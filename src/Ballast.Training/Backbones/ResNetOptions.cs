namespace Ballast.Training;

/// <summary>How maps are normalised inside a backbone.</summary>
public enum BackboneNormalization
{
    /// <summary>Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167) whose statistics are learned: for training from scratch with more than a few
    /// images in a batch.</summary>
    Batch,

    /// <summary>Batch normalisation with statistics, weight and bias fixed: for fine-tuning with few images in a batch.</summary>
    FrozenBatch,

    /// <summary>Group normalisation (Wu and He 2018, arXiv:1803.08494): the same whatever the batch's size.</summary>
    Group,
}

/// <summary>
/// ResNet (He et al. 2016, arXiv:1512.03385) with the stride in the 3x3 convolution, as torchvision has it; weights go by torchvision's names
/// (<c>layer1.0.conv1.weight</c>, <c>layer2.0.downsample.1.bias</c>) and start as torchvision's do.
/// </summary>
public sealed record ResNetOptions : BackboneOptions
{
    private readonly int _depth = 18;
    private readonly int _width = 64;
    private readonly int _groups = 32;
    private readonly int _frozen;
    private readonly int _first = 3;

    /// <summary>Number of layers: 18 or 34 (blocks of two convolutions), 50 or 101 (bottlenecks).</summary>
    public int Depth
    {
        get => _depth;
        init => _depth = value is 18 or 34 or 50 or 101 ? value : throw new InputException($"ResNetOptions.Depth is {value}; it must be 18, 34, 50 or 101.");
    }

    /// <summary>Channels of the stem and of the first stage's 3x3 convolutions; each stage has twice those of the one before. 64 in the paper.</summary>
    public int Width { get => _width; init => _width = Requires.AtLeastOne<ResNetOptions>(value); }

    /// <summary>How maps are normalised; frozen statistics need pretrained weights.</summary>
    public BackboneNormalization Normalization { get; init; }

    /// <summary>Groups of <see cref="BackboneNormalization.Group"/>, at most as many as a map has channels; they must divide them.</summary>
    public int Groups { get => _groups; init => _groups = Requires.AtLeastOne<ResNetOptions>(value); }

    /// <summary>
    /// Stages that are not trained, from the stem on: 0 none, 1 the stem, 2 the stem and the first stage, 5 all. With pretrained weights 2 is usual; without, 0.
    /// </summary>
    public int FrozenStages
    {
        get => _frozen;
        init => _frozen = value is >= 0 and <= 5 ? value : throw new InputException($"ResNetOptions.FrozenStages is {value}; it must be 0 to 5.");
    }

    /// <inheritdoc/>
    internal override int StagesFrozen => FrozenStages;

    /// <summary>The finest map it gives: 2 for C2 (stride 4) on, 3 for C3 (stride 8) on; the coarsest is C5.</summary>
    public int FinestLevel
    {
        get => _first;
        init => _first = value is >= 2 and <= 5 ? value : throw new InputException($"ResNetOptions.FinestLevel is {value}; it must be 2 to 5.");
    }

    /// <summary>Blocks of each stage.</summary>
    internal int[] Blocks => Depth switch { 18 => [2, 2, 2, 2], 34 or 50 => [3, 4, 6, 3], _ => [3, 4, 23, 3] };

    /// <summary>Output channels of a block for each of its inner ones.</summary>
    internal int Expansion => Depth >= 50 ? 4 : 1;

    /// <inheritdoc/>
    public override BackboneOptions From(int level) => this with { FinestLevel = level };

    /// <inheritdoc/>
    public override Backbone Build()
    {
        if (Normalization == BackboneNormalization.Group && Width % Math.Min(Groups, Width) != 0)
            throw new InputException($"ResNetOptions.Groups is {Groups} for maps of {Width} channels; it must divide them.");
        return new ResNet(this);
    }
}
