using System.Reflection;
using Ballast.Samples;
using Ballast.Tests;

namespace Ballast.Training.Tests;

/// <summary>The programs of samples/, compiled into this assembly (see the project file) and run.</summary>
public class SampleTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "samples");

    public static TheoryData<string> Samples => [.. Directory.GetFiles(Folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Kinds => [.. Remedies.All.Select(remedy => remedy.Kind)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_runs(string name)
    {
        var run = typeof(Sample).GetMethod($"Run_{name.Replace('-', '_')}", BindingFlags.Static | BindingFlags.NonPublic);
        Assert.NotNull(run);
        run.Invoke(null, [Array.Empty<string>()]);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_names_the_project_it_needs(string name)
    {
        const string directive = "#:project ";
        var line = File.ReadLines(Path.Combine(Folder, $"{name}.cs")).First(text => text.StartsWith(directive, StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Folder, line[directive.Length..])), line);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_remedy_is_in_a_sample(string kind)
    {
        var code = Remedies.Named(kind).Code;
        var name = (code.StartsWith("new ", StringComparison.Ordinal) ? code[4..] : code).Split('(', ' ')[0];
        Assert.Contains(Directory.GetFiles(Folder, "*.cs"), path => File.ReadAllText(path).Contains(name, StringComparison.Ordinal));
    }
}
