using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ballast;

/// <summary>
/// Draws a window of an image onto another through a <see cref="Homography"/>, bilinear between pixel centres. Places are whole numbers of 1/65536 pixel and weights
/// of 1/256, so every machine makes the same bytes. Where it shrinks much, shrink first (<see cref="Resample"/>): four neighbours know nothing of the others.
/// </summary>
public static class Warp
{
    private const int Bits = 16;
    private const double One = 1 << Bits;

    /// <summary>Draws.</summary>
    /// <param name="source">The image.</param>
    /// <param name="window">The part of it that is drawn, whole pixels inside of it; its edge is repeated, nothing beyond is looked at.</param>
    /// <param name="matrix">From pixels of the source to pixels of the canvas.</param>
    /// <param name="canvas">What is drawn on; a pixel whose centre lies outside of the window is left as it is.</param>
    /// <param name="opacity">0 leaves the canvas, 1 covers it.</param>
    /// <param name="featherPixels">Over this many pixels of the source from the window's edge, opacity grows from 0; 0 for a hard edge.</param>
    /// <exception cref="InputException">The matrix cannot be undone.</exception>
    public static void Draw(Pixels source, in Box window, in Homography matrix, Pixels canvas, float opacity = 1, float featherPixels = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(canvas);
        var back = matrix.Inverse();
        var area = Area.Of(window, source);
        var feather = featherPixels > 0 ? (long)(featherPixels * One) : 0;
        var most = (int)MathF.Round(Math.Clamp(opacity, 0, 1) * 256);
        var (first, last) = Rows(matrix.Map(window), canvas.Height);
        for (var y = first; y < last; y++)
        {
            var row = canvas.Words(y);
            for (var x = 0; x < row.Length; x++)
            {
                var (u, v) = Place(back, x + 0.5, y + 0.5);
                if (u < area.Left || u >= area.Right || v < area.Top || v >= area.Bottom) continue;
                var share = feather == 0 ? most : (int)(most * Math.Min(feather, area.Distance(u, v)) / feather);
                var color = Sample(source, area, u - (1 << (Bits - 1)), v - (1 << (Bits - 1)));
                row[x] = share == 256 ? color : Blend(row[x], color, share);
            }
        }
    }

    /// <summary>Mixes two pixels, channel by channel.</summary>
    /// <param name="under">The pixel below.</param>
    /// <param name="over">The pixel above.</param>
    /// <param name="share">Of the pixel above, in 1/256.</param>
    internal static uint Blend(uint under, uint over, int share)
    {
        var mixed = 0u;
        for (var shift = 0; shift < 32; shift += 8)
            mixed |= ((((under >> shift) & 255) * (uint)(256 - share)) + (((over >> shift) & 255) * (uint)share) + 128 >> 8) << shift;
        return mixed;
    }

    /// <summary>The rows that a box touches; all where its place is not known.</summary>
    private static (int First, int Last) Rows(in Box hull, int height)
        => float.IsFinite(hull.Y1) && float.IsFinite(hull.Y2) ? ((int)Math.Clamp(hull.Y1 - 1, 0, height), (int)Math.Clamp(hull.Y2 + 2, 0, height)) : (0, height);

    private static (long U, long V) Place(in Homography back, double x, double y)
    {
        var (u, v) = back.Map(x, y);
        // Points behind the horizon are not numbers that fit; they lie outside of every window.
        return double.Abs(u) < 1e9 && double.Abs(v) < 1e9 ? ((long)Math.Floor(u * One), (long)Math.Floor(v * One)) : (long.MinValue, long.MinValue);
    }

    private static uint Sample(Pixels source, in Area area, long u, long v)
    {
        var (left, top) = ((int)(u >> Bits), (int)(v >> Bits));
        var (x, y) = ((uint)(u >> (Bits - 8)) & 255, (uint)(v >> (Bits - 8)) & 255);
        var (x0, x1) = (area.Column(left), area.Column(left + 1));
        var upper = source.Words(area.Row(top));
        var lower = source.Words(area.Row(top + 1));
        var above = (Widen(upper[x0]) * (ushort)(256 - x)) + (Widen(upper[x1]) * (ushort)x);
        var below = (Widen(lower[x0]) * (ushort)(256 - x)) + (Widen(lower[x1]) * (ushort)x);
        var sum = (Vector128.WidenLower(above) * (256 - y)) + (Vector128.WidenLower(below) * y) + Vector128.Create(1u << 15);
        return Vector128.Narrow(Vector128.Narrow(sum >>> 16, Vector128<uint>.Zero), Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Widen(uint pixel) => Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte());

    /// <summary>A window in 1/65536 pixel, and its pixels.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Area(int X1, int Y1, int X2, int Y2)
    {
        public long Left => (long)X1 << Bits;

        public long Top => (long)Y1 << Bits;

        public long Right => (long)X2 << Bits;

        public long Bottom => (long)Y2 << Bits;

        public static Area Of(in Box window, Pixels source)
        {
            var area = new Area((int)MathF.Round(window.X1), (int)MathF.Round(window.Y1), (int)MathF.Round(window.X2), (int)MathF.Round(window.Y2));
            return area is { X1: >= 0, Y1: >= 0 } && area.X2 <= source.Width && area.Y2 <= source.Height && area.X1 < area.X2 && area.Y1 < area.Y2 ? area
                : throw new InputException($"Warp: the window {window} is not inside of an image of {source.Width} x {source.Height} pixels.");
        }

        public int Column(int x) => Math.Clamp(x, X1, X2 - 1);

        public int Row(int y) => Math.Clamp(y, Y1, Y2 - 1);

        /// <summary>To the nearest edge.</summary>
        public long Distance(long u, long v) => Math.Min(Math.Min(u - Left, Right - u), Math.Min(v - Top, Bottom - v));
    }
}
