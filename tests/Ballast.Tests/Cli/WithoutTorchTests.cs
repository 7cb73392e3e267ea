using System.Diagnostics;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

/// <summary>Commands that need no torch load none: 30 ms instead of 340.</summary>
public class WithoutTorchTests
{
    [Fact]
    public async Task Diagnose_loads_no_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux' loader lists what it loads.");
        using var set = SampleSet.Write(3);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BallastCli).Assembly.Location, "diagnose", set.Root, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = set.Beside("loaded") },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var json = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        Assert.StartsWith("{", json);
        var loaded = string.Concat(Directory.GetFiles(Path.GetDirectoryName(set.Root)!, "loaded.*").Select(File.ReadAllText));
        Assert.Contains("libcoreclr.so", loaded);
        Assert.DoesNotContain("torch", loaded, StringComparison.OrdinalIgnoreCase);
    }
}
