using System.Diagnostics;

namespace Ballast.Tests.Samples;

/// <summary>Every program of samples/ is built and run as its first lines say; one that is new is tested from the day it lies there.</summary>
public class SampleProgramTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static TheoryData<string> Programs => [.. Directory.GetFiles(Folder, "*.cs").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Repository.Root, "samples");

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_sample_runs_and_prints(string file)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", Path.Combine(Folder, file)]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What `dotnet test` sets for itself would lead the program's build astray, and a build that stays behind would keep the output open.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{file} ended with {process.ExitCode}:\n{await output}\n{await error}");
            Assert.NotEmpty((await output).Trim());
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
