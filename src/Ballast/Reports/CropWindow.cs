namespace Ballast;

/// <summary>A box outlined in a picture.</summary>
/// <param name="Box">Pixels of the image.</param>
/// <param name="Kind">What it is, which decides how it is drawn.</param>
internal readonly record struct CropOutline(Corners Box, OutlineKind Kind);

/// <summary>What an outlined box is.</summary>
internal enum OutlineKind
{
    /// <summary>The object the picture is of: solid, with a dark edge.</summary>
    Object,

    /// <summary>Another object that can be seen: a thin solid line.</summary>
    Other,

    /// <summary>What a detector gave: dashed, in a colour of its own, with a dark edge.</summary>
    Detection,
}

/// <summary>The part of an image a picture shows, and the boxes outlined in it.</summary>
/// <param name="Source">The part, pixels of the image at its full size.</param>
/// <param name="Width">Width of the picture, pixels.</param>
/// <param name="Height">Height of the picture, pixels.</param>
/// <param name="Outlines">The boxes to outline, those underneath first.</param>
internal sealed record CropWindow(PixelRectangle Source, int Width, int Height, IReadOnlyList<CropOutline> Outlines)
{
    private const double Context = 1.6;
    private const double SmallestSide = 48;
    private const double Proportion = 1.8;
    private const int PictureHeight = 144;
    private const int WholeSide = 240;
    private const int Quality = 80;
    private const int Dash = 7;
    private static readonly Rgb Truth = new(0xFF, 0xD4, 0x00);
    private static readonly Rgb Found = new(0x00, 0xB2, 0xFF);
    private static readonly Rgb Edge = new(0x20, 0x20, 0x20);

    /// <summary>
    /// The window of an example: its box or detections with context, or the whole image with all its boxes; null when the box has no place on the image.
    /// </summary>
    /// <param name="data">The data set the example points into.</param>
    /// <param name="imageWidth">Width of the image file as displayed, pixels.</param>
    /// <param name="imageHeight">Height of the image file as displayed, pixels.</param>
    /// <param name="example">What to show.</param>
    public static CropWindow? Of(DetectionDataset data, int imageWidth, int imageHeight, Example example)
    {
        // An image file may have another size than its annotations say.
        var (scaleX, scaleY) = data.Images.HasSize(example.Image)
            ? ((double)imageWidth / data.Images.Width(example.Image), (double)imageHeight / data.Images.Height(example.Image))
            : (1, 1);
        var (start, end) = data.Boxes.Of(example.Image);
        var all = Enumerable.Range(start, end - start).Where(box => !data.Boxes.IsIgnored(box) && box != example.Box).Select(box => Scaled(data.Corners(example.Image, box))).Where(box => box.IsValid);
        if (example.Box < 0 && example.Detections is null)
        {
            var (width, height) = Resample.FitSize(imageWidth, imageHeight, WholeSide);
            return new(new(0, 0, imageWidth, imageHeight), width, height, [.. all.Select(box => new CropOutline(box, OutlineKind.Other))]);
        }

        CropOutline[] shown =
        [
            .. example.Box >= 0 ? [new CropOutline(Scaled(data.Corners(example.Image, example.Box)), OutlineKind.Object)] : Array.Empty<CropOutline>(),
            .. (example.Detections ?? []).Select(box => new CropOutline(Scaled(box), OutlineKind.Detection)),
        ];
        if (shown.Length == 0 || Around(Union(shown), imageWidth, imageHeight) is not { } window) return null;
        // The objects around a false alarm say whether it is one; a picture of an object shows that one.
        IEnumerable<CropOutline> others = example.Box >= 0 ? [] : all.Where(box => window.Shows(box)).Select(box => new CropOutline(box, OutlineKind.Other));
        return window with { Outlines = [.. others, .. shown] };

        Corners Scaled(Corners box) => new(box.X1 * scaleX, box.Y1 * scaleY, box.X2 * scaleX, box.Y2 * scaleY);
    }

