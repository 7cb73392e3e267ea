using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ballast;

/// <summary>
/// A linear change of colours: each of red, green and blue becomes a weighted sum of the three and a constant. Weights are whole numbers of 1/4096, so every machine
/// makes the same bytes. Opacity stays.
/// </summary>
public sealed class ColorMatrix
{
    private const int Bits = 12;
    private const double RedShare = 0.299;
    private const double GreenShare = 0.587;
    private const double BlueShare = 0.114;
    private const double MidGrey = 127.5;

    private readonly double[] _weights;

    private ColorMatrix(double[] weights) => _weights = weights;

    /// <summary>Changes nothing.</summary>
    public static ColorMatrix Identity { get; } = new([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);

    /// <summary>Multiplies by a factor; 1 changes nothing.</summary>
    public static ColorMatrix Brightness(double factor) => new([factor, 0, 0, 0, 0, factor, 0, 0, 0, 0, factor, 0]);

    /// <summary>Moves away from mid grey (127.5) by a factor; 1 changes nothing, 0 gives grey.</summary>
    public static ColorMatrix Contrast(double factor)
    {
        var shift = MidGrey * (1 - factor);
        return new([factor, 0, 0, shift, 0, factor, 0, shift, 0, 0, factor, shift]);
    }

    /// <summary>Moves away from the pixel's own luma (0.299, 0.587, 0.114) by a factor; 1 changes nothing, 0 gives a grey image.</summary>
    public static ColorMatrix Saturation(double factor)
    {
        var (red, green, blue) = (RedShare * (1 - factor), GreenShare * (1 - factor), BlueShare * (1 - factor));
        return new([red + factor, green, blue, 0, red, green + factor, blue, 0, red, green, blue + factor, 0]);
    }

    /// <summary>Turns colours around the grey axis; a third of a turn makes red green.</summary>
    /// <param name="turns">Turns, in [-0.5, 0.5] usually.</param>
    public static ColorMatrix Hue(double turns)
    {
        var (sine, cosine) = Math.SinCos(turns * 2 * Math.PI);
        var (same, next, last) = (
            cosine + ((1 - cosine) / 3), ((1 - cosine) / 3) - (sine / Math.Sqrt(3)), ((1 - cosine) / 3) + (sine / Math.Sqrt(3)));
        return new([same, next, last, 0, last, same, next, 0, next, last, same, 0]);
    }

    /// <summary>The matrix that changes by this one first, then by another.</summary>
    public ColorMatrix Then(ColorMatrix next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var product = new double[12];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                product[(row * 4) + column] = column == 3 ? next._weights[(row * 4) + 3] : 0;
                for (var k = 0; k < 3; k++) product[(row * 4) + column] += next._weights[(row * 4) + k] * _weights[(k * 4) + column];
            }
        }

        return new(product);
    }

    /// <summary>Changes every pixel of an image, in place.</summary>
    public void Apply(Pixels pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var red = Column(0, 0);
        var green = Column(1, 0);
        var blue = Column(2, 0);
        var constant = Column(3, 1 << (Bits - 1));
        var most = Vector128.Create(255);
        foreach (ref var word in MemoryMarshal.Cast<byte, uint>(pixels.Bytes))
        {
            var sum = (red * (int)(word & 255)) + (green * (int)((word >> 8) & 255)) + (blue * (int)((word >> 16) & 255)) + constant;
            var bytes = Vector128.Min(Vector128.Max(sum >> Bits, Vector128<int>.Zero), most);
            word = (uint)bytes[0] | ((uint)bytes[1] << 8) | ((uint)bytes[2] << 16) | (word & 0xFF000000);
        }
    }

    /// <summary>A column's weights in fixed point.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Vector128<int> Column(int column, int added)
        => Vector128.Create(Fixed(_weights[column]) + added, Fixed(_weights[4 + column]) + added, Fixed(_weights[8 + column]) + added, 0);

    /// <summary>Held within what three products of bytes can be summed of.</summary>
    private static int Fixed(double weight) => (int)Math.Clamp(Math.Round(weight * (1 << Bits)), -2_000_000, 2_000_000);
}
