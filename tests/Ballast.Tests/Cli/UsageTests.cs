using System.Text.RegularExpressions;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public partial class UsageTests
{
    [Theory]
    [InlineData("", "say what to do: demo, diagnose, check")]
    [InlineData("diagnos x", "'diagnos' is no command. Did you mean 'diagnose'?")]
    [InlineData("juggle x", "'juggle' is no command.")]
    [InlineData("diagnose", "DATA is missing")]
    [InlineData("diagnose a --jsn", "'--jsn' is no option of 'ballast diagnose'. Did you mean '--json'?")]
    [InlineData("diagnose a -o --jsn", "'--jsn' is no option of 'ballast diagnose'. Did you mean '--json'?")]
    [InlineData("diagnose a --sead=3", "'--sead' is no option of 'ballast diagnose'. Did you mean '--seed'?")]
    [InlineData("diagnose a -x", "'-x' is no option of 'ballast diagnose'.")]
    [InlineData("diagnose a --seed x", "'x' is no value of '--seed': it takes a number.")]
    [InlineData("diagnose a --seed 1 --seed 2", "'--seed' is given more than once.")]
    [InlineData("diagnose a --seed", "'--seed' needs a value.")]
    [InlineData("diagnose a --by parts", "'parts' is no value of '--by'; it takes part, group. Did you mean 'part'?")]
    [InlineData("diagnose a --by", "'--by' needs a value: group, part.")]
    [InlineData("diagnose a --format yollo", "'yollo' is no value of '--format'")]
    [InlineData("diagnose a --profile retinane", "Did you mean 'retinanet'?")]
    [InlineData("diagnose a --input-side 0x", "'0x' is no input size.")]
    [InlineData("diagnose a --workers 0", "--workers is 0; it must be at least 1.")]
    [InlineData("diagnose a --max-megapixels -1", "--max-megapixels is -1; it must be at least 1.")]
    [InlineData("diagnose a --strict --repair", "give one of them")]
    [InlineData("convert a -o b --format coc", "'coc' is no value of '--format'")]
    [InlineData("convert a -o b", "'--format' is missing (The format to write).")]
    [InlineData("show a", "'--output' is missing (The folder for the pictures).")]
    [InlineData("show a -o b --limit -1", "--limit is -1; it must be at least 0.")]
    [InlineData("show a -o b --remedy fokal", "'fokal' is no value of '--remedy'")]
    [InlineData("show a -o b --profile ssd", "--profile and --input-side are for --remedy")]
    [InlineData("demo --count 0", "--count is 0; it must be at least 1.")]
    [InlineData("check a", "there is nothing to check")]
    [InlineData("check a b --flaws", "'b' is one word too many for 'ballast check'.")]
    [InlineData("check a --max-ratio x", "'x' is no value of '--max-ratio': it takes a number.")]
    [InlineData("check a --rule foo", "'foo' is no rule: a comparison is missing")]
    [InlineData("evaluate --truth t", "DETECTIONS is missing")]
    [InlineData("evaluate a", "'--truth' is missing")]
    [InlineData("compare a --truth t", "one detector is nothing to compare; give two or more.")]
    [InlineData("compare --truth t", "DETECTORS is missing")]
    [InlineData("compare a b --truth t --replicates 0", "--replicates is 0; it must be at least 100.")]
    [InlineData("remedies fokal", "'fokal' is no remedy; did you mean 'focal'?")]
    [InlineData("remedies --imbalance scal", "'scal' is no value of '--imbalance'; it takes class, scale")]
    [InlineData("remedies focal --imbalance class", "give one of them")]
    [InlineData("completion bsh", "Did you mean 'bash'?")]
    public void A_wrong_command_line_gets_a_sentence_on_stderr_and_2(string line, string sentence)
    {
        var run = CliRun.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Equal("", run.Output);
        Assert.StartsWith("ballast: ", run.Error);
        Assert.Contains(sentence, run.Error);
        Assert.Contains("--help.", run.Error);
        Assert.Equal(2, run.Error.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void Words_after_two_dashes_are_data()
    {
        var run = CliRun.Of("diagnose", "--json", "--", "--no-such-file");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("'--no-such-file' does not exist", run.Error);
    }

    [Fact]
    public void A_path_with_an_at_sign_is_no_response_file()
    {
        var run = CliRun.Of("diagnose", "@nothing", "--json");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("'@nothing' does not exist", run.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("diagnose --help")]
    [InlineData("check a --no-such --help")]
    public void Help_goes_to_stdout_with_examples_and_0(string line)
    {
        var run = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("", run.Error);
        Assert.Contains("Usage:", run.Output);
        Assert.Contains("Examples:\n  ballast ", run.Output);
    }

    [Fact]
    public void Every_command_has_an_example_that_the_parser_takes()
    {
        var session = new Session(CancellationToken.None) { Terminal = new(TextWriter.Null, TextWriter.Null, CliRun.Plain) };
        var root = CommandTree.Build(session);
        Assert.NotEmpty(root.Subcommands);
        foreach (var verb in root.Subcommands.Cast<Verb>())
        {
            Assert.NotEmpty(verb.Examples);
            foreach (var example in verb.Examples)
            {
                var words = Words().Matches(Copied(example)).Select(word => word.Groups["word"].Value).Skip(1).ToArray();
                Assert.Null(UsageError.Of(root.Parse(words)));
                Assert.Equal(verb.Name, words[0]);
            }
        }
    }

    [Fact]
    public void The_version_is_printed()
    {
        var run = CliRun.Of("--version");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Matches(@"^ballast \d+\.\d+\.\d+", run.Output);
    }

    [Theory]
    [InlineData("di", "diagnose")]
    [InlineData("diagnose --pro", "--profile")]
    [InlineData("diagnose --profile fas", "faster-rcnn")]
    [InlineData("diagnose a --by pa", "part")]
    [InlineData("completion z", "zsh")]
    [InlineData("remedies foc", "focal")]
    [InlineData("show a --remedy iou-b", "iou-balanced-negative")]
    [InlineData("remedies --imbalance scale-l", "scale-level")]
    public void The_shell_may_ask_what_follows(string line, string expected)
    {
        var run = CliRun.Of($"[suggest:{line.Length}]", line);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains(expected, run.Lines);
    }

    [Theory]
    [InlineData("bash", "complete -o default")]
    [InlineData("zsh", "compdef _ballast ballast")]
    [InlineData("fish", "complete -c ballast")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Completion_scripts_ask_the_program(string shell, string expected)
    {
        var run = CliRun.Of("completion", shell);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains(expected, run.Output);
        Assert.Contains("[suggest:", run.Output);
    }

    /// <summary>What a person would copy of an example: without the remark at its end, and without what belongs to the shell.</summary>
    private static string Copied(string example) => example.Split("   ")[0].Split(" > ")[0].Split(" >> ")[0];

    /// <summary>Words as a shell takes them: quoted ones hold blanks.</summary>
    [GeneratedRegex("""'(?<word>[^']*)'|"(?<word>[^"]*)"|(?<word>\S+)""")]
    private static partial Regex Words();
}
