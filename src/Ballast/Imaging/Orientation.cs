using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>Turns and mirrors stored pixels into displayed ones (EXIF 2.32, tag 274).</summary>
internal static class Orientation
{
    /// <summary>Side of the square blocks a quarter turn goes through, so that rows and columns stay in the cache.</summary>
    private const int Block = 32;

    /// <summary>The displayed image; the same object when nothing is to be done.</summary>
    /// <param name="pixels">As stored.</param>
    /// <param name="orientation">1..8.</param>
    public static Pixels Apply(Pixels pixels, int orientation)
    {
        var (mirrorsX, mirrorsY) = orientation switch
        {
            2 or 8 => (true, false),
            3 or 7 => (true, true),
            4 or 6 => (false, true),
            _ => (false, false),
        };
        return orientation >= 5 ? Transpose(pixels, mirrorsX, mirrorsY) : mirrorsX || mirrorsY ? Mirror(pixels, mirrorsX, mirrorsY) : pixels;
    }

    private static Pixels Mirror(Pixels pixels, bool mirrorsX, bool mirrorsY)
    {
        var result = Pixels.Uninitialized(pixels.Width, pixels.Height);
        for (var y = 0; y < pixels.Height; y++)
        {
            var row = result.Words(y);
            pixels.Words(mirrorsY ? pixels.Height - 1 - y : y).CopyTo(row);
            if (mirrorsX) row.Reverse();
        }

        return result;
    }

    /// <summary>Swaps rows and columns of the stored image after mirroring it: (x, y) shows what stands at (y, x).</summary>
    private static Pixels Transpose(Pixels pixels, bool mirrorsX, bool mirrorsY)
    {
        var result = Pixels.Uninitialized(pixels.Height, pixels.Width);
        for (var top = 0; top < result.Height; top += Block)
        {
            for (var left = 0; left < result.Width; left += Block)
                TransposeBlock(pixels, result, left, top, mirrorsX, mirrorsY);
        }

        return result;
    }

    private static void TransposeBlock(Pixels pixels, Pixels result, int left, int top, bool mirrorsX, bool mirrorsY)
    {
        var bottom = Math.Min(top + Block, result.Height);
        var right = Math.Min(left + Block, result.Width);
        var target = MemoryMarshal.Cast<byte, uint>(result.Bytes);
        for (var x = left; x < right; x++)
        {
            var source = pixels.Words(mirrorsY ? pixels.Height - 1 - x : x);
            for (var (y, at) = (top, top * result.Width + x); y < bottom; y++, at += result.Width) target[at] = source[mirrorsX ? pixels.Width - 1 - y : y];
        }
    }
}
