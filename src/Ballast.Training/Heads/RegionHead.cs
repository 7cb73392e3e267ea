using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What comes after the proposals of a detector, its <c>roi_heads</c>: one stage, or a cascade of them.</summary>
/// <param name="name">The module's name.</param>
internal abstract class RegionStages(string name) : NamedModule(name)
{
    /// <summary>The predictions of the first stage for regions.</summary>
    /// <param name="features">The pyramid.</param>
    /// <param name="regions">[N]: R regions in all.</param>
    public abstract RegionPredictions Predict(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> regions);

    /// <summary>The losses of the proposals that count.</summary>
    public abstract IReadOnlyList<LossTerms> Losses(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch);

    /// <summary>What is found in each image.</summary>
    public abstract Detections[] Detect(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch);
}

/// <summary>One stage: takes regions out of the pyramid, says what they are and where exactly.</summary>
internal sealed class RegionHead : RegionStages
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
    /// <param name="stage">0 for the first that regions go through.</param>
    public RegionHead(FasterRCNNOptions options, IReadOnlyList<FeatureLevel> levels, DatasetFacts facts, int stage = 0)
        : base(nameof(RegionHead))
    {
        (_options, _classes) = (options, facts.Classes.Count);
        _extractor = options.Extractor.Build(levels);
        _head = new(_extractor, options.HeadWidth);
        _predictor = new(options.HeadWidth, _classes, options);
        _losses = new(stage == 0 ? "roi" : $"roi.{stage + 1}", options.Losses, facts);
        _sampling = new(options.ProposalAssigner, options.Sampler, _classes, options.AddTruths, stage);
        _detection = new(options.Detection, options.Losses, _classes);
        register_module("extractor", _extractor);
        register_module("box_head", _head);
        register_module("box_predictor", _predictor);
        register_module("losses", _losses);
    }

    public override RegionPredictions Predict(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> regions)
    {
        using var scope = NewDisposeScope();
        var predictions = _predictor.Forward(_head.Forward(features, RegionPredictions.Rows(regions, features[0])), 4 + _options.BoxLoss.ExtraOutputs);
        return new(predictions.Logits.MoveToOuterDisposeScope(), predictions.Deltas.MoveToOuterDisposeScope());
    }

    public override IReadOnlyList<LossTerms> Losses(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch) => Learn(features, proposals, batch).Terms;

    /// <summary>The losses of the proposals that count, and what they are made of.</summary>
    public (IReadOnlyList<LossTerms> Terms, RegionPredictions Predictions, RegionTargets Targets) Learn(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch)
    {
        var targets = _sampling.Sample(proposals, batch, _options.Sampler.AsksHead ? candidates => Scores(features, candidates) : null);
        var predictions = Predict(features, targets.Boxes);
        return (_losses.Compute(predictions.Dense(targets.ClassesOfBoxes()), targets.Targets), predictions, targets);
    }

    public override Detections[] Detect(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch)
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
