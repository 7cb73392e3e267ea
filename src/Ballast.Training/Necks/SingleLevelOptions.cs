using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// One map of the backbone for all sizes of objects: the baseline that feature pyramids are compared with (Lin et al. 2017, arXiv:1612.03144, table 1). The
/// map goes through a 1x1 and a 3x3 convolution, as a level of FPN does without its top-down path. Every level that the heads look at is this map, brought to
/// the level's size (finer: nearest cell, coarser: largest cell), so that a detector keeps its profile and both learn the same anchors at the
/// same places from other features. A profile of one level gives the paper's form: all anchors on the one map. Names: <c>inner_blocks.0.0.weight</c>,
/// <c>layer_blocks.0.0.weight</c>.
/// </summary>
public sealed record SingleLevelOptions : NeckOptions
{
    private readonly int _channels = 256;
    private readonly int _stride = 16;

    /// <summary>Channels of the map.</summary>
    public int Channels { get => _channels; init => _channels = Requires.AtLeastOne<SingleLevelOptions>(value); }

    /// <inheritdoc/>
    internal override int? Width => Channels;

    /// <summary>Stride of the backbone's map that is looked at, pixels: 16 is C4, 32 is C5.</summary>
    public int Stride { get => _stride; init => _stride = Requires.AtLeastOne<SingleLevelOptions>(value); }

    /// <inheritdoc/>
    /// <exception cref="InputException">No input has the stride.</exception>
    public override Neck Build(IReadOnlyList<FeatureLevel> inputs, int levels)
    {
        var outputs = PyramidLevels.Over(inputs, levels, Channels);
        var chosen = Enumerable.Range(0, inputs.Count).Where(i => inputs[i].Stride == Stride).Append(-1).First();
        if (chosen < 0)
            throw new InputException($"SingleLevelOptions.Stride is {Stride}; the backbone's maps have {string.Join(", ", inputs.Select(level => level.Stride))}. Choose one of them.");
        return new SingleLevel(Channels, chosen, inputs, outputs);
    }

    private sealed class SingleLevel : Neck
    {
        private readonly ModuleList<Sequential> _inner;
        private readonly ModuleList<Sequential> _layers;
        private readonly int _chosen;

        public SingleLevel(int channels, int chosen, IReadOnlyList<FeatureLevel> inputs, IReadOnlyList<FeatureLevel> outputs)
            : base(nameof(SingleLevel), inputs, outputs)
        {
            _chosen = chosen;
            _inner = [NeckConvolution.Block(inputs[chosen].Channels, channels, kernel: 1)];
            _layers = [NeckConvolution.Block(channels, channels, kernel: 3)];
            register_module("inner_blocks", _inner);
            register_module("layer_blocks", _layers);
        }

        protected internal override IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> features)
        {
            var map = _layers[0].forward(_inner[0].forward(features[_chosen]));
            var maps = new List<Tensor>(Outputs.Count);
            for (var i = 0; i < Math.Min(_chosen, Outputs.Count); i++) maps.Add(Resampling.Grow(map, features[i], Upsampling.Nearest));
            if (_chosen < Outputs.Count) maps.Add(map);
            for (var i = _chosen + 1; i < Outputs.Count; i++)
                maps.Add(i < features.Count ? Resampling.Shrink(maps[^1], features[i]) : Resampling.Halve(maps[^1]));
            return maps;
        }
    }
}
