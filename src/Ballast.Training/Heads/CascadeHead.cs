using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="CascadeOptions"/>: heads one behind another, called <c>0</c>, <c>1</c> ..., each fed by the boxes of the one before.</summary>
internal sealed class CascadeHead : RegionStages
{
    private readonly FasterRCNNOptions[] _options;
    private readonly RegionHead[] _stages;
    private readonly float[] _weights;
    private readonly RegionDetection _detection;
    private readonly int _classes;

    /// <summary>Makes the stages.</summary>
    /// <param name="options">The detector's, which are the first stage's.</param>
    /// <param name="cascade">The further stages.</param>
    /// <param name="levels">The pyramid's.</param>
    /// <param name="facts">What is known of the data.</param>
    public CascadeHead(FasterRCNNOptions options, CascadeOptions cascade, IReadOnlyList<FeatureLevel> levels, DatasetFacts facts)
        : base(nameof(CascadeHead))
    {
        (_options, _classes) = ([.. cascade.Stages(options)], facts.Classes.Count);
        _stages = [.. _options.Select((own, stage) => new RegionHead(own, levels, facts, stage))];
        _weights = [1, .. cascade.Further.Select(stage => stage.Weight)];
        _detection = new(options.Detection, _options[^1].Losses, _classes);
        for (var stage = 0; stage < _stages.Length; stage++) register_module($"{stage}", _stages[stage]);
    }

    public override RegionPredictions Predict(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> regions) => _stages[0].Predict(features, regions);

    public override IReadOnlyList<LossTerms> Losses(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch)
    {
        var losses = new List<LossTerms>();
        for (var stage = 0; stage < _stages.Length; stage++)
        {
            var (terms, predictions, targets) = _stages[stage].Learn(features, proposals, batch);
            losses.AddRange(terms.Select(own => Weighted(own, _weights[stage])));
            if (stage < _stages.Length - 1) proposals = RegionRefinement.Of(predictions, targets, _options[stage].Coder, batch);
        }

        return losses;
    }

    public override Detections[] Detect(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> proposals, Batch batch)
    {
        using var scope = NewDisposeScope();
        var predictions = _stages[0].Predict(features, proposals);
        var logits = predictions.Logits;
        for (var stage = 1; stage < _stages.Length; stage++)
        {
            proposals = RegionRefinement.Of(predictions, proposals, _classes, _options[stage - 1].Coder, batch);
            predictions = _stages[stage].Predict(features, proposals);
            logits = logits + predictions.Logits;
        }

        var probabilities = _options[0].ClassificationLoss.Probabilities(logits / _stages.Length).narrow(-1, 0, _classes);
        return _detection.Of(probabilities, predictions.Deltas, proposals, batch);
    }

    /// <summary>A weight is a smaller divisor, so that parts of a step still add up.</summary>
    private static LossTerms Weighted(LossTerms terms, float weight)
        => terms.DividedBy(new(terms.Classification?.Normalizer / weight, terms.Box?.Normalizer / weight));
}
