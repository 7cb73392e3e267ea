using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The module of <see cref="RegionProposalOptions"/>: a detector's <c>rpn</c>.</summary>
internal sealed class RegionProposalNetwork : NamedModule
{
    private readonly AnchorOptions _anchors;
    private readonly RegionProposalHead _head;
    private readonly DenseLosses _losses;
    private readonly AnchorMatching _matching;
    private readonly RegionProposals _proposals;

    /// <summary>Makes the network.</summary>
    /// <param name="options">What it is built from.</param>
    /// <param name="assigner">How anchors are assigned.</param>
    /// <param name="anchors">The anchors of the pyramid's levels, as many a cell on each.</param>
    /// <param name="channels">Channels of the pyramid.</param>
    /// <param name="facts">What is known of the data.</param>
    public RegionProposalNetwork(RegionProposalOptions options, Assigner assigner, AnchorOptions anchors, int channels, DatasetFacts facts)
        : base(nameof(RegionProposalNetwork))
    {
        _anchors = anchors;
        _head = new(channels, PyramidBackbone.AnchorsOfCell(anchors, "The levels of the proposals", "their"), options);
        _losses = new("rpn", options.Losses, OneClass(facts));
        _matching = new(assigner, options.Sampler, classes: 1, options.BorderPixels);
        _proposals = new(options);
        register_module("head", _head);
        register_module("losses", _losses);
    }

    /// <summary>The predictions of all anchors.</summary>
    public DensePredictions Predict(IReadOnlyList<Tensor> features) => _head.Forward(features);

    /// <summary>The losses of the anchors that count.</summary>
    public IReadOnlyList<LossTerms> Losses(DensePredictions predictions, Batch batch)
    {
        var anchors = AnchorSet.Of(_anchors.Grid(batch.Width, batch.Height));
        return _losses.Compute(predictions, _matching.Match([.. Enumerable.Repeat(anchors, batch.Count)], batch, _losses.Scores(predictions, classes: 1)));
    }

    /// <summary>The proposals of each image.</summary>
    public BoxArray[] Propose(DensePredictions predictions, Batch batch, ProposalLimits limits)
        => _proposals.Of(predictions, _anchors.Grid(batch.Width, batch.Height), batch, limits);

    private static DatasetFacts OneClass(DatasetFacts facts) => new()
    {
        Classes = ["object"],
        Objects = [facts.Objects.Sum()],
        ImagesWith = [Math.Min(facts.Images, facts.ImagesWith.Sum())],
        Images = facts.Images,
        PositiveAnchorFraction = facts.PositiveAnchorFraction,
    };
}
