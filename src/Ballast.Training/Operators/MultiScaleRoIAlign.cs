using System.Numerics;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Takes each region out of the one map that fits its size (FPN, Lin et al. 2017, arXiv:1612.03144, section 4.2).</summary>
public sealed record MultiScaleRoIAlignOptions : RoIExtractorOptions
{
    /// <summary>Which map fits a region.</summary>
    public RoILevelRule Level { get; init; } = new CanonicalLevelRule();

    /// <inheritdoc/>
    public override RoIExtractor Build(IReadOnlyList<FeatureLevel> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new MultiScaleRoIAlign(this, inputs);
    }
}

/// <summary>One branch: each region from one map.</summary>
public sealed class MultiScaleRoIAlign : RoIExtractor
{
    private readonly RoILevelRule _rule;

    internal MultiScaleRoIAlign(MultiScaleRoIAlignOptions options, IReadOnlyList<FeatureLevel> inputs)
        : base(nameof(MultiScaleRoIAlign), options, inputs)
    {
        _rule = options.Level;
        for (var level = 0; level < Levels.Count; level++)
        {
            var (stride, finest) = (Levels[level].Stride, Levels[0].Stride);
            if (stride != finest << level || !BitOperations.IsPow2(stride))
                throw new InputException($"MultiScaleRoIAlign: map {Levels[level].Name} has stride {stride}; each must have twice the stride of the one "
                    + "before, powers of two.");
        }
    }

    /// <inheritdoc/>
    public override int Branches => 1;

    /// <summary>The index in <see cref="RoIExtractor.Levels"/> of the map that each region is taken from: [R], int64.</summary>
    /// <param name="rois">[R, 5].</param>
    public Tensor LevelsOf(Tensor rois) => _rule.Levels(rois, Levels[0].Stride, Levels.Count);

    /// <inheritdoc/>
    public override Tensor Fuse(IReadOnlyList<Tensor> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        return branches[0];
    }

    private protected override IReadOnlyList<Tensor> Pool(IReadOnlyList<Tensor> features, Tensor rois, double[] scales)
        => [Align.Apply(features, rois, scales, LevelsOf(rois))];
}
