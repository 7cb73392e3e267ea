using System.Diagnostics;
using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

/// <summary><c>ballast losses</c>, in a process of its own: only that has libtorch.</summary>
public sealed class LossesCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_table_is_what_it_was()
    {
        var (code, output, _) = Run("losses");
        Assert.Equal(ExitCode.Done, code);
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Snapshot.Check("LossesView.txt", output);
    }

    [Fact]
    public void Json_and_page_hold_the_losses_asked_for()
    {
        var page = Path.Combine(_folder, "losses.html");
        var (code, output, _) = Run("losses", "--loss", "l2", "--loss", "{ \"type\": \"iou\", \"form\": \"linear\" }", "--json", "-o", page);
        Assert.Equal(ExitCode.Done, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(["grows", "none"], json.RootElement.EnumerateArray().Select(loss => loss.GetProperty("far").GetString()));
        Assert.Equal(0.5, json.RootElement[1].GetProperty("byIoU")[9].GetProperty("loss").GetDouble(), 1e-6);
        Assert.Contains("<title>Ballast", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_one_loss_are_printed_and_it_says_the_same_twice()
    {
        var first = Run("losses", "--loss", "giou");
        Assert.Equal(first, Run("losses", "--loss", "giou"));
        Assert.All(["IoU", "side, px", "offset, sides"], axis => Assert.Contains(axis, first.Output, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', first.Output);
        Assert.Single(first.Output.Split('\n'), line => line.Trim() == "giou");
    }

    [Fact]
    public void A_loss_asked_for_twice_is_measured_once_and_a_recipe_keeps_its_whole_name()
    {
        const string recipe = "{ \"type\": \"alpha-iou\", \"alpha\": 2 }";
        var once = Run("losses", "--loss", recipe);
        Assert.Equal(once, Run("losses", "--loss", recipe, "--loss", recipe));
        Assert.StartsWith(recipe, once.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_loss_gets_the_nearest_and_the_help_an_example()
    {
        var wrong = CliRun.Of("losses", "--loss", "gious");
        Assert.Equal(ExitCode.Usage, wrong.Code);
        Assert.Contains("did you mean 'giou'?", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("ballast losses --loss giou", CliRun.Of("losses", "--help").Output, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BallastCli).Assembly.Location, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["COLUMNS"] = "80";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
