namespace Ballast;

/// <summary>How boxes are painted on images.</summary>
public sealed record PaintOptions
{
    /// <summary>The longer side of the picture is at most this, pixels; 0 for the image's own size.</summary>
    public int MaxSide { get; init; }

    /// <summary>Whether boxes carry the names of their classes. Names of majority classes are left out where they would cover other boxes or names.</summary>
    public bool Labels { get; init; } = true;

    /// <summary>Whether the classes, with their colours and numbers of boxes, stand under the image.</summary>
    public bool Legend { get; init; } = true;

    /// <summary>Images whose header claims more are refused before decoding, megapixels.</summary>
    public int MaxMegapixels { get; init; } = 250;
}

/// <summary>
/// Paints the boxes of a data set on its images: class colours by <see cref="ClassColors"/> over the whole set, crowds and ignore regions dashed, lines and
/// letters sized to the picture, rare classes on top. Whole numbers and letters of our own: the same decoded image gives the same bytes on every machine. Safe
/// to call from several threads.
/// </summary>
public sealed partial class BoxPainter
{
    /// <summary>Smaller pictures are enlarged by a whole factor until their longer side has this many pixels, so that names stay readable.</summary>
    private const int LeastSide = 480;
    private const int PictureQuality = 92;

    private readonly DetectionDataset _data;
    private readonly PaintOptions _options;
    private readonly long[] _counts;
    private readonly Rgb[] _colours;

    /// <summary>Makes a painter for a data set.</summary>
    public BoxPainter(DetectionDataset data, PaintOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
        _options = options ?? new();
        _counts = CountBoxes(data);
        _colours = ClassColors.Of(_counts);
    }

    /// <summary>The colour of each class, K colours.</summary>
    public IReadOnlyList<Rgb> Colours => _colours;

    /// <summary>Paints the boxes of an image on its file's pixels.</summary>
    /// <returns>The picture, or null when the image's file is not found.</returns>
    /// <exception cref="InputException">The file cannot be read or decoded.</exception>
    public Pixels? Paint(int image) => Decode(_data, image, _options) is { } decoded ? Paint(image, decoded) : null;

    /// <summary>Paints the boxes of an image on pixels that are already decoded; the pixels given stay as they are.</summary>
    public Pixels Paint(int image, DecodedImage decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        var background = Enlarge(decoded.Pixels, _options.MaxSide);
        var boxes = BoxesOf(image, decoded.Header, background);
        var style = PaintStyle.For(background);
        var legend = _options.Legend ? new Legend(Entries(boxes), boxes.Exists(box => box.IsIgnored), style) : null;
        var picture = Canvas(background, legend?.HeightFor(background.Width) ?? 0);
        var area = new PixelRectangle(0, 0, background.Width, background.Height);
        foreach (var box in boxes) box.PaintFrame(picture, area, style);
        var lettering = new Lettering();
        if (_options.Labels) new LabelPlacer(boxes, area, style).Paint(picture, lettering);
        legend?.Paint(picture, background.Height, lettering);
        return picture;
    }

    /// <summary>An image as it is painted on; null when its file is not found.</summary>
    internal static DecodedImage? Decode(DetectionDataset data, int image, PaintOptions options)
    {
        if (data.FindImage(image) is not { } place) return null;
        using var stream = place.Open();
        return ImageFile.Decode(stream, new() { MaxSide = options.MaxSide, MaxMegapixels = options.MaxMegapixels, Name = $"'{place}'" });
    }

    private static long[] CountBoxes(DetectionDataset data)
    {
        var counts = new long[data.Classes.Count];
        for (var box = 0; box < data.Boxes.Count; box++)
        {
            if (data.Boxes.Class(box) >= 0 && !data.Boxes.IsIgnored(box)) counts[data.Boxes.Class(box)]++;
        }

        return counts;
    }

    /// <summary>A small picture enlarged by a whole factor; others as they are.</summary>
    /// <param name="pixels">The picture.</param>
    /// <param name="maxSide">The longer side that was asked for, pixels; 0 for none.</param>
    internal static Pixels Enlarge(Pixels pixels, int maxSide)
    {
        var longer = Math.Max(pixels.Width, pixels.Height);
        var factor = maxSide is > 0 and < LeastSide ? 1 : (LeastSide + longer - 1) / longer;
        return factor == 1 ? pixels : Resample.To(pixels, pixels.Width * factor, pixels.Height * factor);
    }

    /// <summary>A copy of the image with room for the legend under it.</summary>
    private static Pixels Canvas(Pixels background, int legendHeight)
    {
        var picture = Pixels.Uninitialized(background.Width, background.Height + legendHeight);
        background.Bytes.CopyTo(picture.Bytes);
        return picture;
    }

    /// <summary>Boxes in pixels of the picture: majority classes first, then the rarer ones, and large before small inside a class.</summary>
    private List<PaintedBox> BoxesOf(int image, ImageHeader header, Pixels picture)
    {
        var frame = BoxFrame.For(_data.Images, image, header, picture.Width, picture.Height);
        var result = new List<PaintedBox>();
        var (start, end) = _data.Boxes.Of(image);
        for (var box = start; box < end; box++)
        {
            if (frame.Place(_data.Boxes, box) is not { } place) continue;
            var @class = _data.Boxes.Class(box);
            result.Add(new(place, @class, NameOf(@class), ColourOf(@class), _data.Boxes.IsIgnored(box), @class >= 0 && ClassColors.IsMajority(_counts, @class)));
        }

        return [.. result.OrderByDescending(box => CountOf(box.Class)).ThenByDescending(box => box.Place.Area)];
    }

    private List<LegendEntry> Entries(List<PaintedBox> boxes) =>
        [.. boxes.GroupBy(box => box.Class)
            .OrderBy(group => group.Key)
            .Select(group => new LegendEntry(NameOf(group.Key), ColourOf(group.Key), group.Count(box => !box.IsIgnored)))];

    private long CountOf(int @class) => @class < 0 ? 0 : _counts[@class];

    private Rgb ColourOf(int @class) => @class < 0 ? PaintStyle.UnknownClass : _colours[@class];

    private string NameOf(int @class)
        => @class < 0 ? "unknown class" : Lettering.Drawable(_data.Classes[@class], PaintStyle.MostCharacters) ?? $"class {@class}";
}
