using System.Diagnostics;

namespace Ballast.Training.Tests;

/// <summary>A program that only reads a recipe never pays for libtorch.</summary>
public class LazyLoadingTests
{
    [Fact]
    public void Reading_a_recipe_of_losses_loads_no_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which files are mapped.");
        Assert.SkipWhen(SystemLibrary.Has(NativeName.File("torch_cpu")), "With a libtorch in the system's folders ours is loaded early, before that one can be.");
        var method = $"{typeof(LazyLoadingTests).FullName}.{nameof(Reads_a_recipe_and_looks_at_what_is_mapped)}";
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Arguments(), "-method", method, "-explicit", "only", "-noColor"])
        {
            RedirectStandardOutput = true,
        })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", text);
    }

    [Fact(Explicit = true)]
    public void Reads_a_recipe_and_looks_at_what_is_mapped()
    {
        Assert.Equal(new FocalLoss { Gamma = 3 }, RecipeReader.Parse<ClassificationLoss>("""{ "type": "focal", "gamma": 3 }"""));
        Assert.Equal(new GIoUBoxLoss(), RecipeReader.Parse<BoxLoss>("\"giou\""));
        Assert.DoesNotContain(File.ReadLines("/proc/self/maps"), line => line.Contains("libtorch", StringComparison.Ordinal) || line.Contains("LibTorchSharp", StringComparison.Ordinal));
    }

    /// <summary>The tests may run in a program of their own or inside the dotnet host.</summary>
    private static string[] Arguments()
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(LazyLoadingTests).Assembly.Location] : [];
}
