using System.Diagnostics;
using System.Runtime.InteropServices;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

/// <summary>What only a process of its own shows: exit codes, signals, pipes, the launcher.</summary>
public sealed partial class ProcessTests
{
    private const int Interrupt = 2;

    private static readonly string Program = typeof(BallastCli).Assembly.Location;

    [Theory]
    [InlineData("--version", ExitCode.Done)]
    [InlineData("--help", ExitCode.Done)]
    [InlineData("diagnos", ExitCode.Usage)]
    [InlineData("diagnose no-such-file --json", ExitCode.BadInput)]
    public void A_process_ends_with_its_code(string line, int code)
    {
        using var process = Start(line.Split(' '));
        process.WaitForExit();
        Assert.Equal(code, process.ExitCode);
    }

    [Fact]
    public void Ctrl_c_ends_a_command_that_hangs_with_130_and_leaves_no_file()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no FIFO to hang on.");
        using var set = SampleSet.Write(5);
        var fifo = set.Beside("fifo");
        using (var make = Process.Start("mkfifo", fifo)) make.WaitForExit();
        using var process = Start("diagnose", set.Root, fifo, "-o", set.Beside("report.html"), "--save", set.Beside("s.json"));
        Assert.Equal("set: Pascal VOC, 5 images, parts train, val", process.StandardError.ReadLine());
        Assert.Equal(0, Kill(process.Id, Interrupt));
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Equal([fifo], Directory.GetFiles(Path.GetDirectoryName(set.Root)!));
    }

    [Fact]
    public async Task A_reader_that_goes_away_is_no_error()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no shell with pipes to rely on.");
        using var set = SampleSet.Write(3);
        var annotation = string.Concat(Enumerable.Repeat("<object><name>a</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object>", 4000));
        set.Add("Annotations/0000.xml", $"<annotation><filename>0000.jpg</filename><size><width>640</width><height>480</height></size>{annotation}</annotation>");
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"dotnet '{Program}' check '{set.Root}' --flaws --quiet | head -n 1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = shell.StandardError.ReadToEndAsync();
        var line = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Single(line.TrimEnd('\n').Split('\n'));
        Assert.Equal("", await error);
    }

    [Fact]
    public void A_full_disk_is_said_and_ends_with_75()
    {
        if (!File.Exists("/dev/full")) Assert.Skip("There is no /dev/full.");
        using var set = SampleSet.Write(3);
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"dotnet '{Program}' diagnose '{set.Root}' --json --quiet > /dev/full"]) { RedirectStandardError = true })!;
        var error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal(ExitCode.TryAgain, shell.ExitCode);
        Assert.StartsWith("ballast: ", error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
