namespace Ballast.Training;

/// <summary>
/// RetinaNet (Lin et al. 2017, arXiv:1708.02002): every anchor of a pyramid is classified and regressed at once, with a loss that background cannot flood. As
/// torchvision has it; by its parts also ATSS (assigner <c>atss</c>, one anchor a cell, centre-ness, GIoU), GHM, PISA, generalized focal, Rank and Sort ...
/// </summary>
public sealed record RetinaNetOptions : DetectorOptions
{
    private readonly int _convolutions = 4;
    private readonly double _prior = Training.PriorProbability.Focal;

    /// <inheritdoc/>
    public override DetectorProfile Profile { get; init; } = DetectorProfile.RetinaNet;

    /// <summary>3x3 convolutions of each tower, 0 or more.</summary>
    public int HeadConvolutions
    {
        get => _convolutions;
        init => _convolutions = value >= 0 ? value : throw new InputException($"RetinaNetOptions.HeadConvolutions is {value}; it must be 0 or more.");
    }

    /// <summary>How the maps of the towers are normalised.</summary>
    public HeadNormalization HeadNormalization { get; init; }

    /// <summary>How anchors come to be; null (the default) for the profile's own at every cell.</summary>
    public AnchoringOptions? Anchoring { get; init; }

    /// <summary>Which anchors count: all of them unless a sampler is given, as losses that weigh by hardness want it.</summary>
    public override Sampler Sampler { get; init; } = new NoSampler();

    /// <summary>The loss of what is there.</summary>
    public override ClassificationLoss ClassificationLoss { get; init; } = new FocalLoss();

    /// <summary>The loss of where it is.</summary>
    public override BoxLoss BoxLoss { get; init; } = new L1BoxLoss();

    /// <summary>How boxes are told from anchors.</summary>
    public override BoxCoder Coder { get; init; } = new();

    /// <summary>What losses are divided by.</summary>
    public override LossDivisor Divisor { get; init; } = LossDivisor.PositivesOfImage;

    /// <summary>Probability of an object that the head starts with, in (0, 1): the remedy for the first steps.</summary>
    public double PriorProbability
    {
        get => _prior;
        init => _prior = value is > 0 and < 1 ? value : throw new InputException($"RetinaNetOptions.PriorProbability is {value}; it must be more than 0 and less than 1.");
    }

    /// <summary>Whether anchors also learn how central they lie in their object, which weighs boxes and scores (ATSS).</summary>
    public bool Centerness { get; init; }

    /// <summary>Which predictions become detections.</summary>
    public DenseDetectionOptions Detection { get; init; } = new();

    /// <inheritdoc/>
    internal override DenseLossOptions Losses => base.Losses with { Centerness = Centerness };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Compatibility.CheckOneStage(nameof(RetinaNetOptions), "RetinaNet", Profile);
        Compatibility.CheckStage(nameof(RetinaNetOptions), Profile, Assigner ?? Profile.Assigner, Sampler, ClassificationLoss);
        if (HeadNormalization == HeadNormalization.Group && HeadConvolutions > 0 && Neck.Width is > HeadLayers.Groups and var width && width % HeadLayers.Groups != 0)
            throw new InputException($"RetinaNetOptions.HeadNormalization is group, which makes {HeadLayers.Groups} groups of the neck's channels, and Neck.Channels is {width}; "
                + $"it must be a multiple of {HeadLayers.Groups} or less than that. Take {width / HeadLayers.Groups * HeadLayers.Groups} or {((width / HeadLayers.Groups) + 1) * HeadLayers.Groups} channels, or no normalisation.");
        Compatibility.CheckVoting(nameof(RetinaNetOptions), Detection.Voting, BoxLoss);
        if (Centerness && ClassificationAware is not null)
            throw new InputException("RetinaNetOptions has both Centerness and ClassificationAware; each weighs the box loss its own way. Choose one.");
        Anchoring?.Validate(this);
    }

    /// <inheritdoc/>
    protected override Detector Create(DatasetFacts facts)
    {
        var level = PyramidBackbone.Level(Profile.Anchors.Levels[0].Stride);
        return Anchoring is null ? new RetinaNet(this, Backbone.From(level), facts) : Anchoring.Create(this, Backbone.From(level), facts);
    }
}
