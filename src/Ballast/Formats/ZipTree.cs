using System.IO.Compression;

namespace Ballast;

/// <summary>A .zip read in place. Entries are read under a lock (the archive has one stream) and handed out as memory.</summary>
internal sealed class ZipTree : FileTree
{
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string[] _files;

    public ZipTree(string path)
    {
        Root = path;
        try
        {
            _archive = ZipFile.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read as a zip: {e.Message}", e);
        }

        foreach (var entry in _archive.Entries)
        {
            if (!entry.FullName.EndsWith('/')) _entries.TryAdd(entry.FullName.Replace('\\', '/'), entry);
        }

        _files = [.. _entries.Keys.Order(StringComparer.Ordinal)];
    }

    public override string Root { get; }

    public override IReadOnlyList<string> Files => _files;

    public override bool Exists(string path) => _entries.ContainsKey(path);

    public override long Length(string path) => _entries[path].Length;

    public override Stream Open(string path)
    {
        if (!_entries.TryGetValue(path, out var entry)) throw new InputException($"'{Display(path)}' does not exist in the zip.");
        lock (_archive)
        {
            try
            {
                using var stream = entry.Open();
                var memory = new MemoryStream((int)Math.Min(entry.Length, 1 << 20));
                stream.CopyTo(memory);
                memory.Position = 0;
                return memory;
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                throw new InputException($"'{Display(path)}' cannot be read from the zip: {e.Message}", e);
            }
        }
    }

    public override DateTime Written(string path) => _entries[path].LastWriteTime.UtcDateTime;

    public override Stream OpenForward(string path)
    {
        if (!_entries.TryGetValue(path, out var entry)) throw new InputException($"'{Display(path)}' does not exist in the zip.");
        try
        {
            return new LoneEntryStream(ZipFile.OpenRead(Root), entry.FullName);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"'{Display(path)}' cannot be read from the zip: {e.Message}", e);
        }
    }

    public override string Display(string path) => $"{Root}!{path}";

    protected override void Dispose(bool disposing)
    {
        if (disposing) _archive.Dispose();
        base.Dispose(disposing);
    }
}
