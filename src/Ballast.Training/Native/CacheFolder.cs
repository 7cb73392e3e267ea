using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>A folder of this user's alone, for files that are loaded as code.</summary>
internal static partial class CacheFolder
{
    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int CurrentFolder = -100;
    private const int NotThroughLinks = 0x100;
    private const uint Owner = 0x8;

    /// <summary>$XDG_CACHE_HOME/ballast, else ~/.cache/ballast; null without a home.</summary>
    public static string? Default
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache)) cache = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache") : "";
            return Path.IsPathRooted(cache) ? Path.Combine(cache, "ballast") : null;
        }
    }

    /// <summary>Makes a folder, mode 0700; false when it cannot be made, is a link or belongs to someone else.</summary>
    public static bool TryMakePrivate(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
                return true;
            }

            Directory.CreateDirectory(folder, OnlyMe);
            if (!IsMine(folder)) return false;
            File.SetUnixFileMode(folder, OnlyMe);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static unsafe bool IsMine(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null) return false;
        if (!OperatingSystem.IsLinux()) return true;
        Span<byte> status = stackalloc byte[256];
        fixed (byte* at = status)
        {
            return FileStatus(CurrentFolder, folder, NotThroughLinks, Owner, at) == 0 && MemoryMarshal.Read<uint>(status[20..]) == EffectiveUser();
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int FileStatus(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
