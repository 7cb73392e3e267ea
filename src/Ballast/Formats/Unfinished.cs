using System.Collections.Concurrent;

namespace Ballast;

/// <summary>
/// Files and folders that are being written under temporary names. A process that is told to end at once (a second Ctrl-C) does not unwind, so they are deleted on the
/// way out.
/// </summary>
internal static class Unfinished
{
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
            try
            {
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                else File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Windows does not delete a file that another thread of this process still writes; its name says what it is.
            }
        }
    }
}
