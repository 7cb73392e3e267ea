namespace Ballast;

/// <summary>What one image of a Pascal VOC set came to.</summary>
/// <param name="Item">Its files.</param>
/// <param name="File">The image's file name as the data set keeps it.</param>
/// <param name="Annotation">What its XML says; null without one.</param>
/// <param name="Width">Pixels; 0 when not known.</param>
/// <param name="Height">Pixels; 0 when not known.</param>
/// <param name="Flaws">What is wrong.</param>
internal sealed record PascalVocImage(PascalVocItem Item, string File, PascalVocAnnotation? Annotation, int Width, int Height, List<FileFlaw> Flaws);

/// <summary>Reads the images of a Pascal VOC set one by one: <see cref="Read"/> on any thread, <see cref="Add"/> in order.</summary>
internal sealed class PascalVocReader(FileTree tree, PascalVocLayout layout, LoadOptions options)
{
    private readonly ImageSizes _sizes = new(tree, options);
    private readonly PathGuard _guard = new(tree, options);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly List<string> _sources = [];

    /// <summary>Reads the annotation and the image's header.</summary>
    public PascalVocImage Read(PascalVocParser parser, PascalVocItem item)
    {
        var annotation = item.Xml is null ? null : ReadXml(parser, item.Xml);
        var flaws = annotation?.Flaws ?? [];
        if (annotation is null) flaws.Add(new(FlawCode.LabelMissing, 0, "", ""));
        var file = ImageFileOf(item, annotation, flaws);
        var (width, height) = (annotation?.Width ?? 0, annotation?.Height ?? 0);
        if (width == 0 || height == 0) (width, height) = (0, 0);
        if (ProbeIfUseful(item, file, width) is { } size) (width, height) = Settle(size, annotation, width, height, flaws);
        else if (width == 0) flaws.Add(new(FlawCode.ImageSizeMissing, 0, "", ""));
        FindTouchedEdges(annotation, width, height, flaws);
        return new(item, file, annotation, width, height, flaws);
    }

    /// <summary>Puts a result into the builder.</summary>
    public void Add(PascalVocImage result, DatasetBuilder builder, PascalVocClasses classes)
    {
        var source = result.Item.Xml ?? result.File;
        _sources.Add(source);
        foreach (var flaw in result.Flaws) flaw.AddTo(builder.Flaws, tree, source, result.File);
        if (!_files.Add(result.File)) builder.Flaws.Add(FlawCode.DuplicateImageFile, tree.Display(source), $"image '{result.File}'");
        var image = builder.AddImage(builder.ImageCount, result.File, result.Width, result.Height, result.Item.Part);
        foreach (var item in result.Annotation?.Objects ?? [])
        {
            var number = classes.Of(item.Name);
            if (number < 0) builder.Flaws.Add(FlawCode.UnknownClass, tree.Display(source), $"an object of image '{result.File}'", "it has no name");
            builder.AddBox(image, number, item.X1, item.Y1, item.X2, item.Y2, item.Marks);
        }
    }

    /// <summary>The file that holds the boxes of an image.</summary>
    public string FileOf(int image) => tree.Display(_sources[image]);

    private PascalVocAnnotation ReadXml(PascalVocParser parser, string xml)
    {
        if (_guard.Allows(xml)) return parser.Read(tree, xml);
        var refused = new PascalVocAnnotation();
        refused.Flaws.Add(new(FlawCode.OutsidePath, 0, "", "the annotation is a link that leads outside"));
        return refused;
    }

    /// <summary>The image's file: that of the XML's own name when it exists, else the one the XML names.</summary>
    private string ImageFileOf(PascalVocItem item, PascalVocAnnotation? annotation, List<FileFlaw> flaws)
    {
        var named = annotation is null ? "" : LastStep(annotation.FileName);
        var namedStem = ImageName.HasImageExtension(named) ? Path.GetFileNameWithoutExtension(named) : named;
        var differs = named.Length > 0 && namedStem != LastStep(item.Stem) && named != LastStep(item.Stem);
        if (differs) flaws.Add(new(FlawCode.FileNameMismatch, 0, "", $"it names '{annotation!.FileName}'"));
        if (item.Image is { } image) return image;
        if (named.Length == 0) return item.Folder + item.Stem;
        var root = item.Folder.EndsWith("JPEGImages/", StringComparison.Ordinal) ? item.Folder[..^"JPEGImages/".Length] : item.Folder;
        return layout.ImageOf(root, namedStem) ?? item.Folder + named;
    }

    /// <summary>The image's header; null when neither the image nor another image of the set is in the tree, and nothing depends on finding it.</summary>
    private ImageSize? ProbeIfUseful(PascalVocItem item, string file, int width)
        => item.Image is not null || width == 0 || layout.HasImages || options.ImageFolders.Count > 0 ? _sizes.Read(file) : null;

    private (int Width, int Height) Settle(ImageSize size, PascalVocAnnotation? annotation, int width, int height, List<FileFlaw> flaws)
    {
        flaws.AddRange(size.Flaws);
        if (size.Outcome == ImageSearchOutcome.Missing) flaws.Add(new(FlawCode.ImageMissing, 0, "", _sizes.Searched));
        if (width == 0)
        {
            if (annotation is not null)
                flaws.Add(new(FlawCode.ImageSizeMissing, 0, "", size.IsKnown ? $"read from the image: {size.Width}x{size.Height}" : ""));
            return (size.Width, size.Height);
        }

        if (size.IsKnown && (size.Width, size.Height) != (width, height))
            flaws.Add(new(FlawCode.ImageSizeMismatch, 0, "", $"annotation {width}x{height}, image {size.Width}x{size.Height}"));
        return (width, height);
    }

    private static void FindTouchedEdges(PascalVocAnnotation? annotation, int width, int height, List<FileFlaw> flaws)
    {
        if (annotation is null || width == 0) return;
        for (var i = 0; i < annotation.Objects.Count; i++)
        {
            var item = annotation.Objects[i];
            if (item.X2 == width || item.Y2 == height)
                flaws.Add(new(FlawCode.TouchesEdge, 0, "an object", $"xmax {item.X2}, ymax {item.Y2}, image {width}x{height}"));
        }
    }

    private static string LastStep(string path) => path[(path.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
}
