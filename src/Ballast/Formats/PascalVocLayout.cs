namespace Ballast;

/// <summary>One image of a Pascal VOC set, as its files lie.</summary>
/// <param name="Stem">The name its files share, with folders below <c>Annotations/</c>.</param>
/// <param name="Xml">Its annotation, or null when there is none.</param>
/// <param name="Image">Its image, or null when the tree has none of that stem.</param>
/// <param name="Folder">The folder the image is expected in, with a slash at the end, or "".</param>
internal sealed record PascalVocItem(string Stem, string? Xml, string? Image, string Folder)
{
    /// <summary>The part it belongs to, or null.</summary>
    public string? Part { get; set; }
}

/// <summary>
/// Finds the files of a Pascal VOC set: <c>Annotations/*.xml</c> with <c>JPEGImages/</c> and <c>ImageSets/Main/*.txt</c>, at any depth and more than once
/// (VOC2007 beside VOC2012), or the xml beside its image, where folders named train, valid and test are the parts (Roboflow).
/// </summary>
internal sealed class PascalVocLayout(FileTree tree)
{
    private const string Annotations = "Annotations";
    private static readonly string[] ImageFolders = ["JPEGImages/", "images/", "Images/", ""];
    private static readonly string[] StandardLists = ["train", "val", "test", "trainval"];

