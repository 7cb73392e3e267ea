namespace Ballast;

/// <summary>What one image of a YOLO set came to.</summary>
internal readonly record struct YoloImage(YoloLabel Label, ImageSize Size);

/// <summary>Reads the images of a YOLO set one by one: <see cref="Read"/> on any thread, <see cref="Add"/> in order.</summary>
internal sealed class YoloReader(FileTree tree, PathGuard guard, LoadOptions options, bool hasImages, YoloConfig config)
{
    private readonly ImageSizes _sizes = new(tree, options);
    private readonly Dictionary<long, int> _classes = Numbers(config.Classes ?? []);
    private readonly List<string> _sources = [];

    /// <summary>Reads the label and the image's header.</summary>
    public YoloImage Read(YoloLabels parser, YoloItem item)
    {
        var label = item.Label is null ? YoloLabel.Empty : guard.Allows(item.Label) ? parser.Read(tree, item.Label) : Outside;
        return new(label, _sizes.Read(item.Image));
    }

    /// <summary>Puts a result into the builder.</summary>
    public void Add(YoloItem item, YoloImage result, DatasetBuilder builder)
    {
        var flaws = builder.Flaws;
        var source = item.Label ?? item.Image;
        var isFound = result.Size.Outcome == ImageSearchOutcome.Found;
        if (!isFound && !item.HasImage && !item.IsListed && hasImages)
        {
            flaws.Add(FlawCode.LabelWithoutImage, tree.Display(source), $"{result.Label.Rows.Length} rows");
            return;
        }

        foreach (var flaw in result.Size.Flaws) flaw.AddTo(flaws, tree, item.Image, item.Image);
        if (result.Size.Outcome == ImageSearchOutcome.Missing)
            flaws.Add(item.IsListed ? FlawCode.ImageMissing : FlawCode.ImageSizeMissing, tree.Display(source), $"image '{item.Image}'", _sizes.Searched);
        if (item.Label is null) flaws.Add(FlawCode.LabelMissing, tree.Display(item.Image), $"image '{item.Image}'");
        foreach (var flaw in result.Label.Flaws) flaw.AddTo(flaws, tree, source, item.Image);
        _sources.Add(source);
        var image = builder.AddImage(builder.ImageCount, item.Image, result.Size.Width, result.Size.Height, item.Part);
        AddRows(image, item, result.Label.Rows, builder);
    }

    /// <summary>The file that holds the boxes of an image.</summary>
    public string FileOf(int image) => tree.Display(_sources[image]);

    /// <summary>Defines the classes: as the configuration has them, or those that were met.</summary>
    public void DefineClasses(DatasetBuilder builder)
    {
        if (config.Classes is { } known)
        {
            FindRepeatedNames(known, builder.Flaws);
            foreach (var (id, name) in known) builder.AddClass(name, id);
            return;
        }

        var map = new int[_classes.Count];
        foreach (var (id, number) in _classes.OrderBy(item => item.Key)) map[number] = builder.AddClass($"class_{id}", id);
        builder.RemapClasses(map);
    }

    private static Dictionary<long, int> Numbers(List<(long Id, string Name)> classes)
    {
        var numbers = new Dictionary<long, int>();
        for (var i = 0; i < classes.Count; i++) numbers.TryAdd(classes[i].Id, i);
        return numbers;
    }

    private static YoloLabel Outside => new([], [new(FlawCode.OutsidePath, 0, "", "the label is a link that leads outside")]);

    private void AddRows(int image, YoloItem item, YoloRow[] rows, DatasetBuilder builder)
    {
        foreach (var row in rows)
        {
            if (!_classes.TryGetValue(row.Class, out var number))
            {
                if (config.Classes is null && row.Class >= 0)
                {
                    _classes.Add(row.Class, number = _classes.Count);
                }
                else
                {
                    number = BoxTable.UnknownClass;
                    builder.Flaws.Add(FlawCode.UnknownClass, tree.Display(item.Label!), $"a row of image '{item.Image}'", $"class {row.Class}", row.Line);
                }
            }

            builder.AddBox(image, number, row.CenterX, row.CenterY, row.Width, row.Height);
        }
    }

    private void FindRepeatedNames(List<(long Id, string Name)> known, FlawCollector flaws)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<long>();
        foreach (var (id, name) in known)
        {
            if (!seen.Add(name)) flaws.Add(FlawCode.DuplicateClassName, tree.Root, $"class {id}", name);
            if (!ids.Add(id)) flaws.Add(FlawCode.DuplicateClassId, tree.Root, $"class {id}", name);
        }
    }
}
