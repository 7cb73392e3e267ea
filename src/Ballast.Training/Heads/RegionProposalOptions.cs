using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>How many proposals go on to the second stage.</summary>
public sealed record ProposalLimits
{
    private readonly int _perLevel = 2000;
    private readonly int _most = 2000;

    /// <summary>Most candidates of a level, by objectness, before suppression.</summary>
    public int MostOfLevel { get => _perLevel; init => _perLevel = Requires.AtLeastOne<ProposalLimits>(value); }

    /// <summary>Most proposals of an image, after suppression.</summary>
    public int Most { get => _most; init => _most = Requires.AtLeastOne<ProposalLimits>(value); }
}

/// <summary>
/// A region proposal network (Ren et al. 2015, arXiv:1506.01497, section 3.1): tells which anchors lie on objects, whatever their class, and moves them. As
/// torchvision has it unless said otherwise; mmdetection has <see cref="L1BoxLoss"/> and 1,000 proposals in training.
/// </summary>
public sealed record RegionProposalOptions
{
    private readonly int _convolutions = 1;
    private readonly double _prior = 0.5;
    private readonly float _iou = 0.7f;
    private readonly float _score;
    private readonly float _side = 1e-3f;
    private readonly float? _border;

    /// <summary>3x3 convolutions before the predictions, 1 or more; torchvision's second version has 2.</summary>
    public int HeadConvolutions { get => _convolutions; init => _convolutions = Requires.AtLeastOne<RegionProposalOptions>(value); }

    /// <summary>Which anchors count.</summary>
    public Sampler Sampler { get; init; } = new RandomSampler { Count = 256, PositiveFraction = 0.5 };

    /// <summary>The loss of whether an object is there: one class.</summary>
    public ClassificationLoss ClassificationLoss { get; init; } = new CrossEntropyLoss { Sigmoid = true };

    /// <summary>The loss of where it is.</summary>
    public BoxLoss BoxLoss { get; init; } = new SmoothL1BoxLoss { Beta = 1f / 9 };

    /// <summary>How boxes are told from anchors.</summary>
    public BoxCoder Coder { get; init; } = new();

    /// <summary>What both losses are divided by.</summary>
    public LossDivisor Divisor { get; init; } = LossDivisor.Samples;

    /// <summary>Probability of an object that the head starts with, in (0, 1); lower it for losses that take all anchors.</summary>
    public double PriorProbability
    {
        get => _prior;
        init => _prior = value is > 0 and < 1 ? value : throw new InputException($"RegionProposalOptions.PriorProbability is {value}; it must be more than 0 and less than 1.");
    }

    /// <summary>Anchors that reach over the image's edge by more than this many pixels do not take part in training; null (the default) lets all take part.</summary>
    public float? BorderPixels { get => _border; init => _border = value is { } border ? Requires.NonNegative<RegionProposalOptions>(border) : null; }

    /// <summary>How many proposals an image has in training.</summary>
    public ProposalLimits Training { get; init; } = new();

    /// <summary>How many proposals an image has at inference.</summary>
    public ProposalLimits Inference { get; init; } = new() { MostOfLevel = 1000, Most = 1000 };

    /// <summary>IoU above which the worse of two proposals of a level goes, in [0, 1].</summary>
    public float IoU { get => _iou; init => _iou = Requires.Fraction<RegionProposalOptions>(value); }

    /// <summary>Least probability of an object, in [0, 1].</summary>
    public float MinimumScore { get => _score; init => _score = Requires.Fraction<RegionProposalOptions>(value); }

    /// <summary>Least width and height of a proposal after it is clipped to the image, pixels, more than 0.</summary>
    public float MinimumSidePixels { get => _side; init => _side = Requires.Positive<RegionProposalOptions>(value); }

    /// <summary>The losses of its stage.</summary>
    [JsonIgnore]
    internal DenseLossOptions Losses => new() { Classification = ClassificationLoss, Box = BoxLoss, Coder = Coder, Divisor = Divisor };

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">They contradict each other; the message says which and why.</exception>
    public void Validate()
    {
        Sampler.Validate();
        if (ClassificationLoss is SeesawLoss or EqualizationLoss or ClassBalancedLoss)
            throw new InputException($"RegionProposalOptions.ClassificationLoss is {ClassificationLoss.GetType().Name}, which balances classes; proposals have one class, so it would do "
                + "nothing here. Give it to the detector's own ClassificationLoss.");
        Compatibility.RefuseRankingByCoupledLoss(nameof(RegionProposalOptions), Sampler, ClassificationLoss);
    }
}
