using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>A change of an image's pixels that moves nothing: boxes stay.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ColorOperation), "color")]
public abstract record PixelOperation
{
    /// <summary>Changes an image in place.</summary>
    public abstract void Apply(Pixels pixels);
}

/// <summary>Brightness, then contrast around mid grey, then saturation, then hue.</summary>
public sealed record ColorOperation : PixelOperation
{
    private readonly double _brightness = 1;
    private readonly double _contrast = 1;
    private readonly double _saturation = 1;
    private readonly double _hue;

    /// <summary>Factor of all values, 0 to 10.</summary>
    public double Brightness { get => _brightness; init => _brightness = Factor(value, nameof(Brightness)); }

    /// <summary>Factor of the distance to mid grey, 0 to 10.</summary>
    public double Contrast { get => _contrast; init => _contrast = Factor(value, nameof(Contrast)); }

    /// <summary>Factor of the distance to the pixel's luma, 0 to 10.</summary>
    public double Saturation { get => _saturation; init => _saturation = Factor(value, nameof(Saturation)); }

    /// <summary>Turns around the grey axis, -0.5 to 0.5.</summary>
    public double Hue
    {
        get => _hue;
        init => _hue = value is >= -0.5 and <= 0.5 ? value : throw new InputException($"ColorOperation.Hue is {value}; it must be -0.5 to 0.5 turns.");
    }

    /// <inheritdoc/>
    public override void Apply(Pixels pixels)
        => ColorMatrix.Brightness(Brightness).Then(ColorMatrix.Contrast(Contrast)).Then(ColorMatrix.Saturation(Saturation)).Then(ColorMatrix.Hue(Hue)).Apply(pixels);

    private static double Factor(double value, string name)
        => value is >= 0 and <= 10 ? value : throw new InputException($"ColorOperation.{name} is {value}; it must be a factor of 0 to 10.");
}
