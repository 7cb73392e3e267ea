using System.Collections.Concurrent;

namespace Ballast;

/// <summary>Where paths lead once every link on the way is followed. Folders are looked up once.</summary>
internal sealed class RealPath
{
    private const int MostLinks = 40;
    private readonly ConcurrentDictionary<string, string?> _folders = new(StringComparer.Ordinal);

    /// <summary>The path without links; null when links run in a circle or cannot be read.</summary>
    /// <param name="path">A full path; what does not exist is taken as it stands.</param>
    public string? Of(string path) => Of(Path.TrimEndingDirectorySeparator(path), 0);

    /// <summary>Whether a path without links is the folder itself or lies in it.</summary>
    public static bool IsWithin(string path, string folder)
        => path.StartsWith(folder, StringComparison.Ordinal)
            && (path.Length == folder.Length || Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar);

    private string? Of(string path, int links)
    {
        if (links > MostLinks) return null;
        if (Path.GetDirectoryName(path) is not { Length: > 0 } folder) return path;
        if (!_folders.TryGetValue(folder, out var real)) _folders.TryAdd(folder, real = Of(folder, links));
        return real is null ? null : Follow(Path.Combine(real, Path.GetFileName(path)), links);
    }

    private string? Follow(string path, int links)
    {
        try
        {
            if (new FileInfo(path).LinkTarget is not { } target) return path;
            return Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, Path.GetDirectoryName(path)!)), links + 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
