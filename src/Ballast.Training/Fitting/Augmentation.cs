using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>
/// A random change of an image on its way into a batch, its boxes with it. Applied in the order in which they are listed; each draws from the image's own random
/// numbers at the step.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(FlipAugmentation), "flip")]
[JsonDerivedType(typeof(MultiScaleAugmentation), "multi-scale")]
[JsonDerivedType(typeof(ScaleJitterAugmentation), "scale-jitter")]
[JsonDerivedType(typeof(CropAugmentation), "crop")]
[JsonDerivedType(typeof(PhotometricAugmentation), "photometric")]
public abstract record Augmentation
{
    /// <summary>Decides what is done to an image.</summary>
    /// <param name="placement">What was decided so far.</param>
    /// <param name="truths">The image's objects, in pixels of the image as it is.</param>
    /// <param name="random">The image's random numbers.</param>
    public abstract void Apply(Placement placement, Truths truths, ref RandomState random);

    private protected T Fraction<T>(T value, string name)
        where T : System.Numerics.INumber<T>
        => value >= T.Zero && value <= T.One ? value : throw new InputException($"{GetType().Name}.{name} is {value}; it must be from 0 to 1.");
}

/// <summary>Mirrors the image.</summary>
public sealed record FlipAugmentation : Augmentation
{
    private readonly double _horizontal = 0.5;
    private readonly double _vertical;

    /// <summary>How probable left and right change places, 0 to 1.</summary>
    public double HorizontalProbability { get => _horizontal; init => _horizontal = Fraction(value, nameof(HorizontalProbability)); }

    /// <summary>How probable top and bottom change places, 0 to 1: for images without an up, such as aerial ones.</summary>
    public double VerticalProbability { get => _vertical; init => _vertical = Fraction(value, nameof(VerticalProbability)); }

    /// <inheritdoc/>
    public override void Apply(Placement placement, Truths truths, ref RandomState random)
    {
        ArgumentNullException.ThrowIfNull(placement);
        placement.FlipX ^= random.Uniform() < HorizontalProbability;
        placement.FlipY ^= random.Uniform() < VerticalProbability;
    }
}

/// <summary>Multi-scale training: the shorter side is drawn from a list for each image; the limit of the longer side stays.</summary>
public sealed record MultiScaleAugmentation : Augmentation
{
    private readonly Values<int> _sides = [640, 672, 704, 736, 768, 800];

    /// <summary>Lengths of the shorter side, each equally probable, pixels, 1 to 16,384.</summary>
    public Values<int> ShortSides
    {
        get => _sides;
        init => _sides = value.Count > 0 && value.All(side => side is >= 1 and <= 16384) ? value
            : throw new InputException($"MultiScaleAugmentation.ShortSides is [{string.Join(", ", value)}]; it must be lengths of 1 to 16384 pixels, at least one.");
    }

    /// <inheritdoc/>
    public override void Apply(Placement placement, Truths truths, ref RandomState random)
    {
        ArgumentNullException.ThrowIfNull(placement);
        placement.ShortSide = ShortSides[random.Below(ShortSides.Count)];
    }
}

/// <summary>
/// Large-scale jitter (Ghiasi et al. 2021, arXiv:2012.07177): the image is drawn larger or smaller than the input asks for. What would be larger than the input is cut
/// at a random place; what is smaller leaves room, which the batch pads.
/// </summary>
public sealed record ScaleJitterAugmentation : Augmentation
{
    private readonly double _smallest = 0.5;
    private readonly double _largest = 2;

    /// <summary>The least factor, 0.05 to 1.</summary>
    public double Smallest
    {
        get => _smallest;
        init => _smallest = value is >= 0.05 and <= 1 ? value : throw new InputException($"ScaleJitterAugmentation.Smallest is {value}; it must be 0.05 to 1.");
    }

    /// <summary>The largest factor, 1 to 20.</summary>
    public double Largest
    {
        get => _largest;
        init => _largest = value is >= 1 and <= 20 ? value : throw new InputException($"ScaleJitterAugmentation.Largest is {value}; it must be 1 to 20.");
    }

