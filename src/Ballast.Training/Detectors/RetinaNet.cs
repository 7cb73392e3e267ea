using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="RetinaNetOptions"/>; weights go by torchvision's names.</summary>
internal sealed class RetinaNet : Detector
{
    private readonly RetinaNetOptions _options;
    private readonly PyramidBackbone _backbone;
    private readonly RetinaHead _head;
    private readonly DenseLosses _losses;
    private readonly AnchorMatching _matching;
    private readonly DenseDetection _detection;

    public RetinaNet(RetinaNetOptions options, BackboneOptions backbone, DatasetFacts facts)
        : base(nameof(RetinaNet), options, facts)
    {
        _options = options;
        var anchors = PyramidBackbone.AnchorsOfCell(options.Profile.Anchors, "RetinaNet's levels", "its");
        _backbone = new(backbone, options.Neck, options.Profile.Anchors);
        _head = new(_backbone.Channels, anchors, Classes, options);
        _losses = new("head", options.Losses, facts);
        _matching = new(options.Assigner ?? options.Profile.Assigner, options.Sampler, Classes);
        _detection = new(options.Detection, options.Losses, Classes);
        Objective = options.Objective.Build(options.Losses.Stages);
        register_module("backbone", _backbone);
        register_module("head", _head);
        register_module("losses", _losses);
        register_module("objective", Objective);
    }

    public override Objective Objective { get; }

    public override IReadOnlyList<string> BatchCoupled => [.. base.BatchCoupled, .. _options.Losses.BatchCoupled];

    /// <summary>The pyramid of images, and what the heads make of it.</summary>
    internal (IReadOnlyList<Tensor> Features, DensePredictions Predictions) Predict(Tensor images)
    {
        var features = _backbone.Forward(images);
        return (features, _head.Forward(features));
    }

    public override IReadOnlyList<LossTerms> Losses(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (features, predictions) = Predict(batch.Images);
        SharedMaps = features;
        return _losses.Compute(predictions, Match(batch, _losses.Scores(predictions, Classes)));
    }

    public override IReadOnlyList<Divisors> Divisors(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _options.Sampler.AsksHead ? base.Divisors(batch) : _losses.Divisors(Match(batch));
    }

    public override Detections[] Detect(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (_, predictions) = Predict(batch.Images);
        return _detection.Of(predictions, Anchors(batch), batch);
    }

    private AnchorTargets Match(Batch batch, ICandidateScores? scores = null) => _matching.Match(Anchors(batch), batch, scores);

    private AnchorSet[] Anchors(Batch batch) => [.. Enumerable.Repeat(AnchorSet.Of(_options.Profile.Anchors.Grid(batch.Width, batch.Height)), batch.Count)];
}
