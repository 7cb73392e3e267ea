using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Two linear layers with ReLU over the bins of a region: torchvision's TwoMLPHead, weights <c>fc6</c> and <c>fc7</c>. Where an extractor gives several
/// branches (PANet), each has a first layer of its own, <c>fc6.0</c> on, and they are fused after it.
/// </summary>
internal sealed class BoxHead : NamedModule
{
    private readonly RoIExtractor _extractor;
    private readonly ModuleList<Linear> _first = [];
    private readonly Linear _second;

    public BoxHead(RoIExtractor extractor, int width)
        : base(nameof(BoxHead))
    {
        _extractor = extractor;
        var inputs = extractor.Channels * extractor.Align.OutputHeight * extractor.Align.OutputWidth;
        for (var branch = 0; branch < extractor.Branches; branch++) _first.Add(nn.Linear(inputs, width));
        _second = nn.Linear(width, width);
        if (extractor.Branches == 1) register_module("fc6", _first[0]);
        else register_module("fc6", _first);
        register_module("fc7", _second);
    }

    /// <summary>What is known of each region.</summary>
    /// <param name="features">[N, channels, H, W] for each level.</param>
    /// <param name="regions">[R, 5]: image, x1, y1, x2, y2.</param>
    /// <returns>[R, width].</returns>
    public Tensor Forward(IReadOnlyList<Tensor> features, Tensor regions)
    {
        using var scope = NewDisposeScope();
        var branches = _extractor.Extract(features, regions).Select((bins, branch) => _first[branch].forward(bins.flatten(1)).relu_()).ToArray();
        return _second.forward(_extractor.Fuse(branches)).relu_().MoveToOuterDisposeScope();
    }
}

/// <summary>
/// The class and box of each region: torchvision's FastRCNNPredictor, weights <c>cls_score</c> and <c>bbox_pred</c>. Background is the last row here and the
/// first there: <see cref="BackgroundRows"/>.
/// </summary>
internal sealed class BoxPredictor : NamedModule
{
    private readonly Linear _logits;
    private readonly Linear _deltas;

    public BoxPredictor(int width, int classes, FasterRCNNOptions options)
        : base(nameof(BoxPredictor))
    {
        _logits = nn.Linear(width, options.ClassificationLoss.Channels(classes));
        _deltas = nn.Linear(width, (options.ClassAgnostic ? 1 : classes + 1) * (4 + options.BoxLoss.ExtraOutputs));
        if (options.PriorProbability is { } prior)
        {
            using (no_grad()) _logits.bias!.copy_(tensor(options.ClassificationLoss.StartingBiases(classes, prior)));
        }

        register_module("cls_score", _logits);
        register_module("bbox_pred", _deltas);
    }

    /// <summary>The predictions of each region: [R, channels of the classification loss] and [R, boxes, numbers].</summary>
    public RegionPredictions Forward(Tensor regions, int numbers)
    {
        var deltas = _deltas.forward(regions);
        return new(_logits.forward(regions), deltas.reshape(deltas.shape[0], deltas.shape[1] / numbers, numbers));
    }
}
