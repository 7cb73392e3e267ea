using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ballast.Benchmarks;

/// <summary>What a child process took.</summary>
/// <param name="Cpu">Processor seconds, user and system, of the process and its own children.</param>
/// <param name="Wall">Seconds from start to end.</param>
/// <param name="PeakMegabytes">Largest resident memory, megabytes of a million bytes.</param>
/// <param name="ExitCode">Its exit code; -1 when a signal ended it.</param>
/// <param name="Output">What it printed.</param>
/// <param name="LoadAverage">The machine's load over the last minute when it ended.</param>
internal sealed record ProcessRun(double Cpu, double Wall, double PeakMegabytes, int ExitCode, string Output, double LoadAverage)
{
    /// <summary>Runs a command to its end and asks the kernel what it took (wait4), as <c>time -v</c> does.</summary>
    /// <exception cref="InvalidOperationException">It cannot be started, or failed.</exception>
    public static ProcessRun Of(params string[] command)
    {
        var file = Path.GetTempFileName();
        try
        {
            // The shell redirects and is replaced: the kernel's numbers are the command's own.
            var script = $"exec {string.Join(' ', command.Select(Quote))} > {Quote(file)} 2>/dev/null";
            var clock = Stopwatch.StartNew();
            if (Native.Spawn(out var id, "/bin/sh", 0, 0, ["/bin/sh", "-c", script, null], Environment()) is not 0 and var error)
                throw new InvalidOperationException($"'{string.Join(' ', command)}' cannot be started: error {error}.");
            var usage = new long[18];
            if (Native.Wait(id, out var status, 0, usage) != id) throw new InvalidOperationException($"'{string.Join(' ', command)}' was lost.");
            var wall = clock.Elapsed.TotalSeconds;
            var code = (status & 0x7F) == 0 ? (status >> 8) & 0xFF : -1;
            var run = new ProcessRun(usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6), wall, usage[4] * 1024 / 1e6, code, File.ReadAllText(file), Machine.Load());
            return code == 0 ? run : throw new InvalidOperationException($"'{string.Join(' ', command)}' ended with {code}: {run.Output}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string?[] Environment()
        => [.. System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")), null];

    private static class Native
    {
        [DllImport("libc", EntryPoint = "posix_spawn")]
        public static extern int Spawn(out int id, string path, nint actions, nint attributes, string?[] arguments, string?[] environment);

        // struct rusage of 64-bit Linux: two timevals, then fourteen longs of which the first is the peak in kibibytes.
        [DllImport("libc", EntryPoint = "wait4", SetLastError = true)]
        public static extern int Wait(int id, out int status, int options, [Out] long[] usage);
    }
}
