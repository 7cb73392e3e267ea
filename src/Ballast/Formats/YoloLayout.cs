namespace Ballast;

/// <summary>One image of a YOLO set, as its files lie. Paths are the tree's; ".." steps at the front lead to the folder above.</summary>
/// <param name="Image">The image; without extension when only its label is there.</param>
/// <param name="Label">Its label file, or null when there is none.</param>
/// <param name="Part">Its part, or null.</param>
/// <param name="HasImage">Whether the image is there.</param>
/// <param name="IsListed">Whether a list names the image (else it was found, or only its label was).</param>
internal readonly record struct YoloItem(string Image, string? Label, string? Part, bool HasImage, bool IsListed);

/// <summary>
/// Finds the images and labels of a YOLO set: the folders and lists a configuration names, or everything in the tree. The label of <c>images/train/a.jpg</c> is
/// <c>labels/train/a.txt</c> (the last step named images counts) or stands beside it.
/// </summary>
internal sealed class YoloLayout(FileTree tree, PathGuard guard, FlawCollector flaws)
{
    private readonly HashSet<string> _files = new(tree.Files, StringComparer.Ordinal);
    private readonly List<YoloItem> _items = [];
    private readonly Dictionary<string, string?> _partOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);
    private readonly List<string> _labelFolders = [];
    private readonly HashSet<string> _notLabels = new(StringComparer.Ordinal);

    /// <summary>The images, parts in the order they are named.</summary>
    public IReadOnlyList<YoloItem> Items => _items;

    /// <summary>Whether any image is there; labels alone are a set too.</summary>
    public bool HasImages { get; private set; }

    /// <summary>Files that are no labels whatever their name: lists and names.</summary>
    public void ExcludeLabel(string? path)
    {
        if (path is not null) _notLabels.Add(path);
    }

    /// <summary>Adds a part: a folder or a list of images, from the folders a configuration may mean.</summary>
    /// <param name="bases">Folders the target may start from, the likeliest first.</param>
    /// <param name="part">Name of the part.</param>
    /// <param name="target">As the configuration writes it.</param>
    /// <param name="configuration">The configuration, for messages.</param>
    public void AddPart(IReadOnlyList<string> bases, string part, string target, string configuration)
    {
        if (FindTarget(bases, target) is not { } found)
        {
            if (YoloConfig.IsPartKey(part)) flaws.Add(FlawCode.PartMissing, tree.Display(configuration), $"{part}: {target}");
            return;
        }

        if (!guard.Allows(found)) flaws.Add(FlawCode.OutsidePath, tree.Display(configuration), $"{part}: {target}", tree.Display(found));
        else if (found.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)) AddList(found, part);
        else AddFolder(found, part);
    }

    /// <summary>Adds the images a list names, a path a line.</summary>
    public void AddList(string list, string? part)
    {
        _notLabels.Add(list);
        var folder = FolderOf(list);
        using var reader = new StreamReader(tree.OpenForward(list));
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Trim() is not { Length: > 0 } path) continue;
            var image = FindListed(folder, path);
            if (!guard.Allows(image)) flaws.Add(FlawCode.OutsidePath, tree.Display(list), $"'{path}'", "", number);
            else Add(image, part, Exists(image), isListed: true);
        }
    }

    /// <summary>Adds all images of the tree, and the parts that folders named train, valid, test ... make.</summary>
    public void AddEverything()
    {
        foreach (var path in tree.Files)
        {
            if (ImageName.HasImageExtension(path)) Add(path, PartName.InPath(path), hasImage: true, isListed: false);
        }

        _labelFolders.Add("");
    }

    /// <summary>Adds the label files without an image, in the folders of labels that were met.</summary>
    public void AddOrphans()
    {
        foreach (var path in tree.Files)
        {
            if (!path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) || _labels.Contains(path) || _notLabels.Contains(path)) continue;
            if (_labelFolders.Find(folder => path.StartsWith(folder, StringComparison.Ordinal)) is not { } folder) continue;
            if (!YoloLabels.LooksLikeLabel(tree, path, emptyCounts: IsInLabels(path))) continue;
            _items.Add(new(ImageOf(path), path, _partOf.GetValueOrDefault(folder) ?? PartName.InPath(path), HasImage: false, IsListed: false));
        }
    }

    /// <summary>
    /// The path of a file a configuration names, or null: from its folders, without "../", or with steps at the front left out (<c>data/obj.names</c>).
    /// </summary>
    public string? FindFile(IReadOnlyList<string> bases, string name) => Candidates(bases, name).FirstOrDefault(Exists);

    private void AddFolder(string folder, string part)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        var labels = LabelOf(prefix + "x.jpg", mirrored: true) is { } mirrored ? FolderOf(mirrored) : prefix;
        _partOf.TryAdd(labels, part);
        _labelFolders.Add(labels);
        foreach (var path in FilesIn(folder))
        {
            if (ImageName.HasImageExtension(path)) Add(path, part, hasImage: true, isListed: false);
        }
    }

    private void Add(string image, string? part, bool hasImage, bool isListed)
    {
        if (!_partOf.TryAdd(image, part))
        {
            var first = _partOf[image];
            var code = first == part ? FlawCode.DuplicateImageFile : FlawCode.LeakedImage;
            flaws.Add(code, tree.Display(image), $"image '{image}'", first == part ? "named twice; read once" : $"in {first} and {part}; read as {first}");
            return;
        }

        var label = LabelOf(image, mirrored: true) is { } mirrored && Exists(mirrored) ? mirrored : LabelOf(image, mirrored: false);
        if (label is null || _notLabels.Contains(label) || !Exists(label)) label = null;
        else _labels.Add(label);
        HasImages |= hasImage;
        _items.Add(new(image, label, part, hasImage, isListed));
    }

    /// <summary>Files below a folder: from the list of the tree, or from the disk when the folder stands beside the tree.</summary>
    private IEnumerable<string> FilesIn(string folder)
    {
        if (folder.Length == 0) return tree.Files;
        if (!folder.StartsWith("..", StringComparison.Ordinal)) return tree.Files.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal));
        using var beside = new FolderTree(Path.Combine(((FolderTree)tree).FullPath, folder));
        return [.. beside.Files.Select(path => $"{folder}/{path}")];
    }

    private string? FindTarget(IReadOnlyList<string> bases, string target)
        => Candidates(bases, target.TrimEnd('/', '\\'))
            .FirstOrDefault(path => path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? Exists(path) : FolderExists(path));

    private IEnumerable<string> Candidates(IReadOnlyList<string> bases, string name)
    {
        var rest = name.Replace('\\', '/');
        foreach (var folder in bases) yield return guard.Resolve(folder, rest);
        while (rest.StartsWith("../", StringComparison.Ordinal))
        {
            rest = rest[3..];
            foreach (var folder in bases) yield return guard.Resolve(folder, rest);
        }

        for (var slash = rest.IndexOf('/'); slash >= 0; slash = rest.IndexOf('/'))
        {
            rest = rest[(slash + 1)..];
            foreach (var folder in bases) yield return guard.Resolve(folder, rest);
        }
    }

    /// <summary>
    /// The image a line of a list means: that there is, or whose label there is, the longest end of the path first; else the path as it stands.
    /// </summary>
    private string FindListed(string folder, string path)
    {
        string[] bases = [folder, ""];
        if (FindFile(bases, path) is { } found) return found;
        var labelled = Candidates(bases, path).FirstOrDefault(image => IsThere(LabelOf(image, mirrored: true)) || IsThere(LabelOf(image, mirrored: false)));
        return labelled ?? guard.Resolve(Path.IsPathFullyQualified(path) ? "" : folder, path);
    }

    private bool Exists(string path) => path.StartsWith("..", StringComparison.Ordinal) ? guard.Allows(path) && tree.Exists(path) : _files.Contains(path);

    private bool IsThere(string? path) => path is not null && Exists(path);

    private bool FolderExists(string path)
    {
        if (path.StartsWith("..", StringComparison.Ordinal)) return tree is FolderTree { FullPath: var root } && Directory.Exists(Path.Combine(root, path));
        return path.Length == 0 || FirstFileIn(path + "/") || FirstFileIn(LabelOf(path + "/x.jpg", mirrored: true) is { } label ? FolderOf(label) : path + "/");
    }

    /// <summary>Whether any file's path starts so: the files are sorted.</summary>
    private bool FirstFileIn(string prefix)
    {
        var (low, high) = (0, tree.Files.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(tree.Files[middle], prefix) < 0) low = middle + 1;
            else high = middle;
        }

        return low < tree.Files.Count && tree.Files[low].StartsWith(prefix, StringComparison.Ordinal);
    }

    /// <summary>The label of an image: in the mirrored folder (null when no step is named images), or beside it.</summary>
    private static string? LabelOf(string image, bool mirrored)
    {
        var stem = ImageName.HasImageExtension(image) ? image[..image.LastIndexOf('.')] : image;
        return mirrored ? Swap(stem, "images", "labels") is { } swapped ? swapped + ".txt" : null : stem + ".txt";
    }

    /// <summary>The image of a label, without its extension.</summary>
    private static string ImageOf(string label) => Swap(label[..^4], "labels", "images") ?? label[..^4];

    private static bool IsInLabels(string path) => Swap(path, "labels", "images") is not null;

    /// <summary>The path with its last folder of one name replaced by another, or null when it has none.</summary>
    private static string? Swap(string path, string name, string by)
    {
        var at = path.LastIndexOf($"/{name}/", StringComparison.OrdinalIgnoreCase) + 1;
        if (at == 0 && !path.StartsWith($"{name}/", StringComparison.OrdinalIgnoreCase)) return null;
        return string.Concat(path.AsSpan(0, at), by, path.AsSpan(at + name.Length));
    }

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];
}
