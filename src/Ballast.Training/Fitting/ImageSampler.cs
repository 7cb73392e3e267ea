using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>How often each image is shown in an epoch.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(UniformImageSampler), "uniform")]
[JsonDerivedType(typeof(RepeatFactorImageSampler), "repeat-factor")]
[JsonDerivedType(typeof(ClassAwareImageSampler), "class-aware")]
public abstract record ImageSampler
{
    /// <summary>Times each image is shown in an epoch, in expectation.</summary>
    /// <returns>[images], 0 or more.</returns>
    public abstract double[] Weigh(DetectionDataset data);
}

/// <summary>Every image once.</summary>
public sealed record UniformImageSampler : ImageSampler
{
    /// <inheritdoc/>
    public override double[] Weigh(DetectionDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var weights = new double[data.Images.Count];
        Array.Fill(weights, 1);
        return weights;
    }
}

/// <summary>Repeat-factor sampling (Gupta et al. 2019, arXiv:1908.03195): images of rare classes are repeated, see <see cref="ImageSampling"/>.</summary>
public sealed record RepeatFactorImageSampler : ImageSampler
{
    private readonly double? _threshold;

    /// <summary>A class in a smaller share of the images is repeated, in (0, 1]; null takes the median share of the classes.</summary>
    public double? ThresholdFraction
    {
        get => _threshold;
        init => _threshold = value is null or (> 0 and <= 1) ? value
            : throw new InputException($"RepeatFactorImageSampler.ThresholdFraction is {value}; it must be more than 0 and at most 1.");
    }

    /// <inheritdoc/>
    public override double[] Weigh(DetectionDataset data) => ImageSampling.RepeatFactors(data, ThresholdFraction ?? double.NaN);
}

/// <summary>Class-aware sampling (Shen et al. 2016): each class is shown as often as any other, see <see cref="ImageSampling"/>.</summary>
public sealed record ClassAwareImageSampler : ImageSampler
{
    /// <inheritdoc/>
    public override double[] Weigh(DetectionDataset data) => ImageSampling.ClassAware(data);
}
