using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The second stage of a detector, its <c>roi_heads</c>: takes proposals out of the pyramid, says what they are and where exactly.</summary>
internal sealed class RegionHead : NamedModule
{
    private readonly FasterRCNNOptions _options;
    private readonly RoIExtractor _extractor;
    private readonly BoxHead _head;
    private readonly BoxPredictor _predictor;
    private readonly DenseLosses _losses;
    private readonly RegionSampling _sampling;
    private readonly RegionDetection _detection;
    private readonly int _classes;

    /// <summary>Makes the stage.</summary>
    /// <param name="options">What it is built from.</param>
    /// <param name="levels">The pyramid's.</param>
    /// <param name="facts">What is known of the data.</param>
    public RegionHead(FasterRCNNOptions options, IReadOnlyList<FeatureLevel> levels, DatasetFacts facts)
        : base(nameof(RegionHead))
    {
        (_options, _classes) = (options, facts.Classes.Count);
        _extractor = options.Extractor.Build(levels);
        _head = new(_extractor, options.HeadWidth);
        _predictor = new(options.HeadWidth, _classes, options);
        _losses = new("roi", options.Losses, facts);
        _sampling = new(options.ProposalAssigner, options.Sampler, _classes, options.AddTruths);
        _detection = new(options.Detection, options.Losses, _classes);
        register_module("extractor", _extractor);
        register_module("box_head", _head);
        register_module("box_predictor", _predictor);
        register_module("losses", _losses);
    }

    /// <summary>The predictions for regions.</summary>
    /// <param name="features">The pyramid.</param>
    /// <param name="regions">[N]: R regions in all.</param>
    public RegionPredictions Predict(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> regions)
    {
        using var scope = NewDisposeScope();
        var predictions = _predictor.Forward(_head.Forward(features, RegionPredictions.Rows(regions, features[0])), 4 + _options.BoxLoss.ExtraOutputs);
        return new(predictions.Logits.MoveToOuterDisposeScope(), predictions.Deltas.MoveToOuterDisposeScope());
    }

    /// <summary>The losses of the proposals that count.</summary>
    public IReadOnlyList<LossTerms> Losses(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch)
    {
        var targets = _sampling.Sample(proposals, batch, _options.Sampler.AsksHead ? candidates => Scores(features, candidates) : null);
        return _losses.Compute(Predict(features, targets.Boxes).Dense(targets.ClassesOfBoxes()), targets.Targets);
    }

    /// <summary>What is found in each image.</summary>
    public Detections[] Detect(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch)
    {
        using var scope = NewDisposeScope();
        var predictions = Predict(features, proposals);
        var probabilities = _options.ClassificationLoss.Probabilities(predictions.Logits).narrow(-1, 0, _classes);
        return _detection.Of(probabilities, predictions.Deltas, proposals, batch);
    }

    private RegionScores Scores(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> candidates)
    {
        using var frozen = no_grad();
        return new(Predict(features, candidates), [.. candidates.Select(boxes => boxes.Count)], _losses, _options.ClassificationLoss, _classes);
    }
}
