namespace Ballast;

/// <summary>
/// Pascal VOC: one XML file an image (Everingham et al., "The Pascal Visual Object Classes Challenge", 2010). Corners are read as they stand, since tools
/// do not agree on the standard's "1-based, inclusive" (<see cref="LoadOptions.VocOneBased"/> reads by the standard). Classes are ordered by name, or as
/// CVAT's <c>labelmap.txt</c> lists them.
/// </summary>
public sealed partial class PascalVocFormat : AnnotationFormat
{
    private const int MostSniffed = 16;

    /// <inheritdoc/>
    public override string Name => "voc";

    /// <inheritdoc/>
    public override string Title => "Pascal VOC";

    /// <inheritdoc/>
    internal override string LookedFor => "Annotations/*.xml, or .xml beside images, with <annotation> as root";

    /// <inheritdoc/>
    internal override string? Recognize(FileTree tree, string? file)
    {
        var parser = new PascalVocParser();
        if (file is not null) return IsXml(file) && parser.IsAnnotation(tree, file) ? file : null;
        return tree.Files.Where(IsXml).Take(MostSniffed).Any(path => parser.IsAnnotation(tree, path)) ? "" : null;
    }

    /// <inheritdoc/>
    internal override DetectionDataset Read(FileTree tree, string entry, string path, LoadOptions options)
    {
        var builder = new DatasetBuilder(options.VocOneBased ? BoxEncoding.CornersOneBased : BoxEncoding.Corners, options.Flaws);
        var layout = new PascalVocLayout(tree);
        layout.Find(entry, builder.Flaws);
        var items = layout.Items;
        if (options.Part is { } asked)
        {
            var part = PartName.Choose(asked, items.Select(item => item.Part).OfType<string>(), path);
            items = [.. items.Where(item => item.Part == part)];
        }

        using var parsers = new ThreadLocal<PascalVocParser>(() => new());
        var reader = new PascalVocReader(tree, layout, options);
        builder.AnnotationFileOf = reader.FileOf;
        var classes = new PascalVocClasses(builder);
        FileBatches.Read(items.Count, i => reader.Read(parsers.Value!, items[i]), (i, result) => reader.Add(result, builder, classes), options);
        classes.Define(layout.Roots.Select(root => ClassesOf(tree, root)).FirstOrDefault(names => names.Count > 0) ?? []);
        return builder.Build(FormatDetection.NameOf(path), FormatDetection.SourceOf(this, tree, path, options));
    }

    private static bool IsXml(string path) => path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase);

    /// <summary>The classes CVAT lists beside the annotations: "name:color:parts:actions", background left out.</summary>
    private static List<string> ClassesOf(FileTree tree, string root)
    {
        var names = new List<string>();
        if (!tree.Exists(root + "labelmap.txt")) return names;
        using var reader = new StreamReader(tree.OpenForward(root + "labelmap.txt"));
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(':');
            if (line.StartsWith('#') || fields.Length < 4) continue;
            var name = string.Join(':', fields[..^3]).Trim();
            var isCvatBackground = name == "background" && fields[^3].Length > 0;
            if (name.Length > 0 && !isCvatBackground) names.Add(name);
        }

        return names;
    }
}

/// <summary>The classes of a Pascal VOC set as they are met; their order is decided when all are known.</summary>
internal sealed class PascalVocClasses(DatasetBuilder builder)
{
    private readonly Dictionary<string, int> _met = new(StringComparer.Ordinal);

    /// <summary>The provisional number of a class.</summary>
    public int Of(string name)
    {
        if (name.Length == 0) return BoxTable.UnknownClass;
        if (!_met.TryGetValue(name, out var number)) _met.Add(name, number = _met.Count);
        return number;
    }

    /// <summary>Defines the classes: those listed first, then the others by name (ordinal).</summary>
    public void Define(IReadOnlyList<string> listed)
    {
        var names = listed.Distinct(StringComparer.Ordinal).Concat(_met.Keys.Except(listed).Order(StringComparer.Ordinal)).ToArray();
        var map = new int[_met.Count];
        for (var i = 0; i < names.Length; i++)
        {
            builder.AddClass(names[i], i);
            if (_met.TryGetValue(names[i], out var number)) map[number] = i;
        }

        builder.RemapClasses(map);
    }
}
