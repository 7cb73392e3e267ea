namespace Ballast;

/// <summary>A folder on disk. Files are listed at the first use, so naming one large file in a folder of many costs nothing.</summary>
internal sealed class FolderTree : FileTree
{
    private readonly string _root;
    private readonly Lazy<string[]> _files;

    public FolderTree(string root)
    {
        Root = root;
        _root = Path.GetFullPath(root);
        _files = new(List);
    }

    public override string Root { get; }

    /// <summary>The folder's full path.</summary>
    public string FullPath => _root;

    public override IReadOnlyList<string> Files => _files.Value;

    public override bool Exists(string path) => File.Exists(Full(path));

    public override long Length(string path) => new FileInfo(Full(path)).Length;

    public override Stream Open(string path)
    {
        try
        {
            return new FileStream(Full(path), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{Display(path)}' cannot be read: {e.Message}", e);
        }
    }

    public override DateTime Written(string path) => File.GetLastWriteTimeUtc(Full(path));

    public override string Display(string path) => Path.Combine(Root, path);

    private string Full(string path) => Path.Combine(_root, path);

    private string[] List()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        var files = Directory.EnumerateFiles(_root, "*", options)
            .Select(file => Path.GetRelativePath(_root, file).Replace('\\', '/'))
            .ToArray();
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
