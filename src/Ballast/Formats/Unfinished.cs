using System.Collections.Concurrent;

namespace Ballast;

/// <summary>
/// Files and folders that are being written under temporary names. A process that is told to end at once (a second Ctrl-C) does not unwind, so they are deleted
/// on the way out.
/// </summary>
internal static class Unfinished
{
    private const int Attempts = 5;

    private static readonly ConcurrentDictionary<string, bool> Paths = new();

    static Unfinished() => AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteAll();

    /// <summary>From now on the path is deleted when the process ends.</summary>
    public static void Add(string path) => Paths[path] = true;

    /// <summary>The path is finished, or gone.</summary>
    public static void Remove(string path) => Paths.TryRemove(path, out _);

    private static void DeleteAll()
    {
        foreach (var path in Paths.Keys)
        {
            for (var attempt = 0; attempt < Attempts && !TryDelete(path); attempt++)
            {
            }
        }
    }

    /// <summary>
    /// Other threads still write: a folder may get a file while it is being emptied, and succeeds at the next attempt, for its subfolders are gone then.
    /// Windows does not delete a file that is open; its name says what it is.
    /// </summary>
    private static bool TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
