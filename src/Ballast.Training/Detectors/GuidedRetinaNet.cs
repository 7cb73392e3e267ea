using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="RetinaNetOptions"/> whose anchors are predicted: <see cref="GuidedAnchoringOptions"/>.</summary>
internal sealed class GuidedRetinaNet : Detector
{
    private readonly RetinaNetOptions _options;
    private readonly GuidedAnchoringOptions _anchoring;
    private readonly PyramidBackbone _backbone;
    private readonly GuidedHead _head;
    private readonly DenseLosses _losses;
    private readonly GuidedLosses _guidance;
    private readonly AnchorMatching _matching;
    private readonly DenseDetection _detection;

    public GuidedRetinaNet(RetinaNetOptions options, GuidedAnchoringOptions anchoring, BackboneOptions backbone, DatasetFacts facts)
        : base(nameof(GuidedRetinaNet), options, facts)
    {
        (_options, _anchoring) = (options, anchoring);
        _backbone = new(backbone, options.Neck, options.Profile.Anchors);
        _head = new(_backbone.Channels, Classes, options, anchoring.DeformableGroups);
        _losses = new("head", options.Losses, facts);
        _guidance = new(anchoring, options.Profile.Anchors);
        _matching = new(anchoring.Assigner, options.Sampler, Classes);
        _detection = new(options.Detection, options.Losses, Classes);
        Objective = options.Objective.Build(options.Losses.Stages + GuidedLosses.Stages);
        register_module("backbone", _backbone);
        register_module("head", _head);
        register_module("losses", _losses);
        register_module("objective", Objective);
    }

    public override Objective Objective { get; }

    public override IReadOnlyList<string> BatchCoupled => [.. base.BatchCoupled, .. _options.Losses.BatchCoupled];

    public override IReadOnlyList<LossTerms> Losses(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (features, predictions) = Predict(batch.Images);
        SharedMaps = features;
        var places = Places(batch);
        var targets = _matching.Match(places.Anchors(predictions.Shapes, _anchoring.ShapeCoder), batch, _losses.Scores(predictions.Dense, Classes));
        return [.. _losses.Compute(predictions.Dense, targets), .. _guidance.Compute(predictions, places, batch)];
    }

    public override Detections[] Detect(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (_, predictions) = Predict(batch.Images);
        var kept = (predictions.Locations.sigmoid() >= _anchoring.LocationThreshold).to(predictions.Dense.Logits.dtype);
        return _detection.Of(predictions.Dense, Places(batch).Anchors(predictions.Shapes, _anchoring.ShapeCoder), batch, kept);
    }

    /// <summary>The pyramid of images, and what the heads make of it.</summary>
    internal (IReadOnlyList<Tensor> Features, GuidedPredictions Predictions) Predict(Tensor images)
    {
        var features = _backbone.Forward(images);
        return (features, _head.Forward(features));
    }

    private GuidedPlaces Places(Batch batch) => new(_options.Profile.Anchors, batch.Width, batch.Height);
}
