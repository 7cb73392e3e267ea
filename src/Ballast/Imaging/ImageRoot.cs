using System.Collections.Concurrent;

namespace Ballast;

/// <summary>A folder or zip that images may be read from, and its files by name, indexed at the first use.</summary>
internal sealed class ImageRoot
{
    /// <summary>Lookups in one folder after which it is listed: asking the disk for each of a hundred thousand names costs minutes.</summary>
    private const int LookupsBeforeListing = 64;

    private static readonly StringComparer NameComparer = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private readonly ConcurrentDictionary<string, Listing> _listings = new(StringComparer.Ordinal);
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

    /// <summary>Whether there is a file at a path, by its folder's listing once that pays.</summary>
    public bool Exists(string path)
    {
        if (Folder is null) return Tree.Exists(path);
        var slash = path.LastIndexOf('/');
        var listing = _listings.GetOrAdd(slash < 0 ? "" : path[..slash], static _ => new());
        return listing.Names(LookupsBeforeListing, slash < 0 ? Folder : Path.Combine(Folder, path[..slash])) is { } names ? names.Contains(path[(slash + 1)..]) : Tree.Exists(path);
    }

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

    /// <summary>The files of one folder, listed when it has been asked for often enough.</summary>
    private sealed class Listing
    {
        private readonly Lock _reading = new();
        private HashSet<string>? _names;
        private int _lookups;

        /// <summary>The names, or null while single lookups are cheaper.</summary>
        public HashSet<string>? Names(int after, string folder)
        {
            if (_names is { } names) return names;
            if (Interlocked.Increment(ref _lookups) <= after) return null;
            lock (_reading) return _names ??= Read(folder);
        }

        private static HashSet<string> Read(string folder)
        {
            var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
            return Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder, "*", options).Select(path => Path.GetFileName(path)).ToHashSet(NameComparer)
                : [];
        }
    }
}
