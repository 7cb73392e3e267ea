using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class CheckCommandTests
{
    [Fact]
    public void Rules_that_hold_end_with_0_and_one_line()
    {
        using var set = SampleSet.Write();
        var run = CliRun.Of("check", set.Root, "--max-ratio", "100", "--max-empty-classes", "0");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("PASS  set holds to 2 rules\n", run.Output);
    }

    [Fact]
    public void Rules_that_fail_end_with_1_and_a_line_each()
    {
        using var set = SampleSet.Write();
        var run = CliRun.Of("check", set.Root, "--max-ratio", "50", "--min-evenness", "0.1", "--max-flaws", "0", "--rule", "class cyclist: boxes >= 300");
        Assert.Equal(ExitCode.GateFailed, run.Code);
        Assert.Equal(4, run.Lines.Count);
        Assert.StartsWith("FAIL  class-foreground.ratio <= 50: it is 60.33 (95 %: ", run.Lines[0]);
        Assert.StartsWith("FAIL  flaws <= 0: it is 2. ballast check ", run.Lines[1]);
        Assert.StartsWith("FAIL  class cyclist: boxes >= 300: it is 6", run.Lines[2].Replace("cyclist 6", "it is 6", StringComparison.Ordinal));
        Assert.Equal("set fails 3 of 4 rules", run.Lines[3]);
    }

    [Theory]
    [InlineData("--min-recall", "1.1", ExitCode.GateFailed)]
    [InlineData("--min-recall", "0", ExitCode.Done)]
    [InlineData("--max-flaws", "2", ExitCode.Done)]
    [InlineData("--max-empty-classes", "-1", ExitCode.GateFailed)]
    [InlineData("--min-evenness", "0.99", ExitCode.GateFailed)]
    public void Each_short_option_is_a_rule(string option, string value, int code)
    {
        using var set = SampleSet.Write(20);
        Assert.Equal(code, CliRun.Of("check", set.Root, option, value).Code);
    }

    [Fact]
    public void A_policy_file_is_held_to()
    {
        using var set = SampleSet.Write();
        var policy = set.Beside("policy.json");
        File.WriteAllText(policy, "{ \"rules\": [ // every class\n \"class *: boxes >= 10\" ] }");
        var run = CliRun.Of("check", set.Root, "--policy", policy);
        Assert.Equal(ExitCode.GateFailed, run.Code);
        Assert.Contains("1 of 3 classes fails: cyclist 6", run.Output);
        File.WriteAllText(policy, "{ \"rules\": [\n\"ratioo <= 5\" ] }");
        run = CliRun.Of("check", set.Root, "--policy", policy);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("Did you mean 'ratio'?", run.Error);
    }

    [Fact]
    public void Flaws_are_listed_with_place_subject_code_and_counts()
    {
        using var set = SampleSet.Write();
        var run = CliRun.Of("check", set.Root, "--flaws");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains(run.Lines, line => line.Contains("0001") && line.Contains("box-zero-size"));
        Assert.Contains("        1  box-zero-size (error)", run.Lines);
        using var clean = SampleSet.Write(1);
        Assert.Contains("set: no flaw", CliRun.Of("check", clean.Root, "--flaws", "--quiet").Output);
    }

    [Fact]
    public void The_result_is_json_too()
    {
        using var set = SampleSet.Write();
        var run = CliRun.Of("check", set.Root, "--max-ratio", "50", "--flaws", "--json");
        Assert.Equal(ExitCode.GateFailed, run.Code);
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("passed").GetBoolean());
        Assert.Equal("class-foreground.ratio <= 50", json.RootElement.GetProperty("rules")[0].GetProperty("rule").GetString());
        var zero = json.RootElement.GetProperty("flaws").EnumerateArray().Single(flaw => flaw.GetProperty("code").GetString() == "box-zero-size");
        Assert.Equal(1, zero.GetProperty("count").GetInt32());
        Assert.Contains("0001", zero.GetProperty("listed")[0].GetProperty("file").GetString());
    }
}
