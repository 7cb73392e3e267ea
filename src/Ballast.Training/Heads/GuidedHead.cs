using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// RetinaNet's heads with guided anchoring: the tower of classes says where centres are, that of boxes which shape anchors have, and both are adapted to the shape before
/// the class and the box are predicted, one of each a cell. Towers and predictions go by torchvision's names for RetinaNet; what guides is called <c>location</c>,
/// <c>shape</c> and <c>adaption</c>.
/// </summary>
internal sealed class GuidedHead : NamedModule
{
    private readonly Branch _classification;
    private readonly Branch _regression;
    private readonly int _channels;
    private readonly int _numbers;

    /// <summary>Makes the heads.</summary>
    /// <param name="inputs">Channels of the pyramid.</param>
    /// <param name="classes">K.</param>
    /// <param name="options">How deep they are and what their losses ask for.</param>
    /// <param name="groups">Groups of channels with offsets of their own.</param>
    public GuidedHead(int inputs, int classes, RetinaNetOptions options, int groups)
        : base(nameof(GuidedHead))
    {
        (_channels, _numbers) = (options.ClassificationLoss.Channels(classes), 4 + options.BoxLoss.ExtraOutputs);
        var location = HeadLayers.Prediction(inputs, 1, [(float)PriorProbability.Bias(PriorProbability.Focal)], kernelSize: 1);
        var logits = HeadLayers.Prediction(inputs, _channels, options.ClassificationLoss.StartingBiases(classes, options.PriorProbability));
        var (shape, deltas) = (HeadLayers.Prediction(inputs, 2, [0], kernelSize: 1), HeadLayers.Prediction(inputs, _numbers, [0]));
        _classification = new(HeadLayers.Tower(inputs, options), ("location", location), new(inputs, groups), ("cls_logits", logits));
        _regression = new(HeadLayers.Tower(inputs, options), ("shape", shape), new(inputs, groups), ("bbox_reg", deltas));
        register_module("classification_head", _classification);
        register_module("regression_head", _regression);
    }

    /// <summary>The predictions of all places.</summary>
    /// <param name="features">[N, channels, H, W] for each level.</param>
    public GuidedPredictions Forward(IReadOnlyList<Tensor> features)
    {
        using var scope = NewDisposeScope();
        var towers = features.Select(map => (Classes: _classification.Convolve(map), Boxes: _regression.Convolve(map))).ToArray();
        var shapes = towers.Select(tower => _regression.Guide(tower.Boxes)).ToArray();
        var locations = DensePredictions.Rows([.. towers.Select(tower => _classification.Guide(tower.Classes))], 1).squeeze(-1);
        var logits = DensePredictions.Rows([.. towers.Select((tower, level) => _classification.Predict(tower.Classes, shapes[level]))], _channels);
        var deltas = DensePredictions.Rows([.. towers.Select((tower, level) => _regression.Predict(tower.Boxes, shapes[level]))], _numbers);
        return new(
            locations.MoveToOuterDisposeScope(), DensePredictions.Rows(shapes, 2).MoveToOuterDisposeScope(),
            new(logits.MoveToOuterDisposeScope(), deltas.MoveToOuterDisposeScope()));
    }

    /// <summary>A tower, what it says to guide anchors, and what it predicts for them once its map is adapted to their shape.</summary>
    private sealed class Branch : NamedModule
    {
        private readonly Sequential _tower;
        private readonly Conv2d _guide;
        private readonly FeatureAdaption _adaption;
        private readonly Conv2d _prediction;

        public Branch(Sequential tower, (string Name, Conv2d Convolution) guide, FeatureAdaption adaption, (string Name, Conv2d Convolution) prediction)
            : base(nameof(Branch))
        {
            (_tower, _guide, _adaption, _prediction) = (tower, guide.Convolution, adaption, prediction.Convolution);
            register_module("conv", tower);
            register_module(guide.Name, guide.Convolution);
            register_module("adaption", adaption);
            register_module(prediction.Name, prediction.Convolution);
        }

        public Tensor Convolve(Tensor map) => _tower.forward(map);

        public Tensor Guide(Tensor tower) => _guide.forward(tower);

        public Tensor Predict(Tensor tower, Tensor shapes) => _prediction.forward(_adaption.Forward(tower, shapes));
    }
}
