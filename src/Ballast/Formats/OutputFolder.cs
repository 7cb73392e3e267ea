namespace Ballast;

/// <summary>
/// A folder that is written whole or not at all: under a temporary name beside its place, then renamed. The place must be new or an empty folder, and
/// never a link; files are made new, below the folder, whatever their names say. Safe to write into from several threads.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly string _name;
    private readonly string _full;
    private bool _isDone;

    /// <summary>Makes the temporary folder.</summary>
    /// <exception cref="InputException">The place is taken, a link, or cannot be written.</exception>
    public OutputFolder(string path)
    {
        _name = path;
        _full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Refuse(_full, path);
        Working = $"{_full}.{Environment.ProcessId}.tmp";
        for (var n = 2; Path.Exists(Working); n++) Working = $"{_full}.{Environment.ProcessId}-{n}.tmp";
        Unfinished.Add(Working);
        Explain(() => Directory.CreateDirectory(Working));
    }

    /// <summary>The temporary folder, a full path.</summary>
    public string Working { get; }

    /// <summary>The full path of a new file in the temporary folder; the folders on the way are made.</summary>
    /// <param name="path">Relative, with forward slashes.</param>
    public string PathOf(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Working, path));
        if (!full.StartsWith(Working + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new InputException($"'{path}' leads out of '{_name}'; it was not written.");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>Gives the folder its name.</summary>
    /// <exception cref="InputException">The place was taken meanwhile.</exception>
    public void Finish() => Explain(() =>
    {
        Refuse(_full, _name);
        if (Directory.Exists(_full)) Directory.Delete(_full);
        Directory.Move(Working, _full);
        _isDone = true;
    });

    /// <summary>Runs what writes, and makes sentences of what the system says.</summary>
    public void Explain(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{_name}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Removes the temporary folder unless it was finished.</summary>
    public void Dispose()
    {
        if (!_isDone && Directory.Exists(Working)) Directory.Delete(Working, recursive: true);
        Unfinished.Remove(Working);
    }

    private static void Refuse(string full, string name)
    {
        if (new DirectoryInfo(full).LinkTarget is { } target)
            throw new InputException($"'{name}' is a link to '{target}'; name the folder itself, for nothing is written through links.");
        if (File.Exists(full)) throw new InputException($"'{name}' is a file; name a new or empty folder to write into.");
        if (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any())
            throw new InputException($"'{name}' is not empty; name a new or empty folder, for nothing is overwritten.");
    }
}
