using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>What the system's libstdc++ offers.</summary>
internal static class SystemLibrary
{
    /// <summary>The version of libstdc++ that TorchSharp's binding names without using anything of it but a marker.</summary>
    public const string MissingVersion = "GLIBCXX_3.4.32";

    /// <summary>Whether libstdc++ has the one symbol that came with that version (GCC 13).</summary>
    public static bool HasBaseLibraryInit()
        => NativeLibrary.TryLoad("libstdc++.so.6", out var library) && NativeLibrary.TryGetExport(library, "_ZSt21ios_base_library_initv", out _);
}
