namespace Ballast;

/// <summary>A scene on a picture of its image: where what lies in the resized image is painted.</summary>
internal sealed class PaintedScene(AnchorScene scene, BoxFrame frame)
{
    private const int ObjectOpacity = 230;
    private const int CasingOpacity = 150;
    private const int DotsPerSide = 320;

    private readonly double _x = (double)frame.Width / scene.Resized.Width;
    private readonly double _y = (double)frame.Height / scene.Resized.Height;

    /// <summary>The scene.</summary>
    public AnchorScene Scene => scene;

    /// <summary>A box of the resized image in pixels of the picture; null where it lies outside.</summary>
    public PixelRectangle? Place(in Box box) => frame.Place(new Corners(box.X1 * _x, box.Y1 * _y, box.X2 * _x, box.Y2 * _y));

    /// <summary>The image's objects, as white frames in dark hair lines.</summary>
    public void PaintObjects(Pixels picture)
    {
        var area = new PixelRectangle(0, 0, picture.Width, picture.Height);
        for (var truth = 0; truth < scene.Truths.Count; truth++)
        {
            if (Place(scene.Truths.Boxes[truth]) is not { } place) continue;
            var line = PaintStyle.For(picture).Line;
            Drawing.Frame(picture, place.Grow(1).Intersect(area), line + 2, PaintStyle.Dark, CasingOpacity);
            Drawing.Frame(picture, place.Intersect(area), line, PaintStyle.Light, ObjectOpacity);
        }
    }

    /// <summary>The frame of an anchor.</summary>
    public void PaintAnchor(Pixels picture, in Box anchor, Rgb colour, int opacity)
    {
        if (Place(anchor) is { } place) Drawing.Frame(picture, place, PaintStyle.For(picture).Line, colour, opacity);
    }

    /// <summary>The centre of an anchor, as a dot.</summary>
    public void PaintCentre(Pixels picture, in Box anchor, Rgb colour, int opacity)
    {
        var (x, y) = ((anchor.X1 + anchor.X2) / 2, (anchor.Y1 + anchor.Y2) / 2);
        if (Place(new(x, y, x, y)) is not { } place) return;
        var half = Math.Max(1, Math.Max(picture.Width, picture.Height) / DotsPerSide);
        Drawing.Fill(picture, new(place.Left - half - 1, place.Top - half - 1, place.Left + half + 1, place.Top + half + 1), PaintStyle.Dark, CasingOpacity);
        Drawing.Fill(picture, new(place.Left - half, place.Top - half, place.Left + half, place.Top + half), colour, opacity);
    }
}
