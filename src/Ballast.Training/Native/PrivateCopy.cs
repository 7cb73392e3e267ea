using System.Security.Cryptography;

namespace Ballast.Training;

/// <summary>
/// A file in a folder of this user's alone, under the hash of its content. It is written under another name and renamed, never changed in place: a library that
/// another process has mapped would change under it. What lies there already is used only when its hash is right.
/// </summary>
internal sealed class PrivateCopy : IDisposable
{
    private readonly string? _temporaryFolder;

    private PrivateCopy(string path, string? temporaryFolder)
    {
        Path = path;
        _temporaryFolder = temporaryFolder;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Places a copy.</summary>
    /// <param name="content">What the file holds.</param>
    /// <param name="name">The end of its name.</param>
    /// <param name="folder">The folder to keep it in; a temporary one, deleted with this object, when it is null or cannot be made private.</param>
    /// <exception cref="InputException">It can be written nowhere.</exception>
    public static PrivateCopy Of(byte[] content, string name, string? folder)
    {
        var hash = SHA256.HashData(content);
        try
        {
            var temporary = folder is null || !CacheFolder.TryMakePrivate(folder) ? Directory.CreateTempSubdirectory("ballast-").FullName : null;
            var path = System.IO.Path.Combine(temporary ?? folder!, $"{Convert.ToHexStringLower(hash)}-{name}");
            if (!Holds(path, hash)) Write(path, content);
            return new(path, temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"A copy of '{name}' that this system can load cannot be written to '{folder ?? "the temporary folder"}': {e.Message} "
                + $"Set XDG_CACHE_HOME to a folder of your own.", e);
        }
    }

    /// <summary>Deletes the temporary folder, if one was made; a library that is loaded stays loaded.</summary>
    public void Dispose()
    {
        if (_temporaryFolder is not null) Directory.Delete(_temporaryFolder, recursive: true);
    }

    private static bool Holds(string path, byte[] hash)
    {
        if (!File.Exists(path)) return false;
        using var file = File.OpenRead(path);
        return SHA256.HashData(file).AsSpan().SequenceEqual(hash);
    }

    private static void Write(string path, byte[] content)
    {
        var unfinished = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(unfinished, content);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
