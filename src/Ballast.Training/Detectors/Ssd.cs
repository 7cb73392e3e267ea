using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="SsdOptions"/>; with VGG16 weights go by torchvision's names.</summary>
internal sealed class Ssd : Detector
{
    private readonly SsdOptions _options;
    private readonly Func<Tensor, IReadOnlyList<Tensor>> _maps;
    private readonly SsdHead _head;
    private readonly DenseLosses _losses;
    private readonly AnchorMatching _matching;
    private readonly SsdDetection _detection;

    public Ssd(SsdOptions options, DatasetFacts facts)
        : base(nameof(Ssd), options, facts)
    {
        _options = options;
        (_maps, var levels) = Maps();
        _head = new(levels, [.. AnchorsOfCell(options.Profile)], Classes, options);
        _losses = new("head", options.Losses, facts);
        _matching = new(options.Assigner ?? options.Profile.Assigner, options.Sampler, Classes);
        _detection = new(options.Detection, options.Losses, Classes);
        Objective = options.Objective.Build(options.Losses.Stages);
        register_module("head", _head);
        register_module("losses", _losses);
        register_module("objective", Objective);
    }

    public override Objective Objective { get; }

    public override IReadOnlyList<string> BatchCoupled => [.. base.BatchCoupled, .. _options.Losses.BatchCoupled];

    public override IReadOnlyList<LossTerms> Losses(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        SharedMaps = _maps(batch.Images);
        var predictions = Predict(batch, SharedMaps, out var grid);
        return _losses.Compute(predictions, Match(batch, grid, _losses.Scores(predictions, Classes)));
    }

    public override IReadOnlyList<Divisors> Divisors(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _options.Sampler.AsksHead ? base.Divisors(batch) : _losses.Divisors(Match(batch, _options.Profile.Anchors.Grid(batch.Width, batch.Height)));
    }

    public override Detections[] Detect(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var predictions = Predict(batch, _maps(batch.Images), out var grid);
        return _detection.Of(predictions, grid.ToBoxes(), batch);
    }

    /// <summary>VGG16 makes its maps alone and stands by torchvision's names; any other backbone has a neck above it.</summary>
    private (Func<Tensor, IReadOnlyList<Tensor>> Maps, IReadOnlyList<FeatureLevel> Levels) Maps()
    {
        var first = _options.Profile.Anchors.Levels[0].Stride;
        var backbone = _options.Backbone.From(PyramidBackbone.Level(first));
        if (backbone is VggOptions)
        {
            var body = backbone.Build();
            register_module("backbone", body);
            return (body.Forward, body.Outputs);
        }

        var pyramid = new PyramidBackbone(backbone, _options.Neck, _options.Profile.Anchors);
        register_module("backbone", pyramid);
        return (pyramid.Forward, pyramid.Levels);
    }

    private AnchorTargets Match(Batch batch, AnchorGrid grid, ICandidateScores? scores = null)
        => _matching.Match([.. Enumerable.Repeat(AnchorSet.Of(grid), batch.Count)], batch, scores);

    private DensePredictions Predict(Batch batch, IReadOnlyList<Tensor> maps, out AnchorGrid grid)
    {
        var predictions = _head.Forward(maps);
        grid = _options.Profile.Anchors.Grid(batch.Width, batch.Height);
        if (predictions.Logits.shape[1] != grid.Count)
            throw new InputException($"SSD's maps have {predictions.Logits.shape[1]} default boxes on an input of {batch.Width} x {batch.Height} pixels and the profile "
                + $"'{_options.Profile.Name}' {grid.Count}; its strides do not fit the backbone. VGG16 takes DetectorProfile.Ssd, others SsdProfile.At.");
        return predictions;
    }

    /// <summary>Default boxes of a cell of each map.</summary>
    private static IEnumerable<int> AnchorsOfCell(DetectorProfile profile)
    {
        var (width, height) = profile.Input.Pad(profile.Input.Long, profile.Input.Short);
        return profile.Anchors.Grid(width, height).Levels.Select(level => level.BaseAnchors.Length);
    }
}