    private readonly Dictionary<string, string> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Root, string Stem), PascalVocItem> _items = [];
    private readonly HashSet<string> _usedImages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _besideFolders = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _roots = new(StringComparer.Ordinal);

    /// <summary>The images of the set, in the order of their files.</summary>
    public IReadOnlyList<PascalVocItem> Items { get; private set; } = [];

    /// <summary>Folders that hold an <c>Annotations</c> folder, with a slash at the end, or "".</summary>
    public IReadOnlyCollection<string> Roots => _roots;

    /// <summary>Whether the tree holds images of the set at all; annotations alone are a set too.</summary>
    public bool HasImages => _usedImages.Count > 0;

    /// <summary>Lists everything, or one annotation.</summary>
    /// <param name="onlyXml">The one file to read, or "" for all.</param>
    /// <param name="flaws">Takes images that two parts list.</param>
    public void Find(string onlyXml, FlawCollector flaws)
    {
        foreach (var path in tree.Files.Where(path => ImageName.HasImageExtension(path))) _images.TryAdd(WithoutExtension(path), path);
        if (onlyXml.Length > 0) AddXml(onlyXml);
        else AddAllXml();

        if (onlyXml.Length == 0) AddImagesWithoutXml();
        foreach (var root in _roots) ReadLists(root, onlyXml.Length == 0, flaws);
        var ordered = _items.OrderBy(pair => pair.Key.Root, StringComparer.Ordinal).ThenBy(pair => pair.Key.Stem, StringComparer.Ordinal);
        Items = [.. ordered.Select(pair => pair.Value)];
    }

    /// <summary>
    /// Every xml; where there are Annotations folders, files elsewhere that are no annotations (a project's own) do not become images.
    /// </summary>
    private void AddAllXml()
    {
        var paths = tree.Files.Where(path => path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)).ToArray();
        var hasFolders = Array.Exists(paths, path => !Place(path).Beside);
        var parser = new PascalVocParser();
        foreach (var path in paths)
        {
            if (!hasFolders || !Place(path).Beside || parser.IsAnnotation(tree, path)) AddXml(path);
        }
    }

    private void AddXml(string path)
    {
        var (root, stem, beside) = Place(path);
        var image = ImageOf(root, stem);
        var folder = beside ? root : root + ImageFolders[0];
        if (image is not null)
        {
            _usedImages.Add(image);
            folder = image[..(image.LastIndexOf('/') + 1)];
        }

        if (beside) _besideFolders.Add(root);
        else _roots.Add(root);
        _items.TryAdd((root, stem), new(stem, path, image, folder) { Part = PartName.InPath(path) });
    }

    /// <summary>Images in the same folders that no xml describes: images without objects, as other readers take them.</summary>
    private void AddImagesWithoutXml()
    {
        foreach (var (key, path) in _images.OrderBy(pair => pair.Value, StringComparer.Ordinal))
        {
            if (_usedImages.Contains(path)) continue;
            var folder = path[..(path.LastIndexOf('/') + 1)];
            var root = _roots.FirstOrDefault(root => path.StartsWith(root + ImageFolders[0], StringComparison.Ordinal));
            if (root is not null) Add(root, key[(root.Length + ImageFolders[0].Length)..]);
            else if (_besideFolders.Contains(folder)) Add(folder, key[folder.Length..]);

            void Add(string place, string stem) => _items.TryAdd((place, stem), new(stem, null, path, folder) { Part = PartName.InPath(path) });
        }
    }

    /// <summary>Root and stem: below the last Annotations folder of the path, or beside the image.</summary>
    private static (string Root, string Stem, bool Beside) Place(string path)
    {
        var end = path.LastIndexOf($"/{Annotations}/", StringComparison.OrdinalIgnoreCase);
        if (end >= 0) return (path[..(end + 1)], WithoutExtension(path[(end + Annotations.Length + 2)..]), false);
        if (path.StartsWith($"{Annotations}/", StringComparison.OrdinalIgnoreCase)) return ("", WithoutExtension(path[(Annotations.Length + 1)..]), false);
        var folder = path.LastIndexOf('/') + 1;
        return (path[..folder], WithoutExtension(path[folder..]), true);
    }

    /// <summary>The image of a name an annotation gives, in the folders of its root, or null.</summary>
    public string? ImageOf(string root, string stem)
    {
        foreach (var folder in ImageFolders)
        {
            if (_images.TryGetValue(root + folder + stem, out var image)) return image;
        }

        return null;
    }

    /// <summary>The part lists: an image in train and trainval belongs to train; lists of one class (<c>aeroplane_train.txt</c>) are no parts.</summary>
    private void ReadLists(string root, bool addListed, FlawCollector flaws)
    {
        var folder = root + "ImageSets/Main/";
        var lists = tree.Files.Where(path => path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
            .Select(path => (Path: path, Part: WithoutExtension(path[folder.Length..])))
            .Where(list => !IsClassList(list.Part))
            .OrderBy(list => Array.IndexOf(StandardLists, list.Part) is var place and >= 0 and < 3 ? place : list.Part == "trainval" ? 5 : 4)
            .ThenBy(list => list.Part, StringComparer.Ordinal);
        foreach (var (path, part) in lists)
        {
            foreach (var stem in Stems(path, flaws))
            {
                if (addListed || _items.ContainsKey((root, stem))) Assign(root, stem, part, path, flaws);
            }
        }
    }

    private void Assign(string root, string stem, string part, string list, FlawCollector flaws)
    {
        if (!_items.TryGetValue((root, stem), out var item))
        {
            var image = ImageOf(root, stem);
            if (image is not null) _usedImages.Add(image);
            _items.Add((root, stem), item = new(stem, null, image, root + ImageFolders[0]));
        }

        if (item.Part is null) item.Part = part;
        else if (item.Part != part && Array.IndexOf(StandardLists, part) is >= 0 and < 3 && Array.IndexOf(StandardLists, item.Part) is >= 0 and < 3)
            flaws.Add(FlawCode.LeakedImage, tree.Display(list), $"image '{stem}'", $"in {item.Part} and {part}; read as {item.Part}");
    }

    /// <summary>The first word of each line; a second word (1, -1, 0) is a class list's and makes the file no part list.</summary>
    private List<string> Stems(string path, FlawCollector flaws)
    {
        var stems = new List<string>();
        try
        {
            using var reader = new StreamReader(tree.OpenForward(path));
            while (reader.ReadLine() is { } line)
            {
                var stem = line.Trim();
                if (stem.Length == 0) continue;
                var blank = stem.IndexOfAny([' ', '\t']);
                if (blank > 0 && int.TryParse(stem.AsSpan(blank).Trim(), out _)) return [];
                stems.Add(ImageName.HasImageExtension(stem) ? WithoutExtension(stem) : stem);
            }
        }
        catch (Exception e) when (e is InputException or IOException)
        {
            flaws.Add(FlawCode.FileMalformed, tree.Display(path), "the list", e.Message);
        }

        return stems;
    }

    private static bool IsClassList(string name)
        => name.Equals("default", StringComparison.OrdinalIgnoreCase)
            || Array.Exists(StandardLists, list => name.EndsWith($"_{list}", StringComparison.Ordinal));

    private static string WithoutExtension(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') ? path[..dot] : path;
    }
}
