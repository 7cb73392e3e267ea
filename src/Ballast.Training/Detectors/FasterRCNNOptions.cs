namespace Ballast.Training;

/// <summary>
/// Faster R-CNN (Ren et al. 2015, arXiv:1506.01497) on a feature pyramid (Lin et al. 2017, arXiv:1612.03144): a first stage proposes regions, a second says what
/// they are and where exactly. As torchvision has it. What is set here belongs to the second stage, <see cref="Proposals"/> to the first.
/// </summary>
public sealed record FasterRCNNOptions : DetectorOptions
{
    private readonly int _width = 1024;
    private readonly double? _prior;

    /// <summary>Makes the defaults.</summary>
    public FasterRCNNOptions() => Neck = new FeaturePyramidOptions { Top = TopLevels.Pooled };

    /// <inheritdoc/>
    public override DetectorProfile Profile { get; init; } = DetectorProfile.FasterRCNN;

    /// <summary>The first stage; its anchors are the profile's, and are assigned by <see cref="DetectorOptions.Assigner"/>.</summary>
    public RegionProposalOptions Proposals { get; init; } = new();

    /// <summary>How proposals are assigned.</summary>
    public Assigner ProposalAssigner { get; init; } = new MaxIoUAssigner { PositiveIoU = 0.5f, NegativeIoU = 0.5f, LowQuality = LowQualityRule.None };

    /// <summary>Which proposals count.</summary>
    public override Sampler Sampler { get; init; } = new RandomSampler { Count = 512, PositiveFraction = 0.25 };

    /// <summary>Whether the truths are proposals too, so that there are objects to learn from before the proposals are any good.</summary>
    public bool AddTruths { get; init; } = true;

    /// <summary>Further stages behind the second, each with stricter proposals; null (the default) for none.</summary>
    public CascadeOptions? Cascade { get; init; }

    /// <summary>How regions are taken out of the pyramid.</summary>
    public RoIExtractorOptions Extractor { get; init; } = new MultiScaleRoIAlignOptions();

    /// <summary>Outputs of the two linear layers.</summary>
    public int HeadWidth { get => _width; init => _width = Requires.AtLeastOne<FasterRCNNOptions>(value); }

    /// <summary>The loss of what is there.</summary>
    public override ClassificationLoss ClassificationLoss { get; init; } = new CrossEntropyLoss();

    /// <summary>The loss of where it is.</summary>
    public override BoxLoss BoxLoss { get; init; } = new SmoothL1BoxLoss { Beta = 1f / 9 };

    /// <summary>How boxes are told from proposals.</summary>
    public override BoxCoder Coder { get; init; } = new() { Deviations = [0.1f, 0.1f, 0.2f, 0.2f] };

    /// <summary>Whether all classes share a box; otherwise each has its own.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>What losses are divided by: all proposals that count, or the objects among them.</summary>
    public override LossDivisor Divisor { get; init; } = LossDivisor.Samples;

    /// <summary>Probability of an object that the head starts with, in (0, 1); null (the default) for small random biases, as torchvision's.</summary>
    public double? PriorProbability
    {
        get => _prior;
        init => _prior = value is null or (> 0 and < 1) ? value
            : throw new InputException($"FasterRCNNOptions.PriorProbability is {value}; it must be more than 0 and less than 1.");
    }

    /// <summary>Which predictions become detections.</summary>
    public RegionDetectionOptions Detection { get; init; } = new();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Proposals.Validate();
        Compatibility.CheckAssigner(nameof(FasterRCNNOptions), Profile, Assigner ?? Profile.Assigner);
        ProposalAssigner.Validate();
        Sampler.Validate();
        Compatibility.RefuseRankingByCoupledLoss(nameof(FasterRCNNOptions), Sampler, ClassificationLoss);
        Compatibility.CheckVoting(nameof(FasterRCNNOptions), Detection.Voting, BoxLoss);
        if (!Profile.PoolsRegions)
            throw new InputException($"FasterRCNNOptions.Profile is '{Profile.Name}', which does not pool regions. Take a profile made from Faster R-CNN's.");
        if (ProposalAssigner is not MaxIoUAssigner)
            throw new InputException($"FasterRCNNOptions.ProposalAssigner is {ProposalAssigner.GetType().Name}, which needs a grid of anchors; proposals are boxes. Use MaxIoUAssigner.");
        if (Divisor == LossDivisor.PositivesOfImage)
            throw new InputException("FasterRCNNOptions.Divisor is PositivesOfImage; proposals are counted over the batch. Use Samples or Positives.");
    }

    /// <inheritdoc/>
    protected override Detector Create(DatasetFacts facts)
    {
        var level = PyramidBackbone.Level(Profile.Anchors.Levels[0].Stride);
        return new FasterRCNN(this, Backbone.From(level), facts);
    }
}
