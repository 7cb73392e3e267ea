using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>How the balanced map is refined before it is added to all levels.</summary>
public enum Refinement
{
    /// <summary>Non-local attention (Wang et al. 2018); memory grows with the square of the map's cells, so mind it at large inputs.</summary>
    NonLocal,

    /// <summary>A 3x3 convolution with ReLU.</summary>
    Convolution,

    /// <summary>Not at all; nothing is learned.</summary>
    None,
}

/// <summary>
/// The balanced feature pyramid of Libra R-CNN (Pang et al. 2019, arXiv:1904.02701, section 3.2), after another neck: all levels are brought to the size of
/// one, their mean is refined, brought back to each level's size and added, so that every level learns from all: the remedy for feature-level imbalance.
/// Beside the inner neck's own names: <c>refine.*</c>, as in mmdetection.
/// </summary>
public sealed record BalancedFeaturePyramidOptions : NeckOptions
{
    private readonly int _refineLevel = 2;

    /// <summary>The neck that makes the levels.</summary>
    public NeckOptions Inner { get; init; } = new FeaturePyramidOptions();

    /// <inheritdoc/>
    internal override int? Width => Inner.Width;

    /// <summary>Index of the level at whose size the mean is taken, 0 = finest. Libra has 2 for Faster R-CNN, 1 for RetinaNet.</summary>
    public int RefineLevel
    {
        get => _refineLevel;
        init => _refineLevel = value >= 0 ? value : throw new InputException($"BalancedFeaturePyramidOptions.RefineLevel is {value}; the finest level is 0.");
    }

    /// <summary>How the mean is refined.</summary>
    public Refinement Refinement { get; init; } = Refinement.NonLocal;

    /// <inheritdoc/>
    /// <exception cref="InputException"><see cref="RefineLevel"/> is not a level, or the levels' channels differ.</exception>
    public override Neck Build(IReadOnlyList<FeatureLevel> inputs, int levels)
    {
        if (RefineLevel >= levels)
            throw new InputException($"BalancedFeaturePyramidOptions.RefineLevel is {RefineLevel}; the pyramid has {levels} levels, so it must be at most {levels - 1}.");
        var inner = Inner.Build(inputs, levels);
        if (inner.Outputs.Any(level => level.Channels != inner.Outputs[0].Channels))
            throw new InputException($"BalancedFeaturePyramidOptions.Inner gives {string.Join(", ", inner.Outputs.Select(level => $"{level.Name} {level.Channels}"))} channels; all must be equal.");
        return new BalancedFeaturePyramid(this, inner);
    }

    private sealed class BalancedFeaturePyramid : Neck
    {
        private readonly Neck _inner;
        private readonly nn.Module<Tensor, Tensor>? _refine;
        private readonly int _level;

        public BalancedFeaturePyramid(BalancedFeaturePyramidOptions options, Neck inner)
            : base(nameof(BalancedFeaturePyramid), inner.Inputs, inner.Outputs)
        {
            (_inner, _level) = (inner, options.RefineLevel);
            var channels = inner.Outputs[0].Channels;
            _refine = options.Refinement switch
            {
                Refinement.NonLocal => new NonLocalBlock(channels),
                Refinement.Convolution => nn.Sequential(("conv", NeckConvolution.Of(channels, channels, kernel: 3)), ("relu", nn.ReLU())),
                _ => null,
            };

            // The inner neck's parts are registered here under their own names, so that weights of a detector without this stage load by name.
            foreach (var (name, module) in inner.named_children()) register_module(name, module);
            if (_refine is not null) register_module("refine", _refine);
        }

        protected internal override IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> features)
        {
            var maps = _inner.Compute(features);
            var balanced = Mean(maps);
            if (_refine is not null) balanced = _refine.forward(balanced);
            return [.. maps.Select((map, i) => map + (i < _level ? Resampling.Grow(balanced, map, Upsampling.Nearest) : Resampling.Shrink(balanced, map)))];
        }

        private Tensor Mean(IReadOnlyList<Tensor> maps)
        {
            var sum = maps[_level];
            for (var i = 0; i < maps.Count; i++)
            {
                if (i != _level) sum = sum + (i < _level ? Resampling.Shrink(maps[i], maps[_level]) : Resampling.Grow(maps[i], maps[_level], Upsampling.Nearest));
            }

            return sum / maps.Count;
        }
    }
}
