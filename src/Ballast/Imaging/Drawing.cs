namespace Ballast;

/// <summary>A rectangle of whole pixels, [Left, Right) x [Top, Bottom).</summary>
internal readonly record struct PixelRectangle(int Left, int Top, int Right, int Bottom)
{
    public int Width => Right - Left;

    public int Height => Bottom - Top;

    public long Area => (long)Math.Max(0, Width) * Math.Max(0, Height);

    public PixelRectangle Grow(int by) => new(Left - by, Top - by, Right + by, Bottom + by);

    public PixelRectangle Intersect(PixelRectangle other)
        => new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));
}

/// <summary>Draws on pixels with whole numbers only. What falls outside the image is left out.</summary>
internal static class Drawing
{
    public const int Opaque = 255;

    /// <summary>Fills a rectangle.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="rectangle">May reach out of the image.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="opacity">0..255.</param>
    public static void Fill(Pixels pixels, PixelRectangle rectangle, Rgb colour, int opacity = Opaque)
    {
        var inside = rectangle.Intersect(new(0, 0, pixels.Width, pixels.Height));
        if (inside.Width <= 0) return;
        for (var y = inside.Top; y < inside.Bottom; y++)
        {
            var row = pixels.Row(y)[(inside.Left * 4)..(inside.Right * 4)];
            for (var i = 0; i < row.Length; i += 4) Blend(row.Slice(i, 4), colour, opacity);
        }
    }

    /// <summary>The frame between a rectangle and the same one shrunk by a thickness.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="outer">Outer edge.</param>
    /// <param name="thickness">Pixels inwards.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="opacity">0..255.</param>
    /// <param name="dash">Length of a dash and its gap, pixels; 0 for a solid frame. Dashes start at every corner.</param>
    public static void Frame(Pixels pixels, PixelRectangle outer, int thickness, Rgb colour, int opacity = Opaque, int dash = 0)
    {
        thickness = Math.Min(thickness, (Math.Min(outer.Width, outer.Height) + 1) / 2);
        if (thickness <= 0) return;
        var inner = outer.Grow(-thickness);
        foreach (var (from, to) in Dashes(outer.Left, outer.Right, dash))
        {
            Fill(pixels, new(from, outer.Top, to, inner.Top), colour, opacity);
            Fill(pixels, new(from, Math.Max(inner.Bottom, inner.Top), to, outer.Bottom), colour, opacity);
        }

        foreach (var (from, to) in Dashes(inner.Top, inner.Bottom, dash))
        {
            Fill(pixels, new(outer.Left, from, inner.Left, to), colour, opacity);
            Fill(pixels, new(Math.Max(inner.Right, inner.Left), from, outer.Right, to), colour, opacity);
        }
    }

    /// <summary>Lays a colour over a pixel.</summary>
    /// <param name="pixel">Four bytes.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="opacity">0..255.</param>
    public static void Blend(Span<byte> pixel, Rgb colour, int opacity)
    {
        pixel[0] = Blend(pixel[0], colour.R, opacity);
        pixel[1] = Blend(pixel[1], colour.G, opacity);
        pixel[2] = Blend(pixel[2], colour.B, opacity);
        pixel[3] = Opaque;
    }

    private static byte Blend(byte under, byte over, int opacity) => (byte)((under * (Opaque - opacity) + over * opacity + 127) / Opaque);

    /// <summary>The dashes of an edge, fitted so that both ends are dashes; a solid edge is one dash.</summary>
    private static IEnumerable<(int From, int To)> Dashes(int from, int to, int dash)
    {
        var length = to - from;
        if (dash <= 0 || length < 3 * dash) return length > 0 ? [(from, to)] : [];
        var pieces = length / dash | 1;
        return Enumerable.Range(0, (pieces + 1) / 2).Select(i => (from + (int)(2L * i * length / pieces), from + (int)((2L * i + 1) * length / pieces)));
    }
}
