using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ballast.Training;

public sealed partial record InputTransform
{
    /// <summary>The batch of decoded images, to detect in; their opacity is not looked at.</summary>
    /// <param name="images">At least one.</param>
    public LoadedBatch Apply(IReadOnlyList<Pixels> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Lay([.. images.Select(image => (image.Width, image.Height))], (i, size, target, width) => Write(images[i], size, target, width));
    }

    /// <summary>
    /// Writes decoded pixels, resized and normalised, into the upper left corner of a padded image: the same numbers as by way of <see cref="PlanarImage"/>, without
    /// its memory (a photograph of 12 megapixels has 144 MB of it).
    /// </summary>
    /// <param name="pixels">The image; its opacity is not looked at.</param>
    /// <param name="size">The size it gets, pixels.</param>
    /// <param name="target">[3, H, W], zeros.</param>
    /// <param name="width">W.</param>
    public void Write(Pixels pixels, (int Width, int Height) size, Span<float> target, int width)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var columns = Places(pixels.Width, size.Width);
        var rows = Places(pixels.Height, size.Height);
        var plane = target.Length / 3;
        var (means, deviations) = (Channels(Normalization.Means, 0), Channels(Normalization.Deviations, 1));
        for (var y = 0; y < size.Height; y++)
        {
            var (first, second, share) = rows[y];
            var above = MemoryMarshal.Cast<byte, uint>(pixels.Row(first));
            var below = MemoryMarshal.Cast<byte, uint>(pixels.Row(second));
            var red = target.Slice(y * width, size.Width);
            var green = target.Slice(plane + (y * width), size.Width);
            var blue = target.Slice((2 * plane) + (y * width), size.Width);
            for (var x = 0; x < red.Length; x++)
            {
                var (left, right, part) = columns[x];
                var (upperLeft, lowerLeft) = (Unit(above[left]), Unit(below[left]));
                var upper = upperLeft + (part * (Unit(above[right]) - upperLeft));
                var lower = lowerLeft + (part * (Unit(below[right]) - lowerLeft));
                var value = (upper + (share * (lower - upper)) - means) / deviations;
                (red[x], green[x], blue[x]) = (value[0], value[1], value[2]);
            }
        }
    }

    /// <summary>A pixel's channels in [0, 1].</summary>
    private static Vector128<float> Unit(uint pixel)
        => Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32()) / Vector128.Create(255f);

    private static Vector128<float> Channels(Values<float> values, float opacity) => Vector128.Create(values[0], values[1], values[2], opacity);
}
