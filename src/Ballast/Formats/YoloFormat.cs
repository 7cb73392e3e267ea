namespace Ballast;

/// <summary>
/// YOLO: a text file an image with rows <c>class cx cy w h</c> in fractions of the image (darknet; ultralytics' <c>data.yaml</c>). Read are
/// <c>data.yaml</c>, darknet's <c>obj.data</c>, <c>classes.txt</c> and <c>*.names</c>, lists of images, <c>images/</c> with <c>labels/</c>, and labels
/// beside the images. Sizes come from the images' headers.
/// </summary>
public sealed partial class YoloFormat : AnnotationFormat
{
    private const int MostSniffed = 32;

    /// <inheritdoc/>
    public override string Name => "yolo";

    /// <inheritdoc/>
    public override string Title => "YOLO";

    /// <inheritdoc/>
    internal override string LookedFor => "data.yaml, obj.data, or .txt labels with rows 'class cx cy w h' under labels/ or beside images";

    /// <inheritdoc/>
    internal override string? Recognize(FileTree tree, string? file)
    {
        if (file is not null) return YoloFiles.IsEntry(tree, file) ? file : null;
        return YoloFiles.FindConfiguration(tree) ?? (HasLabels(tree) ? "" : null);
    }

    /// <inheritdoc/>
    internal override DetectionDataset Read(FileTree tree, string entry, string path, LoadOptions options)
    {
        var builder = new DatasetBuilder(BoxEncoding.NormalizedCenterSize, options.Flaws);
        var guard = new PathGuard(tree, options);
        var layout = new YoloLayout(tree, guard, builder.Flaws);
        var config = ReadConfiguration(tree, entry, layout, builder.Flaws);
        AddImages(layout, config, entry, guard);
        var items = layout.Items;
        if (options.Part is { } asked)
        {
            var part = PartName.Choose(asked, items.Select(item => item.Part).OfType<string>(), path);
            items = [.. items.Where(item => item.Part == part)];
        }

        using var parsers = new ThreadLocal<YoloLabels>(() => new(config.KeypointColumns));
        var reader = new YoloReader(tree, guard, options, layout.HasImages, config);
        builder.AnnotationFileOf = reader.FileOf;
        FileBatches.Read(items.Count, i => reader.Read(parsers.Value!, items[i]), (i, result) => reader.Add(items[i], result, builder), options);
        reader.DefineClasses(builder);
        return builder.Build(FormatDetection.NameOf(path), FormatDetection.SourceOf(this, tree, path, options));
    }

    private static YoloConfig ReadConfiguration(FileTree tree, string entry, YoloLayout layout, FlawCollector flaws)
    {
        if (YoloFiles.IsYaml(entry)) return YoloConfig.ReadYaml(tree, entry, flaws);
        if (entry.EndsWith(".data", StringComparison.OrdinalIgnoreCase))
        {
            var folder = entry[..(entry.LastIndexOf('/') + 1)];
            return YoloConfig.ReadData(tree, entry, name => layout.FindFile([folder, ""], name), flaws);
        }

        var names = YoloFiles.IsNames(entry) ? entry : YoloFiles.FindNames(tree);
        layout.ExcludeLabel(names);
        return YoloConfig.OfNames(tree, names);
    }

    private static void AddImages(YoloLayout layout, YoloConfig config, string entry, PathGuard guard)
    {
        foreach (var names in YoloFiles.NamesLikeLabels) layout.ExcludeLabel(config.Folder + names);
        if (config.Parts.Count > 0)
        {
            string[] bases = config.Path is { } path ? [guard.Resolve(config.Folder, path), config.Folder] : [config.Folder];
            foreach (var (part, target) in config.Parts) layout.AddPart(bases, part, target, entry);
        }
        else if (entry.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && !YoloFiles.IsNames(entry))
        {
            layout.AddList(entry, PartName.IsWord(Path.GetFileNameWithoutExtension(entry)) ? Path.GetFileNameWithoutExtension(entry) : null);
        }
        else
        {
            layout.AddEverything();
        }

        layout.AddOrphans();
    }

    /// <summary>Whether there are labels by content: under labels/, or beside an image of the same name.</summary>
    private static bool HasLabels(FileTree tree)
    {
        var images = tree.Files.Where(path => ImageName.HasImageExtension(path)).Select(path => path[..path.LastIndexOf('.')]);
        var stems = new Lazy<HashSet<string>>(() => [.. images]);
        var hasNames = new Lazy<bool>(() => YoloFiles.FindNames(tree) is not null);
        return tree.Files
            .Where(path => path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && !YoloFiles.IsNames(path))
            .Where(path => $"/{path}".Contains("/labels/", StringComparison.OrdinalIgnoreCase) || stems.Value.Contains(path[..^4]))
            .Take(MostSniffed)
            .Any(path => YoloLabels.LooksLikeLabel(tree, path, emptyCounts: hasNames.Value));
    }
}
