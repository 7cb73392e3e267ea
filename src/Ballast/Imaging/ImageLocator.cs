namespace Ballast;

/// <summary>
/// Finds the images that annotations name. Looked at, in this order: the name beside the annotations, in their <c>images</c> and <c>JPEGImages</c> folders, the
/// same from the data set's root and its parent (and the parent's folders), and in the folders a person named; then files of that name anywhere in the root and
/// those folders, the one that shares the longest end of the path, never one of several. A file that links lead out of these places is not opened unless that
/// is allowed. Safe to call from several threads.
/// </summary>
/// <param name="tree">The data set's files.</param>
/// <param name="folder">Folder of the annotation file in the tree, "" for its root.</param>
/// <param name="imageFolders">Further folders or zips, as a person named them.</param>
/// <param name="allowOutside">Whether a file may be read wherever its path leads.</param>
internal sealed class ImageLocator(FileTree tree, string folder, IReadOnlyList<string> imageFolders, bool allowOutside)
{
    /// <summary>A parent with more folders holds more than this data set, so they are not searched.</summary>
    private const int MostSiblings = 48;

    private const int MostNamed = 3;
    private readonly RealPath _realPath = new();
    private readonly string[] _folder = ImageName.Steps(folder.Length == 0 ? "." : folder);
    private readonly Lock _building = new();
    private Places? _places;

    /// <summary>The places searched, for messages.</summary>
    public IReadOnlyList<string> Searched => At.Searched;

    private Places At
    {
        get
        {
            if (_places is { } places) return places;
            lock (_building) return _places ??= Build();
        }
    }

    /// <summary>The file of an image, or null when it is not found, not readable from here, or ambiguous.</summary>
    /// <param name="file">As the annotations name it: a relative or absolute path of any operating system, or a URL.</param>
    public ImagePlace? Find(string file) => Search(file).Place;

    /// <summary>The file of an image, or why there is none.</summary>
    public ImageSearch Search(string file)
    {
        var steps = ImageName.Steps(file);
        if (steps.Length == 0) return new(ImageSearchOutcome.Missing, null, "");
        var refused = new Refused();
        var place = ImageName.IsAbsolute(file) ? FindAbsolute(file, refused) : FindRelative(steps, refused);
        if (place is not null) return Found(place);
        if (refused.Several is { } several) return Ambiguous(several);
        var named = FindByName(steps, refused);
        if (named.Count > 0) return named.Count == 1 ? Found(named[0]) : Ambiguous(named);
        return refused.Outside is { } outside ? new(ImageSearchOutcome.Outside, null, outside) : new(ImageSearchOutcome.Missing, null, "");
    }

    /// <summary>Opens a file that was found.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static Stream Open(ImagePlace place) => place.Open();

    private Places Build()
    {
        var root = new ImageRoot(tree, _realPath);
        var named = imageFolders.Select(name => new ImageRoot(OpenFolder(name), _realPath)).ToArray();
        var parent = ParentOf(root.Folder) is { } above ? new ImageRoot(new FolderTree(above), _realPath) : null;
        return new(root, parent, named, _folder);
    }

    /// <summary>The folder above; none when that is a whole disk, which would open everything.</summary>
    private static string? ParentOf(string? folder) => Path.GetDirectoryName(folder) is { } above && Path.GetDirectoryName(above) is not null ? above : null;

    private static FileTree OpenFolder(string name)
    {
        if (Directory.Exists(name) || (File.Exists(name) && Path.GetExtension(name).Equals(".zip", StringComparison.OrdinalIgnoreCase)))
            return FileTree.OpenTree(name);
        throw new InputException($"The image folder '{name}' does not exist, or is neither a folder nor a .zip. Give the folder the images are in.");
    }

