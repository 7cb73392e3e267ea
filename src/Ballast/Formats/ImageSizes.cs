namespace Ballast;

/// <summary>What the header of an image says, and what is wrong with the file.</summary>
/// <param name="Outcome">Whether the file was found.</param>
/// <param name="Width">Pixels as displayed; 0 when not known.</param>
/// <param name="Height">Pixels as displayed; 0 when not known.</param>
/// <param name="Flaws">What is wrong.</param>
internal readonly record struct ImageSize(ImageSearchOutcome Outcome, int Width, int Height, IReadOnlyList<FileFlaw> Flaws)
{
    public bool IsKnown => Width > 0;

    /// <summary>What became of a size that the annotations do not give.</summary>
    public string Describe(ImageSizes sizes)
        => IsKnown ? $"read from the image: {Width}x{Height}" : Outcome == ImageSearchOutcome.Missing ? $"the image is not found; {sizes.Searched}" : "";
}

/// <summary>Reads the sizes of images from their headers. Safe to call from several threads.</summary>
internal sealed class ImageSizes(FileTree tree, LoadOptions options)
{
    private const int TinySide = 10;
    private readonly ImageLocator _locator = new(tree, "", options.ImageFolders, options.AllowOutside);
    private string? _searched;

    /// <summary>"searched A, B": the places, for sentences.</summary>
    public string Searched => _searched ??= $"searched {string.Join(", ", _locator.Searched)}";

    /// <summary>
    /// The size of an image; a file that is not found is a flaw, except where <see cref="ImageSearchOutcome.Missing"/> is for the reader to judge.
    /// </summary>
    public ImageSize Read(string file)
    {
        var search = _locator.Search(file);
        return search.Outcome switch
        {
            ImageSearchOutcome.Found => Probe(search.Place!),
            ImageSearchOutcome.Missing => new(search.Outcome, 0, 0, []),
            ImageSearchOutcome.Outside => new(search.Outcome, 0, 0, [new(FlawCode.OutsidePath, 0, "", search.Detail)]),
            _ => new(search.Outcome, 0, 0, [new(FlawCode.ImageMissing, 0, "", $"several could be meant: {search.Detail}")]),
        };
    }

    private ImageSize Probe(ImagePlace place)
    {
        ImageHeader? read;
        try
        {
            using var stream = place.Tree.OpenForward(place.Entry);
            read = ImageFile.TryProbe(stream);
        }
        catch (InputException e)
        {
            return new(ImageSearchOutcome.Found, 0, 0, [new(FlawCode.ImageUnreadable, 0, "", e.Message)]);
        }

        if (read is not { } header) return new(ImageSearchOutcome.Found, 0, 0, [new(FlawCode.ImageUnreadable, 0, "", place.Display)]);
        return new(ImageSearchOutcome.Found, header.Width, header.Height, Judge(header));
    }

    private List<FileFlaw> Judge(ImageHeader header)
    {
        var flaws = new List<FileFlaw>(0);
        if (header.PixelCount > options.MaxMegapixels * 1_000_000L)
            flaws.Add(new(FlawCode.ImageTooLarge, 0, "", $"{header.Width}x{header.Height}, more than {options.MaxMegapixels} megapixels"));
        if (Math.Min(header.Width, header.Height) < TinySide) flaws.Add(new(FlawCode.ImageTiny, 0, "", $"{header.Width}x{header.Height}"));
        if (header.IsTurned) flaws.Add(new(FlawCode.ImageRotated, 0, "", $"orientation {header.Orientation}"));
        return flaws;
    }
}
