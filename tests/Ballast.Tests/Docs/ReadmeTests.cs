using System.Text.RegularExpressions;
using Ballast.Cli;
using Ballast.Tests.Cli;

namespace Ballast.Tests;

/// <summary>What the README says is run to the letter, in a folder of its own: its commands, what they print, and its C#.</summary>
[Collection(nameof(CurrentFolder))]
public sealed partial class ReadmeTests(ReadmeTests.Demo demo) : IClassFixture<ReadmeTests.Demo>
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void The_demo_prints_what_the_readme_shows()
    {
        Assert.True(demo.Run.Code == ExitCode.Done, demo.Run.Error);
        var shown = Blocks("").Single(block => block.Contains("What to do first", StringComparison.Ordinal)).Split('\n');
        Assert.Equal(shown.TakeWhile(line => !line.StartsWith("What to do first", StringComparison.Ordinal)), demo.Run.Lines.TakeWhile(line => !line.StartsWith("What to do first", StringComparison.Ordinal)));
        var first = string.Join('\n', shown.SkipWhile(line => !line.StartsWith("What to do first", StringComparison.Ordinal)).TakeWhile(line => line.Trim() != "..."));
        Assert.Contains(first, demo.Run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(demo.Folder, "demo", "report.html")));
    }

    [Fact]
    public void Every_command_of_the_readme_runs_as_written()
    {
        var commands = Blocks("sh").SelectMany(block => block.Split('\n')).Select(line => CommentAtEnd().Replace(line, "")).Where(line => line.StartsWith("./ballast ", StringComparison.Ordinal)).ToArray();
        Assert.True(commands.Length > 8, string.Join('\n', commands));
        File.Copy("demo/detections.json", "other.json", overwrite: true);
        using var run = new Telemetry.MadeRun();
        run.With([.. Telemetry.MadeRun.Steps(), .. Telemetry.MadeRun.Looks([3, 2, 1], [1, 1, 1])]);
        foreach (var command in commands.Where(command => command != "./ballast demo"))
        {
            var words = command.Split(' ')[1..].Select(word => word switch
            {
                "DATA" => "demo/shapes",
                "OUT" => "converted",
                "DETECTIONS" or "A" => "demo/detections.json",
                "B" => "other.json",
                "RUN" => run.Folder,
                _ => word,
            }).ToArray();
            var done = CliRun.Of(words);
            Assert.True(done.Code == ExitCode.Done || (words[0] == "check" && done.Code == ExitCode.GateFailed), $"{command}: {done.Code}\n{done.Error}");
        }
    }

    [Fact]
    public void The_csharp_of_the_readme_is_the_code_that_is_compiled_here()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests/Ballast.Tests/Docs/ReadmeSnippets.cs"));
        var lines = source.Split('\n').SkipWhile(line => line.Trim() != "// snippet").Skip(1).TakeWhile(line => line.Trim() != "// end").Select(line => line.TrimStart());
        Assert.Equal(Blocks("csharp").Single(), string.Join('\n', lines));
    }

    [Fact]
    public void The_csharp_of_the_readme_runs()
    {
        File.Copy("demo/shapes/annotations/instances_train.json", "instances_train.json", overwrite: true);
        ReadmeSnippets.InCode();
        Assert.True(new FileInfo("report.html").Length > 100_000);
    }

    [Fact]
    public void Every_link_of_the_readme_leads_to_a_file()
        => Assert.All(Links().Matches(Text).Select(match => match.Groups[1].Value), link => Assert.True(File.Exists(Path.Combine(Repository.Root, link)), link));

    private static IEnumerable<string> Blocks(string language) => Fences().Matches(Text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value.TrimEnd('\n'));

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\s+#.*$")]
    private static partial Regex CommentAtEnd();

    [GeneratedRegex(@"\]\(([^):]+)\)")]
    private static partial Regex Links();

    /// <summary>The demo as the README starts it, in a folder of its own that is the current one.</summary>
    public sealed class Demo : IDisposable
    {
        private readonly string _before = Environment.CurrentDirectory;

        public Demo()
        {
            Folder = Directory.CreateTempSubdirectory("ballast-readme-").FullName;
            Environment.CurrentDirectory = Folder;
            Run = CliRun.Of("demo");
        }

        public string Folder { get; }

        internal CliRun Run { get; }

        public void Dispose()
        {
            Environment.CurrentDirectory = _before;
            Directory.Delete(Folder, recursive: true);
        }
    }
}

/// <summary>Tests that need the current folder for themselves run alone.</summary>
[CollectionDefinition(nameof(CurrentFolder), DisableParallelization = true)]
public sealed class CurrentFolder;
