using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>What the system has: its libstdc++, and other libraries in the folders of its loader.</summary>
internal static class SystemLibrary
{
    /// <summary>The version of libstdc++ that TorchSharp's binding names without using anything of it but a marker.</summary>
    public const string MissingVersion = "GLIBCXX_3.4.32";

    private const string Configuration = "/etc/ld.so.conf.d";

    /// <summary>Whether libstdc++ has the one symbol that came with that version (GCC 13).</summary>
    public static bool HasBaseLibraryInit()
        => NativeLibrary.TryLoad("libstdc++.so.6", out var library) && NativeLibrary.TryGetExport(library, "_ZSt21ios_base_library_initv", out _);

    /// <summary>Whether a library that is asked for by its name alone would be found in a folder of Linux's loader.</summary>
    public static bool Has(string file) => Folders().Any(folder => File.Exists(Path.Combine(folder, file)));

    private static IEnumerable<string> Folders()
    {
        var given = Environment.GetEnvironmentVariable("LD_LIBRARY_PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return [.. given, "/lib", "/usr/lib", "/lib64", "/usr/lib64", .. Configured()];
    }

    private static IEnumerable<string> Configured()
    {
        if (!Directory.Exists(Configuration)) return [];
        return Directory.GetFiles(Configuration, "*.conf").SelectMany(File.ReadLines).Select(line => line.Trim()).Where(line => line.StartsWith('/'));
    }
}
