namespace Ballast;

/// <summary>A box ready to be painted.</summary>
internal sealed record PaintedBox(PixelRectangle Place, int Class, string Name, Rgb Colour, bool IsIgnored, bool IsMajority)
{
    private const int CasingOpacity = 100;
    private const int DashLines = 4;

    /// <summary>An outline of whole pixels between two dark hair lines, so that it reads on every background; thinner on boxes that it would fill.</summary>
    public void PaintFrame(Pixels picture, PixelRectangle area, PaintStyle style)
    {
        var line = Math.Clamp(Math.Min(Place.Width, Place.Height) / 6, 1, style.Line);
        var casing = Math.Max(1, line / 3);
        var outer = Place.Grow(line / 2).Intersect(area);
        Drawing.Frame(picture, outer.Grow(casing).Intersect(area), casing, PaintStyle.Dark, CasingOpacity);
        Drawing.Frame(picture, outer.Grow(-line), casing, PaintStyle.Dark, CasingOpacity);
        Drawing.Frame(picture, outer, line, Colour, dash: IsIgnored ? DashLines * Math.Max(2, line) : 0);
    }
}

/// <summary>
/// Where the boxes of an image stand in a picture of it. Annotations count from the displayed image; when they give the size of the stored one and EXIF turns
/// it by a quarter, their boxes are turned with it.
/// </summary>
internal readonly record struct BoxFrame(int Width, int Height, int Orientation, double ScaleX, double ScaleY)
{
    public static BoxFrame For(ImageTable images, int image, ImageHeader header, int pictureWidth, int pictureHeight)
    {
        var (width, height) = images.HasSize(image) ? (images.Width(image), images.Height(image)) : (header.Width, header.Height);
        var isStored = header.SwapsSides && header.Width != header.Height && (width, height) == (header.StoredWidth, header.StoredHeight);
        return isStored
            ? new(width, height, header.Orientation, (double)pictureWidth / height, (double)pictureHeight / width)
            : new(width, height, 1, (double)pictureWidth / width, (double)pictureHeight / height);
    }

    /// <summary>The box in whole pixels of the picture, at least one wide and high; null when its numbers cannot be drawn or it lies outside.</summary>
    public PixelRectangle? Place(BoxTable boxes, int box) => Place(boxes.Corners(box, Width, Height));

    /// <summary>The same for corners in pixels of the image as its annotations count them.</summary>
    public PixelRectangle? Place(in Corners corners)
    {
        if (!corners.IsFinite) return null;
        var (x1, x2) = (Math.Min(corners.X1, corners.X2), Math.Max(corners.X1, corners.X2));
        var (y1, y2) = (Math.Min(corners.Y1, corners.Y2), Math.Max(corners.Y1, corners.Y2));
        if (x2 < 0 || y2 < 0 || x1 > Width || y1 > Height) return null;
        var ((ax, ay), (bx, by)) = (Turn(x1, y1), Turn(x2, y2));
        var left = Round(Math.Min(ax, bx) * ScaleX);
        var top = Round(Math.Min(ay, by) * ScaleY);
        return new(left, top, Math.Max(left + 1, Round(Math.Max(ax, bx) * ScaleX)), Math.Max(top + 1, Round(Math.Max(ay, by) * ScaleY)));
    }

    /// <summary>A place of the stored image in the displayed one.</summary>
    private (double X, double Y) Turn(double x, double y) => Orientation switch
    {
        5 => (y, x),
        6 => (Height - y, x),
        7 => (Height - y, Width - x),
        8 => (y, Width - x),
        _ => (x, y),
    };

    private static int Round(double value) => (int)Math.Clamp(Math.Floor(value + 0.5), -1e6, 1e8);
}
