namespace Ballast;

/// <summary>
/// Open Images CSV (Kuznetsova et al. 2020, arXiv:1811.00982): boxes in fractions of the image (XMin, XMax, YMin, YMax), a row a box; class codes with
/// their names in <c>class-descriptions</c>; labels of whole images, of which those with confidence 0 say that a class is absent. IsGroupOf is the crowd.
/// Sizes come from the images' headers.
/// </summary>
public sealed partial class OpenImagesFormat : AnnotationFormat
{
    /// <inheritdoc/>
    public override string Name => "open-images";

    /// <inheritdoc/>
    public override string Title => "Open Images CSV";

    /// <inheritdoc/>
    internal override string LookedFor => "a .csv with the columns ImageID, LabelName, XMin, XMax, YMin, YMax";

    /// <inheritdoc/>
    internal override string? Recognize(FileTree tree, string? file)
    {
        if (file is not null) return OpenImagesFile.IsCsv(file) && OpenImagesFile.KindOf(tree, file) == OpenImagesKind.Boxes ? file : null;
        return OpenImagesFile.Find(tree).Any(found => found.Kind == OpenImagesKind.Boxes) ? "" : null;
    }

    /// <inheritdoc/>
    internal override DetectionDataset Read(FileTree tree, string entry, string path, LoadOptions options)
    {
        var files = OpenImagesFile.Find(tree);
        if (entry.Length > 0) files = OnlyBoxesOf(files, entry);
        if (options.Part is { } asked)
        {
            var parts = files.Where(file => file.Kind == OpenImagesKind.Boxes).Select(file => file.Part).OfType<string>();
            files = OnlyPart(files, PartName.Choose(asked, parts, path));
        }

        var builder = new DatasetBuilder(BoxEncoding.NormalizedCorners, options.Flaws);
        var reader = new OpenImagesReader(tree, builder, options);
        reader.Read(files);
        return builder.Build(FormatDetection.NameOf(path), FormatDetection.SourceOf(this, tree, path, options));
    }

    /// <summary>Of the files with boxes only the one a person named; lists and labels of other parts are left out with theirs.</summary>
    private static IReadOnlyList<OpenImagesFile> OnlyBoxesOf(IReadOnlyList<OpenImagesFile> files, string entry)
    {
        var part = files.FirstOrDefault(file => file.Path == entry)?.Part;
        return [.. files.Where(file => file.Kind == OpenImagesKind.Boxes ? file.Path == entry : part is null || file.Part is null || file.Part == part)];
    }

    /// <summary>Files of one part, and those of none that belong to all.</summary>
    private static IReadOnlyList<OpenImagesFile> OnlyPart(IReadOnlyList<OpenImagesFile> files, string part)
        => [.. files.Where(file => file.Part == part || (file.Part is null && file.Kind != OpenImagesKind.Boxes))];
}