    /// <inheritdoc/>
    public override void Apply(Placement placement, Truths truths, ref RandomState random)
    {
        ArgumentNullException.ThrowIfNull(placement);
        var factor = Math.Exp(Math.Log(Smallest) + (random.Uniform() * Math.Log(Largest / Smallest)));
        var (x, y) = (random.Uniform(), random.Uniform());
        if (factor > 1) placement.Cut(1 / factor, 1 / factor, x, y);
        else placement.Factor *= factor;
    }
}

/// <summary>Cuts a random part. A part without any object is drawn again, up to ten times, where the image has objects; then the whole image stays.</summary>
public sealed record CropAugmentation : Augmentation
{
    private const int Tries = 10;

    private readonly double _probability = 0.5;
    private readonly double _smallest = 0.5;

    /// <summary>How probable it is that something is cut, 0 to 1.</summary>
    public double Probability { get => _probability; init => _probability = Fraction(value, nameof(Probability)); }

    /// <summary>Each side of the part has at least this share of the image's, in (0, 1].</summary>
    public double SmallestFraction
    {
        get => _smallest;
        init => _smallest = value is > 0 and <= 1 ? value : throw new InputException($"CropAugmentation.SmallestFraction is {value}; it must be more than 0 and at most 1.");
    }

    /// <inheritdoc/>
    public override void Apply(Placement placement, Truths truths, ref RandomState random)
    {
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentNullException.ThrowIfNull(truths);
        if (random.Uniform() >= Probability) return;
        var before = placement.Window;
        for (var tries = 0; tries < Tries; tries++)
        {
            var (width, height) = (SmallestFraction + (random.Uniform() * (1 - SmallestFraction)), SmallestFraction + (random.Uniform() * (1 - SmallestFraction)));
            placement.Cut(width, height, random.Uniform(), random.Uniform());
            if (truths.Count == 0 || placement.ShowsAny(truths)) return;
            placement.Window = before;
        }
    }
}

/// <summary>Brightness, contrast, saturation and hue, each by a random amount (SSD, Liu et al. 2016, in the order of its first branch).</summary>
public sealed record PhotometricAugmentation : Augmentation
{
    private readonly double _probability = 0.5;
    private readonly double _brightness = 0.125;
    private readonly double _contrast = 0.5;
    private readonly double _saturation = 0.5;
    private readonly double _hue = 0.05;

    /// <summary>How probable each of the four is, 0 to 1.</summary>
    public double Probability { get => _probability; init => _probability = Fraction(value, nameof(Probability)); }

    /// <summary>Most that the factor of brightness differs from 1, 0 to 1.</summary>
    public double Brightness { get => _brightness; init => _brightness = Fraction(value, nameof(Brightness)); }

    /// <summary>Most that the factor of contrast differs from 1, 0 to 1.</summary>
    public double Contrast { get => _contrast; init => _contrast = Fraction(value, nameof(Contrast)); }

    /// <summary>Most that the factor of saturation differs from 1, 0 to 1.</summary>
    public double Saturation { get => _saturation; init => _saturation = Fraction(value, nameof(Saturation)); }

    /// <summary>Most turns of the hue, 0 to 0.5.</summary>
    public double Hue
    {
        get => _hue;
        init => _hue = value is >= 0 and <= 0.5 ? value : throw new InputException($"PhotometricAugmentation.Hue is {value}; it must be 0 to 0.5 turns.");
    }

    /// <inheritdoc/>
    public override void Apply(Placement placement, Truths truths, ref RandomState random)
    {
        ArgumentNullException.ThrowIfNull(placement);
        placement.Operations.Add(new ColorOperation
        {
            Brightness = 1 + Draw(Brightness, ref random),
            Contrast = 1 + Draw(Contrast, ref random),
            Saturation = 1 + Draw(Saturation, ref random),
            Hue = Draw(Hue, ref random),
        });
    }

    private double Draw(double most, ref RandomState random)
    {
        var (wanted, amount) = (random.Uniform() < Probability, ((2 * random.Uniform()) - 1) * most);
        return wanted ? amount : 0;
    }
}
