namespace Ballast;

/// <summary>Checks images one after the other and keeps what is wrong with them.</summary>
internal sealed class ImageChecker(DetectionDataset data, ImageCheckOptions options)
{
    private const int TinySide = 10;

    /// <summary>Decoding for a verdict needs no large picture: JPEG is read to its end at an eighth of its size all the same.</summary>
    private const int VerdictSide = 64;

    public FlawCollector Flaws { get; } = new(FlawPolicy.Report);

    /// <summary>Images that were not found, apart: when all are missing, one sentence replaces them.</summary>
    public FlawCollector Missing { get; } = new(FlawPolicy.Report);

    public int Found { get; private set; }

    public void Check(int image)
    {
        var search = data.Locator.Search(data.Images.File(image));
        switch (search.Outcome)
        {
            case ImageSearchOutcome.Found:
                Found++;
                CheckFile(image, search.Place!);
                break;
            case ImageSearchOutcome.Missing:
                Add(Missing, FlawCode.ImageMissing, image, "");
                break;
            case ImageSearchOutcome.Ambiguous:
                Add(Flaws, FlawCode.ImageMissing, image, $"several could be meant: {search.Detail}");
                break;
            default:
                // An image without a size was looked for when the data set was read, and told then.
                if (data.Images.HasSize(image)) Add(Flaws, FlawCode.OutsidePath, image, search.Detail);
                break;
        }
    }

    private void CheckFile(int image, ImagePlace place)
    {
        try
        {
            ImageHeader? read;
            using (var stream = place.Tree.OpenForward(place.Entry)) read = ImageFile.TryProbe(stream);
            if (read is not { } header) Add(Flaws, FlawCode.ImageUnreadable, image, $"{place}");
            else CheckImage(image, place, header);
        }
        catch (Exception e) when (e is InputException or IOException or InvalidDataException)
        {
            Add(Flaws, FlawCode.ImageUnreadable, image, e.Message);
        }
    }

    private void CheckImage(int image, ImagePlace place, ImageHeader header)
    {
        CheckSize(image, header);
        if (Math.Min(header.StoredWidth, header.StoredHeight) < TinySide) Add(Flaws, FlawCode.ImageTiny, image, Size(header.Width, header.Height));
        if (ImageFile.IsTooLarge(header, options.MaxMegapixels))
            Add(Flaws, FlawCode.ImageTooLarge, image, $"{Size(header.StoredWidth, header.StoredHeight)}, more than {options.MaxMegapixels} megapixels");
        else if (header.Codec != ImageCodec.Tiff && (options.Decode || !EndsAsItShould(place, header.Codec)))
            CheckData(image, place);
    }

    private void CheckSize(int image, ImageHeader header)
    {
        var (width, height) = (data.Images.Width(image), data.Images.Height(image));
        var isKnown = data.Images.HasSize(image);
        var isDisplayed = isKnown && (width, height) == (header.Width, header.Height);
        var isStored = isKnown && (width, height) == (header.StoredWidth, header.StoredHeight);
        if (header.IsTurned) Add(Flaws, FlawCode.ImageRotated, image, Turned(header, isDisplayed, isStored));
        if (isKnown && !isDisplayed && !isStored)
            Add(Flaws, FlawCode.ImageSizeMismatch, image, $"annotations {Size(width, height)}, image {Size(header.Width, header.Height)}");
    }

    private static string Turned(ImageHeader header, bool isDisplayed, bool isStored)
    {
        var sizes = $"orientation {header.Orientation}, stored {Size(header.StoredWidth, header.StoredHeight)}, displayed {Size(header.Width, header.Height)}";
        return (isDisplayed, isStored) switch
        {
            (true, false) => $"{sizes}; the annotations give the displayed size",
            (false, true) => $"{sizes}; the annotations give the stored size, so their boxes lie on the image as stored",
            (true, true) => $"{sizes}; the sizes do not tell which of both the boxes lie on",
            _ => sizes,
        };
    }

    /// <summary>
    /// The end marks of JPEG and PNG stand among the last bytes of most files; where they do not (a camera's trailer may follow), decoding decides.
    /// </summary>
    private static bool EndsAsItShould(ImagePlace place, ImageCodec codec)
    {
        if (codec is not (ImageCodec.Jpeg or ImageCodec.Png)) return true;
        const int TailLength = 64;
        using var stream = place.Open();
        stream.Seek(-Math.Min(TailLength, stream.Length), SeekOrigin.End);
        var tail = new byte[TailLength];
        var read = stream.ReadAtLeast(tail, TailLength, throwOnEndOfStream: false);
        return tail.AsSpan(0, read).LastIndexOf(codec == ImageCodec.Jpeg ? [0xFF, 0xD9] : "IEND"u8) >= 0;
    }

    private void CheckData(int image, ImagePlace place)
    {
        using var stream = place.Open();
        var decoded = ImageFile.Decode(stream, new() { MaxSide = VerdictSide, MaxMegapixels = options.MaxMegapixels, Name = $"'{place}'" });
        if (decoded.Damage is { } damage) Add(Flaws, FlawCode.ImageTruncated, image, damage);
    }

    private void Add(FlawCollector flaws, FlawCode code, int image, string detail)
        => flaws.Add(code, data.Images.File(image), $"image {data.Images.IdText(image)} '{data.Images.File(image)}'", detail);

    private static string Size(int width, int height) => $"{width}x{height}";
}
