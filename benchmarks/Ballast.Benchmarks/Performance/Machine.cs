using System.Globalization;
using System.Runtime.InteropServices;

namespace Ballast.Benchmarks;

/// <summary>Where the figures come from: processor, memory, system, and how busy it is.</summary>
internal static class Machine
{
    /// <summary>The processor as the kernel names it.</summary>
    public static string Processor { get; } = Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Memory, gigabytes of a milliard bytes.</summary>
    public static double Gigabytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;

    /// <summary>Average number of processes that ran or waited for a processor over the last minute; NaN where the kernel does not tell.</summary>
    public static double Load()
        => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : double.NaN;

    private static string? Field(string file, string name)
        => File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
}
