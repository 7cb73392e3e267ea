using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>How the anchors of a detector of one stage come to be, where they are not the same at every cell: the remedy for the imbalance of places.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(GuidedAnchoringOptions), "guided-anchoring")]
public abstract record AnchoringOptions
{
    /// <summary>Checks that it goes together with the detector's other parts.</summary>
    /// <exception cref="InputException">It does not; the message says why.</exception>
    internal abstract void Validate(RetinaNetOptions options);

    /// <summary>Makes the detector; options and facts are checked.</summary>
    internal abstract Detector Create(RetinaNetOptions options, BackboneOptions backbone, DatasetFacts facts);
}

/// <summary>
/// Guided anchoring (Wang et al. 2019, arXiv:1901.03278): one anchor a cell, whose probability of lying on an object's centre and whose width and height are predicted;
/// features are then adapted to that shape by a deformable convolution, and places that are no centre are dropped at inference. As mmdetection's GA-RetinaNet, but for
/// the meaning of the location branch: there a high number says background. The profile's anchors are what stands for the shapes that a place could take; on every
/// level the square of its smallest size is what shapes are told from, and sizes should double from level to level, since objects are taught on the level of their size.
/// </summary>
public sealed record GuidedAnchoringOptions : AnchoringOptions
{
    private readonly double _center = 0.2;
    private readonly double _ignore = 0.5;
    private readonly float _background = 0.1f;
    private readonly float _threshold = 0.01f;
    private readonly float _deviation = 1;
    private readonly int _groups = 4;

    /// <summary>Side of an object's centre region, where places are taught to be a centre, as a share of the object's, in (0, 1].</summary>
    public double CenterFraction { get => _center; init => _center = Share(value, nameof(CenterFraction)); }

    /// <summary>Side of the region around it that is left out, as a share of the object's, in (0, 1] and at least <see cref="CenterFraction"/>.</summary>
    public double IgnoreFraction { get => _ignore; init => _ignore = Share(value, nameof(IgnoreFraction)); }

    /// <summary>Weight of background places in the location loss, 0 or more.</summary>
    public float BackgroundWeight { get => _background; init => _background = Requires.NonNegative<GuidedAnchoringOptions>(value); }

    /// <summary>The loss of whether a place is a centre; its sum is divided by a two-hundredth of all places.</summary>
    public FocalLoss LocationLoss { get; init; } = new();

    /// <summary>How the best of a place's possible shapes decides whether its shape is taught.</summary>
    public MaxIoUAssigner ShapeAssigner { get; init; } = new()
    {
        PositiveIoU = 0.5f,
        NegativeIoU = 0.4f,
        MinimumBestIoU = 0.4f,
        LowQuality = LowQualityRule.Overwrite,
        UnionFloor = 1e-6f,
    };

    /// <summary>Which places count for the shape loss, whose sum is divided by their number.</summary>
    public Sampler ShapeSampler { get; init; } = new RandomSampler { Count = 256, PositiveFraction = 0.5 };

    /// <summary>The loss of an anchor's shape beside its object's.</summary>
    public BoundedIoUBoxLoss ShapeLoss { get; init; } = new();

    /// <summary>What the predicted logarithms of width and height are multiplied by: 1 for RetinaNet, 0.14 in the paper's proposals.</summary>
    public float ShapeDeviation { get => _deviation; init => _deviation = Requires.Positive<GuidedAnchoringOptions>(value); }

    /// <summary>
    /// How guided anchors become objects or background, in place of the detector's assigner. mmdetection has a <c>minimumBestIoU</c> of 0, by which an object that no
    /// anchor overlaps owns every anchor that overlaps nothing.
    /// </summary>
    public MaxIoUAssigner Assigner { get; init; } = new()
    {
        PositiveIoU = 0.5f,
        NegativeIoU = 0.5f,
        MinimumBestIoU = 0.01f,
        LowQuality = LowQualityRule.Overwrite,
        UnionFloor = 1e-6f,
    };

    /// <summary>Groups of channels with offsets of their own in the feature adaption; must divide the neck's channels.</summary>
    public int DeformableGroups { get => _groups; init => _groups = Requires.AtLeastOne<GuidedAnchoringOptions>(value); }

    /// <summary>Least probability of a centre for a place to count at inference, in [0, 1].</summary>
    public float LocationThreshold { get => _threshold; init => _threshold = Requires.Fraction<GuidedAnchoringOptions>(value); }

    /// <summary>How an anchor is told from its place's square: by its sides only.</summary>
    [JsonIgnore]
    internal BoxCoder ShapeCoder => new() { Deviations = [1, 1, ShapeDeviation, ShapeDeviation], LeastRatio = 1e-6f, ClampShrinking = true };

    /// <inheritdoc/>
    internal override void Validate(RetinaNetOptions options)
    {
        ShapeAssigner.Validate();
        ShapeSampler.Validate();
        Assigner.Validate();
        if (IgnoreFraction < CenterFraction)
            throw new InputException($"GuidedAnchoringOptions.IgnoreFraction is {IgnoreFraction}, less than CenterFraction {CenterFraction}; the region that is left out lies around the centre.");
        Compatibility.CheckGuided(options, this);
    }

    /// <inheritdoc/>
    internal override Detector Create(RetinaNetOptions options, BackboneOptions backbone, DatasetFacts facts) => new GuidedRetinaNet(options, this, backbone, facts);

    private static double Share(double value, string member)
        => value is > 0 and <= 1 ? value : throw new InputException($"GuidedAnchoringOptions.{member} is {value}; it must be more than 0 and at most 1.");
}