    /// <summary>The picture as JPEG.</summary>
    /// <param name="pixels">The image, at its full size or smaller.</param>
    /// <param name="imageWidth">Width of the image at its full size, pixels.</param>
    /// <param name="imageHeight">Height of the image at its full size, pixels.</param>
    public byte[] Draw(Pixels pixels, int imageWidth, int imageHeight)
    {
        var (scaleX, scaleY) = ((double)pixels.Width / imageWidth, (double)pixels.Height / imageHeight);
        var (left, top) = (Math.Min((int)(Source.Left * scaleX), pixels.Width - 1), Math.Min((int)(Source.Top * scaleY), pixels.Height - 1));
        var width = Math.Clamp((int)Math.Round(Source.Width * scaleX), 1, pixels.Width - left);
        var height = Math.Clamp((int)Math.Round(Source.Height * scaleY), 1, pixels.Height - top);
        var picture = Resample.To(pixels.Crop(left, top, width, height), Width, Height);
        foreach (var (box, kind) in Outlines) Outline(picture, box, kind);
        using var stream = new MemoryStream();
        ImageFile.Encode(picture, stream, ImageCodec.Jpeg, Quality);
        return stream.ToArray();
    }

    private void Outline(Pixels picture, Corners box, OutlineKind kind)
    {
        var thickness = kind == OutlineKind.Other ? 1 : 2;
        var outer = new PixelRectangle(
            (int)Math.Floor((box.X1 - Source.Left) * Width / Source.Width), (int)Math.Floor((box.Y1 - Source.Top) * Height / Source.Height),
            (int)Math.Ceiling((box.X2 - Source.Left) * Width / Source.Width), (int)Math.Ceiling((box.Y2 - Source.Top) * Height / Source.Height)).Grow(thickness);
        var dash = kind == OutlineKind.Detection ? Dash : 0;
        if (kind != OutlineKind.Other) Drawing.Frame(picture, outer.Grow(1), 1, Edge, dash: dash);
        Drawing.Frame(picture, outer, thickness, kind == OutlineKind.Detection ? Found : Truth, dash: dash);
    }

    private bool Shows(Corners box) => box.X2 > Source.Left && box.Y2 > Source.Top && box.X1 < Source.Right && box.Y1 < Source.Bottom;

    private static Corners Union(CropOutline[] shown) => new(shown.Min(each => each.Box.X1), shown.Min(each => each.Box.Y1), shown.Max(each => each.Box.X2), shown.Max(each => each.Box.Y2));

    private static CropWindow? Around(Corners box, int imageWidth, int imageHeight)
    {
        if (!box.IsFinite || box.X2 <= 0 || box.Y2 <= 0 || box.X1 >= imageWidth || box.Y1 >= imageHeight) return null;
        var width = Math.Max(SmallestSide, Context * box.Width);
        var height = Math.Max(SmallestSide, Context * box.Height);
        (width, height) = (Math.Max(width, height / Proportion), Math.Max(height, width / Proportion));
        var (left, right) = Along((box.X1 + box.X2) / 2, width, imageWidth);
        var (top, bottom) = Along((box.Y1 + box.Y2) / 2, height, imageHeight);
        var pictureWidth = (int)Math.Clamp(Math.Round(PictureHeight * (double)(right - left) / (bottom - top)), 1, PictureHeight * 2);
        var pictureHeight = Math.Max(1, (int)Math.Round(pictureWidth * (double)(bottom - top) / (right - left)));
        return new(new(left, top, right, bottom), pictureWidth, Math.Min(pictureHeight, PictureHeight), []);
    }

    /// <summary>A stretch of a length around a centre, moved to lie on the image.</summary>
    private static (int From, int To) Along(double centre, double length, int side)
    {
        var whole = (int)Math.Min(side, Math.Ceiling(Math.Min(length, int.MaxValue / 2)));
        var from = (int)Math.Clamp(Math.Round(centre - (whole / 2.0)), 0, side - whole);
        return (from, from + whole);
    }
}
