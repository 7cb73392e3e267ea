using System.Collections.Concurrent;
using System.IO.Compression;

namespace Ballast;

/// <summary>
/// A .zip read in place, by several readers at once: each has its own handle on the archive, taken from a pool. Entries whose names lead outside ("../x", "/x",
/// "C:x") are left out, and entries that would inflate beyond reason are refused.
/// </summary>
internal sealed class ZipTree : FileTree
{
    private const long LargestEntry = 4L << 30;
    private const long LargestSuspectEntry = 100L << 20;
    private const long LargestRatio = 1000;
    private readonly ConcurrentBag<ZipArchive> _archives = [];
    private readonly Dictionary<string, int> _entries = new(StringComparer.Ordinal);
    private readonly string[] _files;

    public ZipTree(string path)
    {
        Root = path;
        var archive = OpenArchive();
        var index = 0;
        try
        {
            foreach (var entry in archive.Entries)
            {
                var name = entry.FullName.Replace('\\', '/');
                if (name.Length > 0 && !name.EndsWith('/') && StaysInside(name)) _entries.TryAdd(name, index);
                index++;
            }
        }
        catch (Exception e) when (IsDamage(e))
        {
            archive.Dispose();
            throw new InputException($"'{path}' cannot be read as a zip: {e.Message}", e);
        }

        _archives.Add(archive);
        _files = [.. _entries.Keys.Order(StringComparer.Ordinal)];
    }

    public override string Root { get; }

    public override IReadOnlyList<string> Files => _files;

    public override bool Exists(string path) => _entries.ContainsKey(path);

    public override long Length(string path) => Ask(path, entry => entry.Length);

    public override DateTime Written(string path) => Ask(path, entry => entry.LastWriteTime.UtcDateTime);

    /// <summary>The entry in memory, so that it seeks.</summary>
    public override Stream Open(string path)
    {
        using var stream = OpenForward(path);
        var memory = new MemoryStream((int)Math.Min(((ZipEntryStream)stream).ExpectedLength, 1 << 20));
        try
        {
            stream.CopyTo(memory);
        }
        catch (IOException e)
        {
            throw new InputException($"'{Display(path)}' cannot be read from the zip: {e.Message}", e);
        }

        memory.Position = 0;
        return memory;
    }

    public override Stream OpenForward(string path)
    {
        var (archive, entry) = Take(path);
        try
        {
            Check(path, entry);
            return new ZipEntryStream(entry.Open(), entry.Length, Display(path), () => _archives.Add(archive));
        }
        catch (InputException)
        {
            _archives.Add(archive);
            throw;
        }
        catch (Exception e) when (IsDamage(e))
        {
            archive.Dispose();
            throw new InputException($"'{Display(path)}' cannot be read from the zip: {e.Message}", e);
        }
    }

    public override string Display(string path) => $"{Root}!{path}";

    /// <summary>What a damaged or encrypted archive makes the library throw.</summary>
    internal static bool IsDamage(Exception e)
        => e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException or ArgumentException or OverflowException;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            while (_archives.TryTake(out var archive)) archive.Dispose();
        }

        base.Dispose(disposing);
    }

    private T Ask<T>(string path, Func<ZipArchiveEntry, T> ask)
    {
        var (archive, entry) = Take(path);
        var answer = ask(entry);
        _archives.Add(archive);
        return answer;
    }

    private (ZipArchive Archive, ZipArchiveEntry Entry) Take(string path)
    {
        if (!_entries.TryGetValue(path, out var index)) throw new InputException($"'{Display(path)}' does not exist in the zip.");
        var archive = _archives.TryTake(out var pooled) ? pooled : OpenArchive();
        if (index < archive.Entries.Count) return (archive, archive.Entries[index]);
        throw new InputException($"'{Root}' changed while it was read. Read it again.");
    }

    private ZipArchive OpenArchive()
    {
        try
        {
            return ZipFile.OpenRead(Root);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new InputException($"'{Root}' cannot be read as a zip: {e.Message}", e);
        }
    }

    private void Check(string path, ZipArchiveEntry entry)
    {
        if (entry.Length > LargestEntry || (entry.Length > LargestSuspectEntry && entry.Length / LargestRatio > entry.CompressedLength))
        {
            throw new InputException(
                $"'{Display(path)}' would inflate from {entry.CompressedLength} to {entry.Length} bytes, which looks like a zip bomb; "
                + "unpack the zip and name the folder if it is meant.");
        }
    }

    private static bool StaysInside(string name)
    {
        if (name[0] == '/' || name.Contains(':') || name.Contains('\0')) return false;
        return !name.Contains("..", StringComparison.Ordinal) || Array.IndexOf(name.Split('/'), "..") < 0;
    }
}
