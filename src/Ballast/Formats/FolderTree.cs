using System.IO.Enumeration;

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

    public override Stream OpenForward(string path)
    {
        try
        {
            return new FileStream(Full(path), FileMode.Open, FileAccess.Read, FileShare.Read, 4096);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{Display(path)}' cannot be read: {e.Message}", e);
        }
    }

    public override string Display(string path) => Path.Combine(Root, path);

    /// <summary>Reads by handle: no stream and no buffer of its own for each of a hundred thousand label files.</summary>
    internal override int ReadInto(string path, ref byte[] buffer)
    {
        try
        {
            using var handle = File.OpenHandle(Full(path));
            var length = 0;
            while (true)
            {
                if (length == buffer.Length) Grow(path, ref buffer);
                var read = RandomAccess.Read(handle, buffer.AsSpan(length), length);
                if (read == 0) return length;
                length += read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{Display(path)}' cannot be read: {e.Message}", e);
        }
    }

    private string Full(string path) => Path.Combine(_root, path);

    private string[] List()
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var realPath = new RealPath();
        var waiting = new Stack<string>([""]);
        while (waiting.TryPop(out var folder))
        {
            // Links to folders are followed, but a folder is listed once: links may run in circles.
            if (realPath.Of(Path.Combine(_root, folder)) is not { } real || !seen.Add(real)) continue;
            foreach (var entry in EntriesOf(Path.Combine(_root, folder)))
            {
                var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (entry.IsFolder) waiting.Push(path);
                else files.Add(path);
            }
        }

        files.Sort(StringComparer.Ordinal);
        return [.. files];
    }

    private static FileSystemEnumerable<(string Name, bool IsFolder)> EntriesOf(string folder) => new(
        folder,
        static (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory),
        new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None });
}
