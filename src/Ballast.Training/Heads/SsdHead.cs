using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// SSD's heads: on every map a 3x3 convolution for classes and one for boxes, none of them shared, so maps may differ in channels and in default boxes. Names and starting
/// weights are torchvision's: <c>classification_head.module_list.0.weight</c>, <c>regression_head.module_list.0.weight</c>.
/// </summary>
internal sealed class SsdHead : NamedModule
{
    private readonly Branch _classification;
    private readonly Branch _regression;

    /// <summary>Makes the heads.</summary>
    /// <param name="levels">The maps.</param>
    /// <param name="anchors">Default boxes of a cell of each.</param>
    /// <param name="classes">K.</param>
    /// <param name="options">What their losses ask for.</param>
    public SsdHead(IReadOnlyList<FeatureLevel> levels, IReadOnlyList<int> anchors, int classes, SsdOptions options)
        : base(nameof(SsdHead))
    {
        var channels = options.ClassificationLoss.Channels(classes);
        _classification = new(levels, anchors, channels, options.PriorProbability is { } prior ? options.ClassificationLoss.StartingBiases(classes, prior) : new float[channels]);
        var numbers = 4 + options.BoxLoss.ExtraOutputs;
        _regression = new(levels, anchors, numbers, new float[numbers]);
        register_module("classification_head", _classification);
        register_module("regression_head", _regression);
    }

    /// <summary>The predictions of all default boxes.</summary>
    /// <param name="features">[N, channels, H, W] for each map.</param>
    public DensePredictions Forward(IReadOnlyList<Tensor> features)
    {
        using var scope = NewDisposeScope();
        return new(_classification.Forward(features).MoveToOuterDisposeScope(), _regression.Forward(features).MoveToOuterDisposeScope());
    }

    /// <summary>One convolution for each map.</summary>
    private sealed class Branch : NamedModule
    {
        private readonly ModuleList<Conv2d> _convolutions = [];
        private readonly int _width;

        public Branch(IReadOnlyList<FeatureLevel> levels, IReadOnlyList<int> anchors, int width, float[] biases)
            : base(nameof(Branch))
        {
            _width = width;
            for (var i = 0; i < levels.Count; i++)
            {
                var convolution = nn.Conv2d(levels[i].Channels, anchors[i] * width, 3, padding: 1);
                ExtraMaps.StartAsXavier(convolution);
                using (no_grad()) convolution.bias!.copy_(tensor(biases).repeat(anchors[i]));
                _convolutions.Add(convolution);
            }

            register_module("module_list", _convolutions);
        }

        public Tensor Forward(IReadOnlyList<Tensor> features) => DensePredictions.Rows([.. features.Select((map, i) => _convolutions[i].forward(map))], _width);
    }
}
