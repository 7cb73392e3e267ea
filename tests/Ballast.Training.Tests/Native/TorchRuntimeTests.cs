using System.Reflection;
using TorchSharp;

namespace Ballast.Training.Tests;

public class TorchRuntimeTests
{
    [Fact]
    public void Libtorch_loads_and_computes()
    {
        TorchRuntime.Load();
        using var scope = torch.NewDisposeScope();
        Assert.Equal(7, (torch.tensor(3f) + torch.tensor(4f)).item<float>());
        Assert.StartsWith("2.10.0", torch.__version__);
    }

    [Fact]
    public void Nothing_of_libtorch_is_copied_into_the_output()
    {
        Assert.Empty(Directory.GetFiles(AppContext.BaseDirectory, "*torch_cpu*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(AppContext.BaseDirectory, "*LibTorchSharp*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_libtorch_of_the_system_is_never_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which files are mapped.");
        TorchRuntime.Load();
        _ = torch.__version__;
        var mapped = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .Where(path => path.Contains("libtorch_cpu.so", StringComparison.Ordinal)).Distinct();
        Assert.Equal(Path.Combine(LibtorchFolder.Libtorch(), "libtorch_cpu.so"), Assert.Single(mapped));
    }

    [Fact]
    public void The_data_half_does_not_reference_torch()
        => Assert.DoesNotContain(typeof(Box).Assembly.GetReferencedAssemblies(), name => name.Name!.Contains("Torch", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Other_libraries_are_left_to_the_runtime()
    {
        Assert.Equal(0, TorchRuntime.Resolve(Assembly.GetExecutingAssembly(), "torch"));
        Assert.Equal(0, TorchRuntime.Resolve(typeof(torch).Assembly, "torch_cuda"));
    }

    [Theory]
    [InlineData("torch", "torch")]
    [InlineData("libtorch_cpu.so", "torch_cpu")]
    [InlineData("LibTorchSharp", "LibTorchSharp")]
    [InlineData("libLibTorchSharp.dylib", "LibTorchSharp")]
    [InlineData("c10.dll", "c10")]
    public void A_library_is_known_by_any_of_its_names(string asked, string plain) => Assert.Equal(plain, NativeName.Plain(asked));

    [Fact]
    public void What_is_missing_is_said_with_the_places_and_the_way_out()
    {
        var sentence = LibtorchFolder.Missing("libtorch", ["/a", "/b"]);
        Assert.Contains("is in none of '/a', '/b'", sentence);
        Assert.Contains("'dotnet build' restores it", sentence);
    }
}
