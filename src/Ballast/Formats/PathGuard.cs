namespace Ballast;

/// <summary>
/// Which files a data set's own lists, configurations and links may lead to: those in its folder, in the folder above (Roboflow writes
/// <c>../train/images</c>) and in the folders a person named; others only when that is allowed. Safe to call from several threads.
/// </summary>
internal sealed class PathGuard
{
    private readonly FolderTree? _tree;
    private readonly RealPath _realPath = new();
    private readonly string[] _folders = [];
    private readonly bool _allowOutside;

    public PathGuard(FileTree tree, LoadOptions options)
    {
        _tree = tree as FolderTree;
        _allowOutside = options.AllowOutside;
        if (_tree is null) return;
        var root = Path.TrimEndingDirectorySeparator(_tree.FullPath);
        var folders = options.ImageFolders.Select(Path.GetFullPath).Prepend(root);
        if (Path.GetDirectoryName(root) is { } parent && Path.GetDirectoryName(parent) is not null) folders = folders.Append(parent);
        _folders = [.. folders.Select(_realPath.Of).OfType<string>()];
    }

    /// <summary>Whether a path of the tree (with ".." steps where it leads out of it) may be read.</summary>
    public bool Allows(string path)
    {
        if (path.Contains('\0')) return false;
        if (_tree is null || _allowOutside) return true;
        var real = _realPath.Of(Path.GetFullPath(Path.Combine(_tree.FullPath, path)));
        return real is not null && Array.Exists(_folders, folder => RealPath.IsWithin(real, folder));
    }

    /// <summary>
    /// The path of a file or folder in the tree: from a folder of the tree, with "." and ".." steps resolved; ".." steps at the front lead out of the
    /// tree.
    /// </summary>
    /// <param name="folder">Folder in the tree, "" for its root; with or without the slash at its end.</param>
    /// <param name="path">A relative path with forward slashes, or a full path.</param>
    public string Resolve(string folder, string path)
    {
        if (_tree is not null && Path.IsPathFullyQualified(path) && !path.Contains('\0')) return Path.GetRelativePath(_tree.FullPath, path).Replace('\\', '/');
        var steps = new List<string>();
        foreach (var step in $"{folder}/{path}".Split('/', '\\'))
        {
            if (step is "" or ".") continue;
            if (step == ".." && steps.Count > 0 && steps[^1] != "..") steps.RemoveAt(steps.Count - 1);
            else steps.Add(step);
        }

        return string.Join('/', steps);
    }
}