    private ImagePlace? FindRelative(string[] steps, Refused refused)
    {
        var up = steps.TakeWhile(step => step == "..").Count();
        if (up > 0 && Upwards(steps, up, refused) is { } above) return above;
        var path = string.Join('/', steps.AsSpan(up)!);
        foreach (var (root, prefix) in At.Prefixes)
        {
            if (Take(root, prefix + path, refused) is { } place) return place;
        }

        return At.Parent is { } parent ? BesideRoot(parent, path, refused) : null;
    }

    /// <summary>A path that starts with ".." steps, taken at its word: from the annotations' folder upwards.</summary>
    private ImagePlace? Upwards(string[] steps, int up, Refused refused)
    {
        if (up <= _folder.Length) return Take(At.Root, string.Join('/', [.. _folder[..^up], .. steps[up..]]), refused);
        if (At.Root.Folder is not { } root) return null;
        var path = Path.GetFullPath(Path.Combine([root, .. _folder, .. steps]));
        return TakeFull(path, refused);
    }

    /// <summary>The parent's own folders: COCO's <c>annotations/</c> stands beside <c>train2017/</c>. One of several is not guessed here.</summary>
    private ImagePlace? BesideRoot(ImageRoot parent, string path, Refused refused)
    {
        var found = new List<ImagePlace>();
        foreach (var prefix in At.Siblings)
        {
            if (Take(parent, prefix + path, refused) is { } place) found.Add(place);
        }

        if (found.Count > 1) refused.Several = found;
        return found.Count == 1 ? found[0] : null;
    }

    private ImagePlace? FindAbsolute(string file, Refused refused)
    {
        if (!Path.IsPathFullyQualified(file) || file.StartsWith(@"\\", StringComparison.Ordinal) || file.StartsWith("//", StringComparison.Ordinal))
            return null;
        return TakeFull(Path.GetFullPath(file), refused);
    }

    /// <summary>Files of the same name anywhere in the root and the named folders: the one with the longest common end.</summary>
    private List<ImagePlace> FindByName(string[] steps, Refused refused)
    {
        var best = new List<(ImageRoot Root, string Path)>();
        var longest = 0;
        foreach (var name in NamesFor(steps[^1]))
        {
            foreach (var root in At.Indexed)
            {
                foreach (var path in root.Named(name))
                {
                    var common = CommonEnd(path, steps, name);
                    if (common < longest) continue;
                    if (common > longest) best.Clear();
                    longest = common;
                    best.Add((root, path));
                }
            }

            if (best.Count > 0) break;
        }

        var places = new List<ImagePlace>();
        foreach (var (root, path) in best)
        {
            if (Take(root, path, refused) is { } place && !places.Exists(other => IsSame(other, place))) places.Add(place);
        }

        return places;
    }

    /// <summary>The name itself, and when it does not end as images do (a bare id), the name with each extension.</summary>
    private static IEnumerable<string> NamesFor(string name)
        => ImageName.HasImageExtension(name) ? [name] : ImageName.Extensions.Select(extension => name + extension);

    /// <summary>Twice the number of last steps a path shares with the steps, upper and lower case alike; plus one when the case agrees too.</summary>
    private static int CommonEnd(string path, string[] steps, string name)
    {
        var other = path.Split('/');
        var (common, exact) = (1, other[^1] == name);
        while (common < Math.Min(other.Length, steps.Length) && other[^(common + 1)].Equals(steps[^(common + 1)], StringComparison.OrdinalIgnoreCase))
        {
            common++;
            exact &= other[^common] == steps[^common];
        }

        return common * 2 + (exact ? 1 : 0);
    }

    private static ImageSearch Found(ImagePlace place) => new(ImageSearchOutcome.Found, place, "");

    private static ImageSearch Ambiguous(List<ImagePlace> places)
        => new(ImageSearchOutcome.Ambiguous, null, string.Join(", ", places.Take(MostNamed).Select(place => place.Display)) + (places.Count > MostNamed ? " ..." : ""));

