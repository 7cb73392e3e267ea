namespace Ballast;

/// <summary>
/// The files a data set consists of: a folder, or a zip read in place. Paths are relative, with forward slashes. Nothing here writes.
/// </summary>
public abstract class FileTree : IDisposable
{
    private const int LargestSmallFile = 256 << 20;

    /// <summary>The folder or zip as the person named it.</summary>
    public abstract string Root { get; }

    /// <summary>All files, in ordinal order of their paths.</summary>
    public abstract IReadOnlyList<string> Files { get; }

    /// <summary>Whether a file of this exact path exists.</summary>
    public abstract bool Exists(string path);

    /// <summary>Length in bytes.</summary>
    public abstract long Length(string path);

    /// <summary>Opens a file for reading. Safe to call from several threads.</summary>
    /// <exception cref="InputException">There is no such file, or it cannot be read.</exception>
    public abstract Stream Open(string path);

    /// <summary>When a file was last written, UTC.</summary>
    public abstract DateTime Written(string path);

    /// <summary>
    /// Opens a file that may be large, to be read once from its start forwards: never held in memory, not seekable in a zip. Safe to call from several
    /// threads.
    /// </summary>
    /// <exception cref="InputException">There is no such file, or it cannot be read.</exception>
    public virtual Stream OpenForward(string path) => Open(path);

    /// <summary>Reads a whole small file into a buffer, which is replaced by a larger one when it is too short. Safe to call from several threads.</summary>
    /// <returns>Number of bytes.</returns>
    /// <exception cref="InputException">There is no such file, it cannot be read, or it is larger than any file of one image's annotations.</exception>
    internal virtual int ReadInto(string path, ref byte[] buffer)
    {
        using var stream = OpenForward(path);
        var length = 0;
        while (true)
        {
            if (length == buffer.Length) Grow(path, ref buffer);
            var read = stream.Read(buffer, length, buffer.Length - length);
            if (read == 0) return length;
            length += read;
        }
    }

    /// <summary>The path as a person would find it: root and path together.</summary>
    public abstract string Display(string path);

    /// <summary>Opens a folder or a .zip as a tree; a single file gives the tree of its folder.</summary>
    /// <exception cref="InputException">There is nothing at the path.</exception>
    public static FileTree OpenTree(string path)
    {
        if (Directory.Exists(path)) return new FolderTree(path);
        if (!File.Exists(path)) throw new InputException($"'{path}' does not exist. Give a file, a folder or a .zip of annotations.");
        return Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase)
            ? new ZipTree(path)
            : new FolderTree(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Doubles a buffer, up to the size no small file has.</summary>
    private protected void Grow(string path, ref byte[] buffer)
    {
        if (buffer.Length >= LargestSmallFile)
            throw new InputException($"'{Display(path)}' is larger than {LargestSmallFile >> 20} MB; no annotation of one image is.");
        Array.Resize(ref buffer, Math.Max(4096, Math.Min(buffer.Length * 2, LargestSmallFile)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the tree holds open.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
