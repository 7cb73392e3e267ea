using System.Globalization;

namespace Ballast;

/// <summary>
/// The size images are resized to before they enter a detector: torchvision's rule (shorter side to <see cref="Short"/> unless the longer would pass
/// <see cref="Long"/>, aspect kept, then padding to a multiple of <see cref="Divisor"/>), or one fixed size for all images.
/// </summary>
public sealed record InputSize : IChangedByWord
{
    private readonly int _short = 800;
    private readonly int _long = 1333;
    private readonly int _divisor = 32;

    /// <summary>Length of the shorter side, pixels, 1 to 16,384; the height when <see cref="Fixed"/>.</summary>
    public int Short { get => _short; init => _short = InRange(value, nameof(Short)); }

    /// <summary>Most the longer side may have, pixels, 1 to 16,384; the width when <see cref="Fixed"/>.</summary>
    public int Long { get => _long; init => _long = InRange(value, nameof(Long)); }

    /// <summary>Padded sides are multiples of this, 1 to 16,384.</summary>
    public int Divisor { get => _divisor; init => _divisor = InRange(value, nameof(Divisor)); }

    /// <summary>Whether every image becomes <see cref="Long"/> x <see cref="Short"/> pixels, aspect not kept (SSD).</summary>
    public bool Fixed { get; init; }

    /// <summary>Size of an image after the resize, before padding.</summary>
    /// <param name="width">Image width, pixels, positive.</param>
    /// <param name="height">Image height, pixels, positive.</param>
    public (int Width, int Height) Resize(int width, int height)
    {
        if (Fixed) return (Long, Short);
        // torchvision: the scale is computed in single precision, the size with the scale widened to double.
        var scale = MathF.Min((float)Short / Math.Min(width, height), (float)Long / Math.Max(width, height));
        return (Math.Max(1, (int)Math.Floor(width * (double)scale)), Math.Max(1, (int)Math.Floor(height * (double)scale)));
    }

    /// <summary>Size of the tensor an image of this resized size stands in.</summary>
    public (int Width, int Height) Pad(int width, int height) => (RoundUp(width), RoundUp(height));

    /// <summary>Parses "800x1333" (shorter, longer), "512" (both) or "300x300!" (fixed).</summary>
    /// <exception cref="InputException">The text is none of these.</exception>
    public static InputSize Parse(string text)
    {
        var isFixed = text.EndsWith('!');
        var sides = text.TrimEnd('!').Split('x');
        if (sides.Length is 1 or 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(sides[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            && first is > 0 and <= 16384 && second is > 0 and <= 16384)
        {
            return new() { Short = isFixed ? first : Math.Min(first, second), Long = isFixed ? second : Math.Max(first, second), Fixed = isFixed };
        }

        throw new InputException($"'{text}' is no input size. Write the shorter and the longest side in pixels, such as 800x1333 or 512.");
    }

    object IChangedByWord.ChangedBy(string word) => Parse(word) with { Divisor = Divisor };

    /// <inheritdoc/>
    public override string ToString() => $"{Short}x{Long}{(Fixed ? "!" : "")}";

    private static int InRange(int value, string name)
        => value is >= 1 and <= 16384 ? value : throw new InputException($"InputSize.{name} is {value}; it must be 1 to 16384 pixels.");

    private int RoundUp(int side) => Fixed ? side : (side + Divisor - 1) / Divisor * Divisor;
}
