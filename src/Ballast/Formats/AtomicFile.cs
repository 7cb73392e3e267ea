namespace Ballast;

/// <summary>Writes a file whole or not at all: into a temporary name beside it, then a rename.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file; when writing fails the old file stays and the temporary one is deleted.</summary>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        if (IsDevice(full))
        {
            using var device = new FileStream(full, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Unfinished.Add(temporary);
            if (Path.GetDirectoryName(full) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16)) write(stream);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            Unfinished.Remove(temporary);
        }
    }

    /// <summary>
    /// Writes a file like <see cref="Write(string, Action{Stream})"/>, but replaces only a file of its own kind: a name typed wrong does not cost a person
    /// their annotations.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The bytes that every file of the kind starts with.</param>
    /// <param name="kind">What the file is, for the sentence: "HTML page".</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InputException">The file cannot be written there, or another kind of file stands there.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> start, string kind, Action<Stream> write)
    {
        if (IsOther(path, start)) throw new InputException($"'{path}' exists and is no {kind}, so it is not overwritten. Give another name.");
        Write(path, write);
    }

    /// <summary>A device such as /dev/stdout takes what is written; a rename would put a file in its place.</summary>
    private static bool IsDevice(string full) => !OperatingSystem.IsWindows() && full.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(full);

    private static bool IsOther(string path, ReadOnlySpan<byte> start)
    {
        if (!File.Exists(path) || IsDevice(Path.GetFullPath(path))) return false;
        var head = new byte[start.Length];
        try
        {
            using var stream = File.OpenRead(path);
            var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return read > 0 && !head.AsSpan(0, read).SequenceEqual(start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {e.Message}", e);
        }
    }
}
