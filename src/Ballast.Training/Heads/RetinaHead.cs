using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>How the maps inside a head are normalised.</summary>
public enum HeadNormalization
{
    /// <summary>Not at all (the paper, torchvision's first version).</summary>
    None,

    /// <summary>Group normalisation with 32 groups, or as many as there are channels (torchvision's second version).</summary>
    Group,
}

/// <summary>
/// RetinaNet's heads: one tower of 3x3 convolutions for classes and one for boxes, each shared by all levels. Weights go by torchvision's names
/// (<c>classification_head.conv.0.0.weight</c>, <c>classification_head.cls_logits.bias</c>, <c>regression_head.bbox_reg.weight</c>) and start as torchvision's.
/// </summary>
internal sealed class RetinaHead : NamedModule
{
    private readonly Tower _classification;
    private readonly Tower _regression;
    private readonly int _channels;
    private readonly int _numbers;

    /// <summary>Makes the heads.</summary>
    /// <param name="inputs">Channels of the pyramid.</param>
    /// <param name="anchors">Anchors of a cell.</param>
    /// <param name="classes">K.</param>
    /// <param name="options">How deep they are and what their losses ask for.</param>
    public RetinaHead(int inputs, int anchors, int classes, RetinaNetOptions options)
        : base(nameof(RetinaHead))
    {
        _channels = options.ClassificationLoss.Channels(classes);
        _numbers = 4 + options.BoxLoss.ExtraOutputs;
        _classification = new(inputs, options);
        _classification.Predict("cls_logits", anchors * _channels, options.ClassificationLoss.StartingBiases(classes, options.PriorProbability));
        _regression = new(inputs, options);
        _regression.Predict("bbox_reg", anchors * _numbers, [0]);
        if (options.Centerness) _regression.Predict("centerness", anchors, [0]);
        register_module("classification_head", _classification);
        register_module("regression_head", _regression);
    }

    /// <summary>The predictions of all anchors.</summary>
    /// <param name="features">[N, channels, H, W] for each level.</param>
    public DensePredictions Forward(IReadOnlyList<Tensor> features)
    {
        using var scope = NewDisposeScope();
        var logits = DensePredictions.Rows([.. features.Select(map => _classification.Forward(map)[0])], _channels);
        var boxes = features.Select(_regression.Forward).ToArray();
        var deltas = DensePredictions.Rows([.. boxes.Select(maps => maps[0])], _numbers);
        var centerness = boxes[0].Length > 1 ? DensePredictions.Rows([.. boxes.Select(maps => maps[1])], 1).squeeze(-1).MoveToOuterDisposeScope() : null;
        return new(logits.MoveToOuterDisposeScope(), deltas.MoveToOuterDisposeScope(), centerness);
    }

    /// <summary>Convolutions with ReLU, then one for each thing that is predicted.</summary>
    private sealed class Tower : NamedModule
    {
        private readonly Sequential _convolutions;
        private readonly List<Conv2d> _predictions = [];
        private readonly int _inputs;

        public Tower(int inputs, RetinaNetOptions options)
            : base(nameof(Tower))
        {
            _inputs = inputs;
            _convolutions = HeadLayers.Tower(inputs, options);
            register_module("conv", _convolutions);
        }

        public void Predict(string name, int outputs, float[] biases)
        {
            var convolution = HeadLayers.Prediction(_inputs, outputs, biases);
            _predictions.Add(convolution);
            register_module(name, convolution);
        }

        public Tensor[] Forward(Tensor map)
        {
            var tower = _convolutions.forward(map);
            return [.. _predictions.Select(prediction => prediction.forward(tower))];
        }
    }
}
