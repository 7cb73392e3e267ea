using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>How the branches of adaptive feature pooling become one.</summary>
public enum BranchFusion
{
    /// <summary>The largest of each element, as in the paper.</summary>
    Max,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,
}

/// <summary>
/// Adaptive feature pooling (PANet, Liu et al. 2018, arXiv:1803.01534, section 3.2): takes every region out of every map, so that small objects see context and
/// large ones detail; the head's first layer is one for each map, and the branches are fused after it. Costs as many RoIAligns as there are maps.
/// </summary>
public sealed record AdaptiveFeaturePoolingOptions : RoIExtractorOptions
{
    /// <summary>How branches become one.</summary>
    public BranchFusion Fusion { get; init; } = BranchFusion.Max;

    /// <inheritdoc/>
    public override RoIExtractor Build(IReadOnlyList<FeatureLevel> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new AdaptiveFeaturePooling(this, inputs);
    }
}

/// <summary>A branch for each map: every region from all of them.</summary>
public sealed class AdaptiveFeaturePooling : RoIExtractor
{
    private readonly BranchFusion _fusion;

    internal AdaptiveFeaturePooling(AdaptiveFeaturePoolingOptions options, IReadOnlyList<FeatureLevel> inputs)
        : base(nameof(AdaptiveFeaturePooling), options, inputs)
        => _fusion = options.Fusion;

    /// <inheritdoc/>
    public override int Branches => Levels.Count;

    /// <inheritdoc/>
    public override Tensor Fuse(IReadOnlyList<Tensor> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Count != Branches) throw new InputException($"AdaptiveFeaturePooling: {branches.Count} branches were given; it has {Branches}.");
        using var scope = NewDisposeScope();
        var all = stack(branches);
        var fused = _fusion switch
        {
            BranchFusion.Max => all.amax([0]),
            BranchFusion.Sum => all.sum([0]),
            _ => all.mean([0]),
        };
        return fused.MoveToOuterDisposeScope();
    }

    private protected override IReadOnlyList<Tensor> Pool(IReadOnlyList<Tensor> features, Tensor rois, double[] scales)
        => [.. features.Select((map, level) => Align.Apply(map, rois, scales[level]))];
}
