namespace Ballast.Training;

/// <summary>
/// SSD (Liu et al. 2016, arXiv:1512.02325): default boxes of maps of several sizes are classified and regressed at once; of the background only the hardest three for each
/// object are learned from (hard negative mining, the hard sampling that focal loss was a reply to). On any backbone with extra maps; <see cref="Vgg300"/> is the paper's and
/// torchvision's.
/// </summary>
public sealed record SsdOptions : DetectorOptions
{
    private readonly double? _prior;

    /// <summary>Makes options with SSD's neck.</summary>
    public SsdOptions() => Neck = new ExtraMapsOptions();

    /// <summary>SSD300 on VGG16, as torchvision's <c>ssd300_vgg16</c>, whose weights load by name.</summary>
    public static SsdOptions Vgg300 { get; } = new() { Profile = DetectorProfile.Ssd, Backbone = new VggOptions(), Normalization = VggOptions.Pixels };

    /// <inheritdoc/>
    public override DetectorProfile Profile { get; init; } = SsdProfile.At(300);

    /// <summary>Which default boxes count: all objects and the hardest background, three for each.</summary>
    public override Sampler Sampler { get; init; } = new HardNegativeMiningSampler();

    /// <summary>The loss of what is there.</summary>
    public override ClassificationLoss ClassificationLoss { get; init; } = new CrossEntropyLoss();

    /// <summary>The loss of where it is.</summary>
    public override BoxLoss BoxLoss { get; init; } = new SmoothL1BoxLoss { Beta = 1 };

    /// <summary>How boxes are told from default boxes.</summary>
    public override BoxCoder Coder { get; init; } = BoxCoder.Weighted(10, 10, 5, 5);

    /// <summary>What losses are divided by: the objects of the batch, at least 1.</summary>
    public override LossDivisor Divisor { get; init; } = LossDivisor.Positives;

    /// <summary>Probability of an object that the head starts with, in (0, 1); null (the default) for biases of 0, as mining needs no more. With a loss that looks at all
    /// background (focal) 0.01 is usual.</summary>
    public double? PriorProbability
    {
        get => _prior;
        init => _prior = value is null or (> 0 and < 1) ? value : throw new InputException($"SsdOptions.PriorProbability is {value}; it must be more than 0 and less than 1.");
    }

    /// <summary>Which predictions become detections.</summary>
    public SsdDetectionOptions Detection { get; init; } = new();

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Compatibility.CheckOneStage(nameof(SsdOptions), "SSD", Profile);
        Compatibility.CheckStage(nameof(SsdOptions), Profile, Assigner ?? Profile.Assigner, Sampler, ClassificationLoss);
        Compatibility.CheckVoting(nameof(SsdOptions), Detection.Voting, BoxLoss);
        if (Backbone is VggOptions && !Profile.Anchors.Levels.Select(level => level.Stride).SequenceEqual(VggOptions.Strides))
            throw new InputException($"SsdOptions.Profile has maps of strides {string.Join(", ", Profile.Anchors.Levels.Select(level => level.Stride))} and SSD's VGG16 gives "
                + $"{string.Join(", ", VggOptions.Strides)}. Take DetectorProfile.Ssd, or another backbone.");
        if (Backbone is VggOptions && Neck is not ExtraMapsOptions)
            throw new InputException($"SsdOptions.Neck is '{RecipeKind.Of(Neck)}' and SSD's VGG16 makes all its maps itself, of strides no pyramid has. Leave the neck 'extra-maps', or take another backbone.");
    }

    /// <inheritdoc/>
    protected override Detector Create(DatasetFacts facts) => new Ssd(this, facts);
}
