namespace Ballast;

/// <summary>
/// COCO JSON (Lin et al. 2014, arXiv:1405.0312), with LVIS's fields: images, annotations and categories in one object; a folder or zip may hold a file a part.
/// Segmentations are kept as byte ranges and never parsed.
/// </summary>
public sealed class CocoFormat : AnnotationFormat
{
    internal const string FormatName = "coco";

    private static readonly (BoxMarks Mark, string Name)[] Attributes =
    [
        (BoxMarks.Difficult, "difficult"), (BoxMarks.Truncated, "truncated"), (BoxMarks.Occluded, "occluded"),
        (BoxMarks.Depiction, "depiction"), (BoxMarks.Inside, "inside"),
    ];

    /// <inheritdoc/>
    public override string Name => FormatName;

    /// <inheritdoc/>
    public override string Title => "COCO JSON";

    /// <summary>The marks that COCO has no field for, under the names they have in an annotation's attributes (as CVAT writes them).</summary>
    internal static ReadOnlySpan<(BoxMarks Mark, string Name)> AttributeNames => Attributes;

    /// <summary>The mark an attribute stands for.</summary>
    internal static BoxMarks MarkOf(ReadOnlySpan<byte> attribute)
    {
        foreach (var (mark, name) in Attributes)
        {
            if (System.Text.Ascii.Equals(attribute, name)) return mark;
        }

        return BoxMarks.None;
    }

    /// <inheritdoc/>
    internal override string LookedFor => "a .json with the keys images, annotations and categories";

    internal override string? Recognize(FileTree tree, string? file)
    {
        if (file is not null) return CocoProbe.IsCoco(tree, file) ? file : null;
        return CocoFile.Find(tree) switch
        {
            [] => null,
            [var alone] => alone.Entry,
            _ => "",
        };
    }

    internal override DetectionDataset Read(FileTree tree, string entry, string path, LoadOptions options)
    {
        var isNamed = entry.Length > 0 && tree is FolderTree && File.Exists(path);
        var files = isNamed ? [new CocoFile(entry, null)] : entry.Length > 0 ? CocoFile.WithParts([entry]) : CocoFile.Find(tree);
        if (files.Count == 0) throw new InputException($"'{path}' holds no COCO file: no json with images, annotations and categories. Name the file itself.");
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, options.Flaws);
        files = OfPart(files, options.Part, path);
        if (!isNamed) files = WithoutOutside(files, tree, options, path, builder.Flaws);
        return new CocoReader(builder, options).Read(tree, files, path);
    }

    /// <summary>
    /// Writes <c>instances.json</c>, or <c>annotations/instances_PART.json</c> for each part when the images have parts (images of no part into
    /// <c>annotations/instances.json</c>). Every file is complete under its temporary name before the first is renamed.
    /// </summary>
    /// <exception cref="InputException">A file cannot be written, or a segmentation's source has changed.</exception>
    internal override IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation)
    {
        var losses = LossOf(dataset);
        using var segmentations = new SegmentationReader(dataset.Source);
        Write(CocoWriter.Of(dataset, segmentations, cancellation), folder);
        return losses;
    }

    internal override IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset) => CocoLosses.Of(dataset);

    /// <summary>Writes the first file; before it gets its name, the others are written.</summary>
    private static void Write(ReadOnlySpan<CocoWriter> files, string folder)
    {
        if (files.IsEmpty) return;
        var (first, rest) = (files[0], files[1..].ToArray());
        AtomicFile.Write(Path.Combine(folder, first.FileName), stream =>
        {
            first.WriteTo(stream);
            stream.Flush();
            Write(rest, folder);
        });
    }

    /// <summary>The files that no link leads out of the data set; a file a person names is read wherever it leads.</summary>
    private static CocoFile[] WithoutOutside(IReadOnlyList<CocoFile> files, FileTree tree, LoadOptions options, string path, FlawCollector flaws)
    {
        var guard = new PathGuard(tree, options);
        var inside = files.Where(file => guard.Allows(file.Entry)).ToArray();
        if (inside.Length == 0)
        {
            throw new InputException(
                $"'{tree.Display(files[0].Entry)}' is a link that leads out of '{path}'. Name the file itself, or read with --allow-outside.");
        }

        foreach (var file in files.Except(inside)) flaws.Add(FlawCode.OutsidePath, file.Entry, $"file '{file.Entry}'", "a link that leads outside");
        return inside;
    }

    private static IReadOnlyList<CocoFile> OfPart(IReadOnlyList<CocoFile> files, string? part, string path)
    {
        if (part is null) return files;
        var chosen = PartName.Choose(part, files.Select(file => file.Part).OfType<string>(), path);
        return [.. files.Where(file => file.Part == chosen)];
    }
}
