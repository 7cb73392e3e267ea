using System.Diagnostics;
using Ballast.Cli;
using Ballast.Tests.Formats;

namespace Ballast.Tests.Cli;

/// <summary>Commands that need no torch load none: 30 ms instead of 340.</summary>
public class WithoutTorchTests
{
    [Fact]
    public async Task Diagnose_loads_no_libtorch()
    {
        using var set = SampleSet.Write(3);
        Assert.StartsWith("{", await WithoutTorch(set, "diagnose", set.Root, "--json"));
    }

    /// <summary>The options are read from types of the half that has torch.</summary>
    [Fact]
    public async Task Remedies_loads_no_libtorch()
    {
        Assert.SkipWhen(
            Directory.Exists("/usr/lib") && Directory.GetDirectories("/usr/lib").Any(folder => File.Exists(Path.Combine(folder, "libtorch_cpu.so"))),
            "With a libtorch in the system's folders ours is loaded early, before that one can be.");
        using var set = SampleSet.Write(1);
        Assert.Contains("gamma = 2", await WithoutTorch(set, "remedies", "focal"));
    }

    /// <summary>What a command prints, after a look at what its process loaded.</summary>
    private static async Task<string> WithoutTorch(AnnotationFolder set, params string[] args)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux' loader lists what it loads.");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BallastCli).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = set.Beside("loaded") },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        var loaded = string.Concat(Directory.GetFiles(Path.GetDirectoryName(set.Root)!, "loaded.*").Select(File.ReadAllText));
        Assert.Contains("libcoreclr.so", loaded);
        Assert.DoesNotContain("torch", loaded, StringComparison.OrdinalIgnoreCase);
        return output;
    }
}
