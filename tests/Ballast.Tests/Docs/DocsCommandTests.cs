using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Ballast.Cli;
using Ballast.Tests.Cli;

namespace Ballast.Tests;

/// <summary>Commands on the pages below docs/ are commands of this version.</summary>
public sealed partial class DocsCommandTests
{
    public static TheoryData<string> Pages
        => [.. new[] { "docs/imbalances", "docs/remedies" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md")).Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_a_page_is_understood(string page)
    {
        var root = CommandTree.Build(new Session(CancellationToken.None) { Terminal = new(TextWriter.Null, TextWriter.Null, CliRun.Plain) });
        foreach (var line in Shell().Matches(File.ReadAllText(Path.Combine(Repository.Root, page))).SelectMany(match => match.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            var words = CommandLineParser.SplitCommandLine(line).ToArray();
            Assert.Equal("ballast", words[0]);
            Assert.Null(UsageError.Of(root.Parse(words[1..])));
        }
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shell();
}
