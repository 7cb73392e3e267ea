namespace Ballast.Training;

/// <summary>
/// A small residual backbone (blocks of He et al. 2016, arXiv:1512.03385) that trains on a processor in minutes: a 3x3 stem of stride 2, then four stages of two 3x3
/// convolutions a block that halve the map each, strides 4, 8, 16 and 32, with 1, 2, 4 and 6 times the width. 0.9 million parameters at a width of 32. For inputs of 128
/// to 320 pixels and for tests; there are no pretrained weights of it.
/// </summary>
public sealed record SmallBackboneOptions : BackboneOptions
{
    private static readonly int[] Widths = [1, 2, 4, 6];

    private readonly int _width = 32;
    private readonly int _blocks = 1;
    private readonly int _groups = 8;
    private readonly int _first = 3;

    /// <summary>Channels of the map of stride 4; the coarser have 2, 4 and 6 times as many. The stem has three quarters of it.</summary>
    public int Width { get => _width; init => _width = Requires.AtLeastOne<SmallBackboneOptions>(value); }

    /// <summary>Residual blocks of each stage.</summary>
    public int Blocks { get => _blocks; init => _blocks = Requires.AtLeastOne<SmallBackboneOptions>(value); }

    /// <summary>How maps are normalised; trained from scratch, so batch normalisation learns its statistics unless said otherwise.</summary>
    public BackboneNormalization Normalization { get; init; } = BackboneNormalization.Batch;

    /// <summary>Groups of <see cref="BackboneNormalization.Group"/>; they must divide the channels of the stem and of every stage.</summary>
    public int Groups { get => _groups; init => _groups = Requires.AtLeastOne<SmallBackboneOptions>(value); }

    /// <summary>The finest map it gives: 2 for C2 (stride 4) on, 3 for C3 (stride 8) on; the coarsest is C5.</summary>
    public int FinestLevel
    {
        get => _first;
        init => _first = value is >= 2 and <= 5 ? value : throw new InputException($"SmallBackboneOptions.FinestLevel is {value}; it must be 2 to 5.");
    }

    /// <summary>Channels of the stem.</summary>
    internal int StemChannels => Math.Max(1, Width * 3 / 4);

    /// <summary>What the blocks ask for their normalisation.</summary>
    internal ResNetOptions BlockOptions => new() { Normalization = Normalization, Groups = Groups };

    /// <summary>Channels of the map of a level, 2 to 5.</summary>
    internal int Channels(int level) => Width * Widths[level - 2];

    /// <inheritdoc/>
    public override BackboneOptions From(int level) => this with { FinestLevel = level };

    /// <inheritdoc/>
    public override Backbone Build()
    {
        if (Normalization == BackboneNormalization.Group && (StemChannels % Groups != 0 || Width % Groups != 0))
            throw new InputException($"SmallBackboneOptions.Groups is {Groups} for a stem of {StemChannels} channels and stages of {Width} and more; it must divide them.");
        return new SmallBackbone(this);
    }
}
