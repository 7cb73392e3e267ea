using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>
/// Which units of Faster R-CNN's two linear layers lie at the kink of their ReLU for some region, where rounding decides whether the gradient passes, and what their bias's
/// gradient would be on the other side of it.
/// </summary>
internal sealed class ReluKinks
{
    /// <summary>
    /// A sum at the kink is this small beside the sum of its terms without their signs: sixteen units in the last place. The terms come out of a whole network, so
    /// single precision cannot tell its sign.
    /// </summary>
    private const double Kink = 16.0 / (1 << 24);

    private readonly Dictionary<string, Layer> _layers = [];

    public ReluKinks(FasterRCNN detector, Batch batch)
    {
        using var scope = NewDisposeScope();
        var (options, modules) = ((FasterRCNNOptions)detector.Options, detector.named_modules().ToDictionary(pair => pair.name, pair => pair.module));
        var (features, first) = detector.First(batch.Images);
        var proposals = detector.Propose(first, batch, options.Proposals.Training);
        var regions = new RegionSampling(options.ProposalAssigner, options.Sampler, detector.Classes, options.AddTruths).Sample(proposals, batch);
        var bins = ((RoIExtractor)modules["roi_heads.extractor"]).Extract(features, RegionPredictions.Rows(regions.Boxes, features[0]))[0].flatten(1).detach();
        var sums = Linear("box_head.fc6").forward(bins);
        var hidden = sums.relu();
        var nextSums = Linear("box_head.fc7").forward(hidden);
        var nextHidden = nextSums.relu();
        var deltas = Linear("box_predictor.bbox_pred").forward(nextHidden);
        var predictions = new RegionPredictions(Linear("box_predictor.cls_score").forward(nextHidden), deltas.reshape(deltas.shape[0], -1, 4));
        var terms = Assert.Single(((DenseLosses)modules["roi_heads.losses"]).Compute(predictions.Dense(regions.ClassesOfBoxes()), regions.Targets));
        var gradients = Backward.Gradients(terms.Classification!.Value() + terms.Box!.Value(), [hidden, nextHidden]);
        _layers["roi_heads.box_head.fc6.bias"] = new(sums, gradients[0], Linear("box_head.fc6"), bins);
        _layers["roi_heads.box_head.fc7.bias"] = new(nextSums, gradients[1], Linear("box_head.fc7"), hidden);

        Linear Linear(string name) => (Linear)modules[$"roi_heads.{name}"];
    }

    /// <summary>The gradients a bias's unit can have, as each region at the kink of its ReLU lets the gradient pass or not.</summary>
    /// <param name="bias">Name of the parameter.</param>
    /// <param name="unit">Which of its numbers.</param>
    /// <param name="gradient">What it is on our side.</param>
    public IEnumerable<double> Gradients(string bias, int unit, double gradient)
    {
        if (!_layers.TryGetValue(bias, out var layer)) return [gradient];
        IEnumerable<double> sums = [gradient];
        foreach (var change in layer.Changes(unit)) sums = [.. sums, .. sums.Select(sum => sum + change)];
        return sums;
    }

    /// <summary>How near to its kink a unit is at the nearest region, in units in the last place of its sum's terms.</summary>
    public string Nearest(string bias, int unit) => _layers.TryGetValue(bias, out var layer) ? $"{layer.Nearest(unit) * (1 << 24):0.0} units in the last place from its kink" : "not before a ReLU of a region";

    private sealed class Layer(Tensor sums, Tensor gradients, Linear linear, Tensor inputs)
    {
        private readonly int _units = (int)sums.shape[1];
        private readonly float[] _sums = GoldenTensors.Values(sums);
        private readonly float[] _gradients = GoldenTensors.Values(gradients);
        private readonly float[] _terms = GoldenTensors.Values(inputs.detach().abs().matmul(linear.weight.detach().abs().t()) + linear.bias!.detach().abs());

        public double Nearest(int unit) => Enumerable.Range(0, _sums.Length / _units).Min(region => Distance((region * _units) + unit));

        /// <summary>What each region at the kink adds to the bias's gradient when it is on the other side.</summary>
        public IEnumerable<double> Changes(int unit)
            => from region in Enumerable.Range(0, _sums.Length / _units)
               let i = (region * _units) + unit
               where Distance(i) <= Kink
               select _sums[i] > 0 ? -_gradients[i] : (double)_gradients[i];

        private double Distance(int i) => Math.Abs(_sums[i]) / _terms[i];
    }
}
