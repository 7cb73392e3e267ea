using System.Diagnostics.CodeAnalysis;
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
    [SuppressMessage("Usage", "CA2255", Justification = "Registers two handlers and does nothing else; a library that waits for its first call is too late.")]
    internal static void Register()
    {
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (assembly, name) => TorchRuntime.Resolve(assembly, name);
        AppDomain.CurrentDomain.AssemblyLoad += static (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name == "TorchSharp") TorchRuntime.Prepare();
        };
    }
}
