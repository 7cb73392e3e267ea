using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="FasterRCNNOptions"/>; weights go by torchvision's names.</summary>
internal sealed class FasterRCNN : Detector
{
    private readonly FasterRCNNOptions _options;
    private readonly PyramidBackbone _backbone;
    private readonly RegionProposalNetwork _proposals;
    private readonly RegionStages _regions;

    public FasterRCNN(FasterRCNNOptions options, BackboneOptions backbone, DatasetFacts facts)
        : base(nameof(FasterRCNN), options, facts)
    {
        _options = options;
        _backbone = new(backbone, options.Neck, options.Profile.Anchors);
        _proposals = new(options.Proposals, options.Assigner ?? options.Profile.Assigner, options.Profile.Anchors, _backbone.Channels, facts);
        _regions = options.Cascade is { } cascade ? new CascadeHead(options, cascade, _backbone.Levels, facts) : new RegionHead(options, _backbone.Levels, facts);
        Objective = options.Objective.Build(options.Proposals.Losses.Stages + (options.Losses.Stages * (1 + (options.Cascade?.Further.Count ?? 0))));
        register_module("backbone", _backbone);
        register_module("rpn", _proposals);
        register_module("roi_heads", _regions);
        register_module("objective", Objective);
    }

    public override Objective Objective { get; }

    public override IReadOnlyList<string> BatchCoupled => [.. base.BatchCoupled, .. _options.Proposals.Losses.BatchCoupled, .. _options.Losses.BatchCoupled];

    public override IReadOnlyList<LossTerms> Losses(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (features, predictions) = First(batch.Images);
        SharedMaps = features;
        var first = _proposals.Losses(predictions, batch);
        var proposals = _proposals.Propose(predictions, batch, _options.Proposals.Training);
        return [.. first, .. _regions.Losses(features, proposals, batch)];
    }

    public override Detections[] Detect(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (features, predictions) = First(batch.Images);
        return _regions.Detect(features, Propose(predictions, batch, _options.Proposals.Inference), batch);
    }

    /// <summary>The pyramid, and what the first stage makes of it.</summary>
    internal (IReadOnlyList<Tensor> Features, DensePredictions Predictions) First(Tensor images)
    {
        var features = _backbone.Forward(images);
        return (features, _proposals.Predict(features));
    }

    /// <summary>The proposals of each image.</summary>
    internal BoxArray[] Propose(DensePredictions predictions, Batch batch, ProposalLimits limits) => _proposals.Propose(predictions, batch, limits);

    /// <summary>What the second stage makes of regions.</summary>
    internal RegionPredictions Second(IReadOnlyList<Tensor> features, IReadOnlyList<BoxArray> regions) => _regions.Predict(features, regions);
}
