using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>
/// Where libtorch and TorchSharp's binding lie: beside the program when it was published, else in the package folder its runtime configuration names.
/// </summary>
internal static class LibtorchFolder
{
    /// <summary>The libraries of libtorch that are loaded, in the order in which they need each other.</summary>
    public static readonly string[] Libraries = ["c10", "torch_cpu", "torch"];

    /// <summary>The variable that names another libtorch, as <see cref="TorchRuntime.Use"/> does.</summary>
    public const string Variable = "BALLAST_LIBTORCH";

    /// <summary>A folder that was chosen in place of the program's own; null for that.</summary>
    public static string? Chosen { get; set; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>The folder of libtorch's own libraries.</summary>
    /// <exception cref="InputException">They are nowhere.</exception>
    public static string Libtorch() => Chosen ?? Find("torch_cpu", "Ballast.Training.Libtorch", "libtorch");

    /// <summary>What TorchSharp's binding is called.</summary>
    public const string BindingName = "LibTorchSharp";

    /// <summary>TorchSharp's binding.</summary>
    /// <exception cref="InputException">It is nowhere.</exception>
    public static string Binding() => Path.Combine(TorchSharp(), NativeName.File(BindingName));

    /// <summary>The folder of TorchSharp's binding.</summary>
    /// <exception cref="InputException">It is nowhere.</exception>
    public static string TorchSharp() => Find(BindingName, "Ballast.Training.TorchSharp", "TorchSharp's binding");

    /// <summary>Refuses a folder whose libtorch lacks what the binding calls: the process would end at the first call.</summary>
    /// <exception cref="InputException">A library or function is missing, with the list.</exception>
    public static void Check(string folder, string binding)
    {
        var files = Libraries.Select(library => Path.Combine(folder, NativeName.File(library))).ToArray();
        if (Array.Find(files, file => !File.Exists(file)) is { } absent)
            throw new InputException($"'{folder}' is no folder of libtorch: it has no '{Path.GetFileName(absent)}'. Name the folder 'lib' of a libtorch or of a PyTorch wheel.");
        if (!OperatingSystem.IsLinux()) return;
        var missing = ElfSymbols.Unversioned(binding);
        foreach (var file in files) missing.ExceptWith(ElfSymbols.Defined(file));
        if (missing.Count > 0)
            throw new InputException($"The libtorch in '{folder}' lacks {missing.Count} functions that TorchSharp's binding calls: "
                + $"{string.Join(", ", missing.Order(StringComparer.Ordinal).Take(8))}{(missing.Count > 8 ? " ..." : "")}. Use the libtorch of its version ({Version}).");
    }

    private const string Version = "2.10.0";

    private static string Find(string library, string option, string what)
    {
        var places = Places(AppContext.GetData(option) as string).ToArray();
        return Array.Find(places, place => File.Exists(Path.Combine(place, NativeName.File(library)))) ?? throw new InputException(Missing(what, places));
    }

    internal static string Missing(string what, IEnumerable<string> places)
        => $"{what} for {RuntimeInformation.RuntimeIdentifier} is in none of {string.Join(", ", places.Select(place => $"'{place}'"))}. "
            + "Build the program again ('dotnet build' restores it; there is one for Linux x64, Windows and macOS on Apple silicon), or publish it with its "
                + "libraries.";

    private static IEnumerable<string> Places(string? configured)
    {
        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        if (configured is { Length: > 0 }) yield return configured;
    }
}
