namespace Ballast;

/// <summary>A folder or zip that images may be read from, and its files by name, indexed at the first use.</summary>
internal sealed class ImageRoot
{
    private readonly Lazy<Dictionary<string, List<string>>> _byName;

    public ImageRoot(FileTree tree, RealPath realPath)
    {
        Tree = tree;
        Folder = tree is FolderTree { FullPath: var full } ? Path.TrimEndingDirectorySeparator(full) : null;
        RealFolder = Folder is null ? null : realPath.Of(Folder);
        _byName = new(Index);
    }

    public FileTree Tree { get; }

    /// <summary>Full path as named; null for a zip.</summary>
    public string? Folder { get; }

    /// <summary>Full path with links followed; null for a zip.</summary>
    public string? RealFolder { get; }

    /// <summary>Files whose last step equals a name, upper and lower case alike.</summary>
    public IReadOnlyList<string> Named(string name) => _byName.Value.TryGetValue(name, out var paths) ? paths : [];

    private Dictionary<string, List<string>> Index()
    {
        var index = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in Tree.Files)
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            if (!ImageName.HasImageExtension(name)) continue;
            if (index.TryGetValue(name, out var paths)) paths.Add(path);
            else index.Add(name, [path]);
        }

        return index;
    }
}
