using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Ballast.Training;

/// <summary>
/// Compiled into every assembly that uses torch, so that whichever of them touches torch first has told the runtime whom to ask for its libraries. It loads
/// nothing: a program that only reads a recipe never pays for libtorch.
/// </summary>
internal static class TorchRegistration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Registers handlers and does nothing else; a library that waits for its first call is too late.")]
    internal static void Register()
    {
        System.AppDomain.CurrentDomain.AssemblyLoad += static (_, loaded) => Claim(loaded.LoadedAssembly);
        foreach (var assembly in System.AppDomain.CurrentDomain.GetAssemblies()) Claim(assembly);
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (assembly, name) => TorchRuntime.Resolve(assembly, name);
    }

    /// <summary>Resolving is asked only after the system's folders, where another version of libtorch may lie.</summary>
    private static void Claim(Assembly assembly)
    {
        if (assembly.GetName().Name == "TorchSharp") TorchRuntime.Claim();
    }
}
