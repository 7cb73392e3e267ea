using System.Diagnostics;
using Ballast.Tests;

namespace Ballast.Training.Tests;

/// <summary>
/// The packages as a stranger uses them: packed, referenced by a program elsewhere that touches torch before anything of Ballast, built, run, published, run. It
/// takes minutes and half a gigabyte, so it runs only when BALLAST_PACKAGE_TEST is set.
/// </summary>
public class PackageTests
{
    private const string Program = """
        using TorchSharp;
        using var scope = torch.NewDisposeScope();
        var sum = (torch.ones(2, 3).sum()).item<float>();
        var box = new Ballast.Box(0, 0, 2, 2);
        System.Console.WriteLine($"{sum} {box.X2} {typeof(Ballast.Training.FocalLoss).Name}");
        """;

    [Fact]
    public void A_program_elsewhere_finds_libtorch_when_built_and_when_published()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("BALLAST_PACKAGE_TEST") is { Length: > 0 }, "Set BALLAST_PACKAGE_TEST=1 to pack, build and publish a program.");
        using var folder = new TemporaryFolder();
        var version = $"0.0.0-test{Environment.ProcessId}";
        var platform = new DirectoryInfo(LibtorchFolder.Libtorch()).Parent!.Name;
        try
        {
            foreach (var project in (string[])["Ballast", "Ballast.Training"])
                Run(Repository.Root, "pack", $"src/{project}", "-c", "Release", $"-p:Version={version}", "-o", folder.At("feed"), "-p:ArtifactsPath=" + folder.At("artifacts"));
            Directory.CreateDirectory(folder.At("app"));
            File.WriteAllText(folder.At("app/Program.cs"), Program);
            File.WriteAllText(folder.At("app/nuget.config"), "<configuration><packageSources><add key=\"made\" value=\"../feed\" /></packageSources></configuration>");
            File.WriteAllText(folder.At("app/app.csproj"), Project(version, $"<PackageReference Include=\"libtorch-cpu-{platform}\" Version=\"2.10.0\" ExcludeAssets=\"native\" />"));
            Assert.DoesNotContain("BALLAST001", Run(folder.At("app"), "build", "-c", "Release"));
            Assert.Equal("6 2 FocalLoss", Run(folder.At("app"), "bin/Release/net10.0/app.dll").Trim());
            Assert.Empty(Directory.GetFiles(folder.At("app/bin"), "*torch_cpu*", SearchOption.AllDirectories));

            Run(folder.At("app"), "publish", "-c", "Release", "--no-build", "-o", folder.At("published"));
            Assert.True(File.Exists(folder.At($"published/{NativeName.File("torch_cpu")}")));
            Assert.Equal("6 2 FocalLoss", Run(folder.At("app"), folder.At("published/app.dll")).Trim());
        }
        finally
        {
            var packages = new DirectoryInfo(LibtorchFolder.TorchSharp()).Parent!.Parent!.Parent!.Parent!.Parent!;
            foreach (var name in (string[])["ballast", "ballast.training"])
            {
                var made = Path.Combine(packages.FullName, name, version);
                if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
            }
        }
    }

    private static string Project(string version, string libtorch) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup>
          <ItemGroup><PackageReference Include="Ballast.Training" Version="{version}" />{libtorch}</ItemGroup>
        </Project>
        """;

    private static string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{text}{errors.Result}");
        return text;
    }
}
