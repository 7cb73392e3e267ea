using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>
/// Where libtorch and TorchSharp's binding lie: beside the program when it was published, else in the package folder its runtime configuration names.
/// </summary>
internal static class LibtorchFolder
{
    /// <summary>The folder of libtorch's own libraries.</summary>
    /// <exception cref="InputException">They are nowhere.</exception>
    public static string Libtorch() => Find("torch_cpu", "Ballast.Training.Libtorch", "libtorch");

    /// <summary>The folder of TorchSharp's binding.</summary>
    /// <exception cref="InputException">It is nowhere.</exception>
    public static string TorchSharp() => Find("LibTorchSharp", "Ballast.Training.TorchSharp", "TorchSharp's binding");

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
