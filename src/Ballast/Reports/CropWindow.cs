namespace Ballast;

/// <summary>The part of an image a picture shows, and the boxes outlined in it.</summary>
/// <param name="Source">The part, pixels of the image.</param>
/// <param name="Width">Width of the picture, pixels.</param>
/// <param name="Height">Height of the picture, pixels.</param>
/// <param name="Boxes">The boxes to outline, pixels of the image.</param>
internal sealed record CropWindow(PixelRectangle Source, int Width, int Height, IReadOnlyList<Corners> Boxes)
{
    private const double Context = 1.6;
    private const double SmallestSide = 48;
    private const double Proportion = 1.8;
    private const int PictureHeight = 144;
    private const int WholeSide = 240;
    private const int Quality = 80;
    private static readonly Rgb Outline = new(0xFF, 0xD4, 0x00);
    private static readonly Rgb Edge = new(0x20, 0x20, 0x20);

    /// <summary>The window of an example: its box with context, or the whole image with all its boxes; null when the box has no place on the image.</summary>
    public static CropWindow? Of(DetectionDataset data, Pixels pixels, Example example)
    {
        // An image file may have another size than its annotations say.
        var (scaleX, scaleY) = data.Images.HasSize(example.Image)
            ? ((double)pixels.Width / data.Images.Width(example.Image), (double)pixels.Height / data.Images.Height(example.Image))
            : (1, 1);
        if (example.Box >= 0) return Around(Place(example.Box), pixels);
        var (start, end) = data.Boxes.Of(example.Image);
        var (width, height) = Resample.FitSize(pixels.Width, pixels.Height, WholeSide);
        return new(new(0, 0, pixels.Width, pixels.Height), width, height, [.. Enumerable.Range(start, end - start).Where(box => !data.Boxes.IsIgnored(box)).Select(Place).Where(box => box.IsValid)]);

        Corners Place(int box)
        {
            var corners = data.Boxes.Corners(box, data.Images.Width(example.Image), data.Images.Height(example.Image));
            return new(corners.X1 * scaleX, corners.Y1 * scaleY, corners.X2 * scaleX, corners.Y2 * scaleY);
        }
    }

    /// <summary>The picture as JPEG.</summary>
    public byte[] Draw(Pixels pixels)
    {
        var picture = Resample.To(pixels.Crop(Source.Left, Source.Top, Source.Width, Source.Height), Width, Height);
        var thickness = Boxes.Count > 1 ? 1 : 2;
        foreach (var box in Boxes)
        {
            var outer = new PixelRectangle(
                (int)Math.Floor((box.X1 - Source.Left) * Width / Source.Width), (int)Math.Floor((box.Y1 - Source.Top) * Height / Source.Height),
                (int)Math.Ceiling((box.X2 - Source.Left) * Width / Source.Width), (int)Math.Ceiling((box.Y2 - Source.Top) * Height / Source.Height)).Grow(thickness);
            if (Boxes.Count == 1) Drawing.Frame(picture, outer.Grow(1), 1, Edge);
            Drawing.Frame(picture, outer, thickness, Outline);
        }

        using var stream = new MemoryStream();
        ImageFile.Encode(picture, stream, ImageCodec.Jpeg, Quality);
        return stream.ToArray();
    }

    private static CropWindow? Around(Corners box, Pixels pixels)
    {
        if (!box.IsFinite || box.X2 <= 0 || box.Y2 <= 0 || box.X1 >= pixels.Width || box.Y1 >= pixels.Height) return null;
        var width = Math.Max(SmallestSide, Context * box.Width);
        var height = Math.Max(SmallestSide, Context * box.Height);
        (width, height) = (Math.Max(width, height / Proportion), Math.Max(height, width / Proportion));
        var (left, right) = Along((box.X1 + box.X2) / 2, width, pixels.Width);
        var (top, bottom) = Along((box.Y1 + box.Y2) / 2, height, pixels.Height);
        var pictureWidth = (int)Math.Clamp(Math.Round(PictureHeight * (double)(right - left) / (bottom - top)), 1, PictureHeight * 2);
        var pictureHeight = Math.Max(1, (int)Math.Round(pictureWidth * (double)(bottom - top) / (right - left)));
        return new(new(left, top, right, bottom), pictureWidth, Math.Min(pictureHeight, PictureHeight), [box]);
    }

    /// <summary>A stretch of a length around a centre, moved to lie on the image.</summary>
    private static (int From, int To) Along(double centre, double length, int side)
    {
        var whole = (int)Math.Min(side, Math.Ceiling(Math.Min(length, int.MaxValue / 2)));
        var from = (int)Math.Clamp(Math.Round(centre - (whole / 2.0)), 0, side - whole);
        return (from, from + whole);
    }
}
