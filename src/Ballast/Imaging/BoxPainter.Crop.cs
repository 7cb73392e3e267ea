namespace Ballast;

public sealed partial class BoxPainter
{
    private const int CropLine = 2;

    /// <summary>
    /// Cuts out one box with as much again around it, the box outlined: an example for a report. The image is decoded no larger than the crop needs.
    /// </summary>
    /// <param name="image">Index of the image.</param>
    /// <param name="box">Index of the box, one of the image's.</param>
    /// <param name="side">Longer side of the crop, pixels.</param>
    /// <returns>The crop, or null when the image's file is not found or the box cannot be drawn.</returns>
    /// <exception cref="InputException">The file cannot be read or decoded.</exception>
    public Pixels? Crop(int image, int box, int side = 160)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 16);
        if (_data.FindImage(image) is not { } place) return null;
        using var stream = place.Open();
        if (ImageFile.TryProbe(stream) is not { } header) throw new InputException($"'{place}' is no image, or its header is damaged.");
        if (BoxFrame.For(_data.Images, image, header, header.Width, header.Height).Place(_data.Boxes, box) is not { } full) return null;
        var window = Around(full, header, side);
        stream.Position = 0;
        var longer = Math.Max(header.Width, header.Height);
        var maxSide = (int)Math.Min(longer, ((long)longer * side + Math.Max(window.Width, window.Height) - 1) / Math.Max(window.Width, window.Height));
        var decoded = ImageFile.Decode(stream, new() { MaxSide = maxSide, MaxMegapixels = _options.MaxMegapixels, Name = $"'{place}'" }).Pixels;
        return Outline(CutOut(decoded, header, window, side), full, window, _data.Boxes.Class(box));
    }

    /// <summary>
    /// A square of twice the box's longer side (at least a quarter of the crop's), inside the image; an oblong where the image is too small for it.
    /// </summary>
    private static PixelRectangle Around(PixelRectangle box, ImageHeader header, int side)
    {
        var length = Math.Max(Math.Max(box.Width, box.Height) * 2L, side / 4);
        var (width, height) = ((int)Math.Min(length, header.Width), (int)Math.Min(length, header.Height));
        var left = Math.Clamp((int)(((long)box.Left + box.Right - width) / 2), 0, header.Width - width);
        var top = Math.Clamp((int)(((long)box.Top + box.Bottom - height) / 2), 0, header.Height - height);
        return new(left, top, left + width, top + height);
    }

    private static Pixels CutOut(Pixels decoded, ImageHeader header, PixelRectangle window, int side)
    {
        var left = (int)((long)window.Left * decoded.Width / header.Width);
        var top = (int)((long)window.Top * decoded.Height / header.Height);
        var width = Math.Clamp((int)((long)window.Width * decoded.Width / header.Width), 1, decoded.Width - left);
        var height = Math.Clamp((int)((long)window.Height * decoded.Height / header.Height), 1, decoded.Height - top);
        var crop = decoded.Crop(left, top, width, height);
        var longer = Math.Max(window.Width, window.Height);
        return Resample.To(crop, Math.Max(1, (int)((long)window.Width * side / longer)), Math.Max(1, (int)((long)window.Height * side / longer)));
    }

    private Pixels Outline(Pixels crop, PixelRectangle box, PixelRectangle window, int @class)
    {
        var frame = new PixelRectangle(ScaleX(box.Left), ScaleY(box.Top), ScaleX(box.Right), ScaleY(box.Bottom));
        new PaintedBox(frame, @class, "", ColourOf(@class), false, false).PaintFrame(crop, new(0, 0, crop.Width, crop.Height), new(CropLine, 1));
        return crop;

        int ScaleX(int x) => (int)(((long)x - window.Left) * crop.Width / window.Width);

        int ScaleY(int y) => (int)(((long)y - window.Top) * crop.Height / window.Height);
    }
}
