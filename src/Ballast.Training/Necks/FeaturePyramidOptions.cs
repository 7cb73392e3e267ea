namespace Ballast.Training;

/// <summary>What the levels above the backbone's coarsest map are made from.</summary>
public enum TopLevels
{
    /// <summary>Every second cell of the level below (Faster R-CNN: torchvision's LastLevelMaxPool, max pooling with kernel 1); nothing is learned.</summary>
    Pooled,

    /// <summary>3x3 convolutions of stride 2, the first over the coarsest map that the pyramid gives (P5; torchvision's RetinaNet).</summary>
    Output,

    /// <summary>3x3 convolutions of stride 2, the first over the backbone's coarsest map (C5; the RetinaNet paper, detectron2, torchvision's version 2).</summary>
    Input,

    /// <summary>3x3 convolutions of stride 2, the first over the coarsest lateral map (mmdetection's on_lateral).</summary>
    Lateral,
}

/// <summary>How a coarser map is brought to the size of a finer one.</summary>
public enum Upsampling
{
    /// <summary>Each cell takes the nearest coarser cell.</summary>
    Nearest,

    /// <summary>Linear between the four nearest centres.</summary>
    Bilinear,
}

/// <summary>A pyramid with lateral and top-down paths: what its kinds have in common.</summary>
public abstract record PyramidOptions : NeckOptions
{
    private readonly int _channels = 256;

    /// <summary>Channels of every level.</summary>
    public int Channels { get => _channels; init => _channels = Requires.AtLeastOne<PyramidOptions>(value); }

    /// <inheritdoc/>
    internal override int? Width => Channels;

    /// <summary>What the levels above the inputs are made from.</summary>
    public TopLevels Top { get; init; } = TopLevels.Output;

    /// <summary>A ReLU between the convolutions above the inputs, as before P7 (torchvision, detectron2; mmdetection has none by default).</summary>
    public bool RectifiedTop { get; init; } = true;

    /// <summary>How the top-down path grows its maps, always to the exact size of the finer one.</summary>
    public Upsampling Upsampling { get; init; } = Upsampling.Nearest;
}

/// <summary>
/// FPN (Lin et al. 2017, arXiv:1612.03144): M_l = inner_l(C_l) + up(M_l+1), P_l = layer_l(M_l), with 1x1 inner and 3x3 layer convolutions. Small objects are
/// found on fine maps that know what coarse ones saw: the remedy for scale imbalance. Names and starting weights are torchvision's:
/// <c>inner_blocks.0.0.weight</c>, <c>layer_blocks.0.0.weight</c>, <c>extra_blocks.p6.weight</c>.
/// </summary>
public sealed record FeaturePyramidOptions : PyramidOptions
{
    /// <inheritdoc/>
    public override Neck Build(IReadOnlyList<FeatureLevel> inputs, int levels)
        => new FeaturePyramid(nameof(FeaturePyramid), this, inputs, PyramidLevels.Over(inputs, levels, Channels));
}
