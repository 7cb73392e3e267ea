namespace Ballast.Training;

/// <summary>What this operating system calls a native library.</summary>
internal static class NativeName
{
    /// <summary>libtorch.so, libtorch.dylib or torch.dll for "torch"; TorchSharp's own binding is "libLibTorchSharp.so" by the same rule.</summary>
    public static string File(string plain)
        => OperatingSystem.IsWindows() ? $"{plain}.dll" : OperatingSystem.IsMacOS() ? $"lib{plain}.dylib" : $"lib{plain}.so";

    /// <summary>"torch" for any of its names: the runtime asks for "torch", "libtorch" or "libtorch.so" as it probes.</summary>
    public static string Plain(string name)
    {
        foreach (var ending in (string[])[".so", ".dylib", ".dll"])
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) name = name[..^ending.Length];
        }

        return name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
    }
}
