using System.Diagnostics;

namespace Ballast.Benchmarks;

/// <summary>Processor time of short actions, repeated until there is enough of it to be measured.</summary>
internal static class CpuTimer
{
    private const double LeastMilliseconds = 600;

    /// <summary>Processor milliseconds of an action, after three runs that do not count.</summary>
    public static double Milliseconds(Action action)
    {
        for (var i = 0; i < 3; i++) action();
        var process = Process.GetCurrentProcess();
        var (start, runs) = (process.TotalProcessorTime, 0);
        while ((process.TotalProcessorTime - start).TotalMilliseconds < LeastMilliseconds)
        {
            action();
            runs++;
            process.Refresh();
        }

        return (process.TotalProcessorTime - start).TotalMilliseconds / runs;
    }
}
