using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="FeaturePyramidOptions"/>, and the first half of those that go on from it.</summary>
internal class FeaturePyramid : Neck
{
    private readonly PyramidOptions _options;
    private readonly ModuleList<Sequential> _inner = [];
    private readonly ModuleList<Sequential> _layers = [];
    private readonly TopConvolutions? _top;

    public FeaturePyramid(string name, PyramidOptions options, IReadOnlyList<FeatureLevel> inputs, IReadOnlyList<FeatureLevel> outputs)
        : base(name, inputs, outputs)
    {
        _options = options;
        foreach (var input in inputs)
        {
            _inner.Add(NeckConvolution.Block(input.Channels, options.Channels, kernel: 1));
            if (_layers.Count < outputs.Count) _layers.Add(NeckConvolution.Block(options.Channels, options.Channels, kernel: 3));
        }

        register_module("inner_blocks", _inner);
        register_module("layer_blocks", _layers);
        if (outputs.Count <= inputs.Count || options.Top == TopLevels.Pooled) return;
        _top = new(options.Top == TopLevels.Input ? inputs[^1].Channels : options.Channels, outputs.Skip(inputs.Count), options.RectifiedTop);
        register_module("extra_blocks", _top);
    }

    /// <inheritdoc/>
    protected internal sealed override IReadOnlyList<Tensor> Compute(IReadOnlyList<Tensor> features)
    {
        var sums = TopDown(features);
        var maps = Combine(sums);
        return Outputs.Count <= Inputs.Count ? maps : [.. maps, .. Above(features[^1], sums[^1], maps[^1])];
    }

    /// <summary>P_l of M_l.</summary>
    protected virtual IReadOnlyList<Tensor> Combine(IReadOnlyList<Tensor> sums) => [.. _layers.Select((layer, i) => layer.forward(sums[i]))];

    /// <summary>M_l: each lateral map plus all coarser ones.</summary>
    private Tensor[] TopDown(IReadOnlyList<Tensor> features)
    {
        var sums = new Tensor[features.Count];
        for (var i = features.Count - 1; i >= 0; i--)
        {
            var lateral = _inner[i].forward(features[i]);
            sums[i] = i == features.Count - 1 ? lateral : lateral + Resampling.Grow(sums[i + 1], lateral, _options.Upsampling);
        }

        return sums;
    }

    private List<Tensor> Above(Tensor input, Tensor lateral, Tensor output)
    {
        if (_top is null) return Resampling.EverySecondCell(output, Outputs.Count - Inputs.Count);
        return _top.Maps(_options.Top switch { TopLevels.Input => input, TopLevels.Lateral => lateral, _ => output });
    }

    /// <summary>3x3 convolutions of stride 2, one upon the other: torchvision's LastLevelP6P7, to any height.</summary>
    private sealed class TopConvolutions : NamedModule
    {
        private readonly List<Conv2d> _convolutions = [];
        private readonly bool _rectified;

        public TopConvolutions(int channels, IEnumerable<FeatureLevel> levels, bool rectified)
            : base(nameof(TopConvolutions))
        {
            _rectified = rectified;
            foreach (var level in levels)
            {
                var convolution = NeckConvolution.Of(channels, level.Channels, kernel: 3, stride: 2);
                _convolutions.Add(convolution);
                register_module($"p{level.Name[1..]}", convolution);
                channels = level.Channels;
            }
        }

        public List<Tensor> Maps(Tensor source)
        {
            var maps = new List<Tensor>(_convolutions.Count);
            foreach (var convolution in _convolutions)
                maps.Add(convolution.forward(maps.Count == 0 ? source : _rectified ? maps[^1].relu() : maps[^1]));
            return maps;
        }
    }
}