    private static bool IsSame(ImagePlace a, ImagePlace b)
        => a.Tree is FolderTree first && b.Tree is FolderTree second && Path.Combine(first.FullPath, a.Entry) == Path.Combine(second.FullPath, b.Entry);

    private ImagePlace? Take(ImageRoot root, string path, Refused refused)
    {
        if (!root.Exists(path)) return null;
        if (root.Folder is null || allowOutside) return new(root.Tree, path);
        var real = _realPath.Of(Path.GetFullPath(Path.Combine(root.Folder, path)));
        if (IsInside(real)) return new(root.Tree, path);
        refused.Outside ??= $"'{root.Tree.Display(path)}' leads to '{real ?? "nowhere"}'";
        return null;
    }

    /// <summary>Takes a full path when it leads into one of the roots, or anywhere when that is allowed.</summary>
    private ImagePlace? TakeFull(string path, Refused refused)
    {
        if (!File.Exists(path)) return null;
        if (allowOutside || IsInside(_realPath.Of(path))) return new(new FolderTree(Path.GetDirectoryName(path)!), Path.GetFileName(path));
        refused.Outside ??= $"'{path}'";
        return null;
    }

    private bool IsInside(string? real)
    {
        if (real is null) return false;
        foreach (var folder in At.RealFolders)
        {
            if (RealPath.IsWithin(real, folder)) return true;
        }

        return false;
    }

    /// <summary>What was met on the way and not taken.</summary>
    private sealed class Refused
    {
        public string? Outside { get; set; }

        public List<ImagePlace>? Several { get; set; }
    }

    /// <summary>The roots and, in the order they are tried, the folders in them.</summary>
    private sealed class Places
    {
        public Places(ImageRoot root, ImageRoot? parent, ImageRoot[] named, string[] folder)
        {
            (Root, Parent) = (root, parent);
            Indexed = [root, .. named];
            RealFolders = [.. Indexed.Append(parent).Select(place => place?.RealFolder).OfType<string>()];
            var own = folder.Length == 0 ? "" : string.Join('/', folder) + "/";
            Prefixes = [.. WithImageFolders(root, own), .. own.Length > 0 ? WithImageFolders(root, "") : [], .. named.SelectMany(place => WithImageFolders(place, ""))];
            Siblings = parent is null ? [] : [.. SiblingsIn(parent.Folder!)];
            var shown = Prefixes.Select(place => Shown(place.Root, place.Prefix));
            Searched = [.. parent is null ? shown : shown.Append(Siblings.Length > 1 ? $"{parent.Tree.Root} and its folders" : parent.Tree.Root)];
        }

        public ImageRoot Root { get; }

        public ImageRoot? Parent { get; }

        public ImageRoot[] Indexed { get; }

        public string[] RealFolders { get; }

        public (ImageRoot Root, string Prefix)[] Prefixes { get; }

        public string[] Siblings { get; }

        public string[] Searched { get; }

        private static IEnumerable<(ImageRoot Root, string Prefix)> WithImageFolders(ImageRoot root, string prefix)
            => [(root, prefix), (root, prefix + "images/"), (root, prefix + "JPEGImages/")];

        private static string Shown(ImageRoot root, string prefix) => prefix.Length == 0 ? root.Tree.Root : root.Tree.Display(prefix.TrimEnd('/'));

        private static IEnumerable<string> SiblingsIn(string parent)
        {
            var folders = FoldersIn(parent).Concat(FoldersIn(Path.Combine(parent, "images")).Select(name => $"images/{name}"));
            return folders.Select(name => name + "/").Prepend("");
        }

        private static string[] FoldersIn(string folder)
        {
            if (!Directory.Exists(folder)) return [];
            var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
            var folders = Directory.EnumerateDirectories(folder, "*", options).Select(path => Path.GetFileName(path)).Take(MostSiblings + 1).Order(StringComparer.Ordinal).ToArray();
            return folders.Length > MostSiblings ? [] : folders;
        }
    }
}
