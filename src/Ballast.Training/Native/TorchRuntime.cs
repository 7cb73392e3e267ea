using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>
/// Loads libtorch, once, at the first use of torch or when asked. On systems whose libstdc++ is older than TorchSharp's binding asks for (Debian 12, Ubuntu
/// 22.04) a private copy of the binding with that one demand made optional is loaded in its place.
/// </summary>
public static class TorchRuntime
{
    private static readonly Lazy<IntPtr> Loaded = new(LoadAll);

    /// <summary>Loads libtorch now, so that what goes wrong is said in one sentence instead of inside torch's static constructor.</summary>
    /// <exception cref="InputException">libtorch is missing, does not fit this system, or cannot be loaded.</exception>
    public static void Load() => _ = Loaded.Value;

    /// <summary>
    /// Chooses another libtorch, such as the folder "lib" of a PyTorch wheel, in place of the program's own; the variable BALLAST_LIBTORCH does the same. On Linux
    /// it is compared with what TorchSharp's binding calls before anything is loaded.
    /// </summary>
    /// <param name="folder">The folder of libc10, libtorch_cpu and libtorch.</param>
    /// <exception cref="InputException">torch was used already, or the folder's libtorch does not fit.</exception>
    public static void Use(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (Loaded.IsValueCreated)
            throw new InputException($"'{folder}' cannot be taken for libtorch: torch was used already. Choose before its first use, or set {LibtorchFolder.Variable}.");
        LibtorchFolder.Check(folder, LibtorchFolder.Binding());
        LibtorchFolder.Chosen = Path.GetFullPath(folder);
    }

    /// <summary>
    /// Called when TorchSharp itself is loaded, which is before it asks for libtorch. Where the system's folders hold a libtorch of their own (Debian's
    /// libtorch1.13), TorchSharp would load that one first, and two versions end the process; so ours is loaded now, and found by its name then.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Claim()
    {
        if (!OperatingSystem.IsLinux() || !SystemLibrary.Has(NativeName.File("torch_cpu"))) return;
        try
        {
            Load();
        }
        catch (InputException)
        {
            // The same sentence is thrown at the first use of torch, where somebody catches it.
        }
    }

    /// <summary>Answers the runtime's question for a native library of TorchSharp; 0 for any other. Registered in every assembly that uses torch.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IntPtr Resolve(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(name);
        if (assembly.GetName().Name != "TorchSharp") return 0;
        var plain = NativeName.Plain(name);
        if (plain == LibtorchFolder.BindingName) return Loaded.Value;
        if (plain is not ("c10" or "torch" or "torch_cpu")) return 0;
        Load();
        return NativeLibrary.Load(Path.Combine(LibtorchFolder.Libtorch(), NativeName.File(plain)));
    }

    private static IntPtr LoadAll()
    {
        var binding = LibtorchFolder.Binding();
        if (LibtorchFolder.Chosen is { } chosen) LibtorchFolder.Check(chosen, binding);
        foreach (var library in LibtorchFolder.Libraries) LoadFile(Path.Combine(LibtorchFolder.Libtorch(), NativeName.File(library)));
        return OperatingSystem.IsLinux() && !SystemLibrary.HasBaseLibraryInit() ? LoadCured(binding) : LoadFile(binding);
    }

    private static IntPtr LoadCured(string binding)
    {
        var bytes = File.ReadAllBytes(binding);
        if (!VersionNeed.MakeOptional(bytes, SystemLibrary.MissingVersion))
            throw new InputException($"'{binding}' cannot be loaded: this system's libstdc++ is older than it asks for, and it is no library whose demand "
                + "can be made optional. Use a newer system.");
        using var copy = PrivateCopy.Of(bytes, NativeName.File(LibtorchFolder.BindingName), CacheFolder.Default);
        return LoadFile(copy.Path);
    }

    private static IntPtr LoadFile(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new InputException($"'{path}' cannot be loaded: {e.Message}", e);
        }
    }
}
