using System.Diagnostics;
using System.Globalization;

namespace Ballast.Benchmarks;

internal static class ProcessMemory
{
    /// <summary>Peak resident memory by the kernel's count, or the process's own where there is no /proc; megabytes of a million bytes.</summary>
    public static double PeakMegabytes()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status)) return Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        var line = File.ReadLines(Status).First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
