using Ballast.Cli;
using Ballast.Tests.Cli;
using Ballast.Tests.Telemetry;
using Ballast.Training;

namespace Ballast.Tests;

/// <summary>A command that a finding recommends is one that can be pasted: the program knows it, and the recipe takes its settings.</summary>
public class AdviceCommandTests
{
    public static TheoryData<string, string> Profiles => new()
    {
        { "retinanet", "800x1333" },
        { "retinanet", "240x320" },
        { "faster-rcnn", "240x320" },
        { "ssd", "300x300!" },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_command_is_one_that_runs(string detector, string input)
    {
        var profile = DetectorProfile.Known.Single(known => known.Name == detector) with { Input = InputSize.Parse(input) };
        using var set = SampleSet.Write(40);
        DetectionDataset[] sets = [DetectionDataset.Load(set.Root), MadeData.WithCounts([600, 200, 3, 1], images: 60), MadeData.WithCounts([900], images: 8), Tiny()];
        var advice = sets.SelectMany(data => Diagnosis.Of(data, new DiagnosisOptions { Profile = profile }).Findings).Concat(OfRuns(profile)).SelectMany(finding => finding.Remedies)
            .Where(item => item.CommandExists).DistinctBy(item => item.Command).ToArray();
        Assert.True(advice.Length >= 15, $"{advice.Length}");
        Assert.All(advice, item => Check(item.Command, profile));
    }

    [Fact]
    public void A_detector_that_is_no_usual_one_is_named_by_no_option()
    {
        var profile = DetectorProfile.RetinaNet with { Name = "mine", Input = InputSize.Parse("240x320") };
        var commands = Diagnosis.Of(MadeData.WithCounts([60, 2]), new DiagnosisOptions { Profile = profile }).Findings.SelectMany(finding => finding.Remedies).Select(item => item.Command).ToArray();
        Assert.Contains(commands, command => command.StartsWith("ballast train", StringComparison.Ordinal));
        Assert.DoesNotContain(commands, command => command.Contains("--detector mine", StringComparison.Ordinal));
    }

    private static void Check(string command, DetectorProfile profile)
    {
        string[] words = [.. Words(command)];
        Assert.Equal("ballast", words[0]);
        using var session = new Session(CancellationToken.None) { Terminal = new(TextWriter.Null, TextWriter.Null, CliRun.Plain) };
        var parsed = CommandTree.Build(session).Parse(words[1..]);
        Assert.True(parsed.Errors.Count == 0, $"{command}: {string.Join("; ", parsed.Errors)}");
        if (words[1] != "train") return;
        string[] Values(string option) => [.. words.Index().Where(word => word.Item == option).Select(word => words[word.Index + 1])];
        var kind = Values("--detector").SingleOrDefault() ?? DetectorProfile.RetinaNet.Name;
        if (!command.EndsWith("'detector.cascade={}'", StringComparison.Ordinal)) Assert.Equal(profile.Name, kind);
        var usual = RecipeSetting.Apply(new TrainingRecipe(), [RecipeSetting.Parse($"detector.type={kind}"), RecipeSetting.Parse($"detector.profile.input={profile.Input}")]);
        var recipe = RecipeSetting.Apply(new TrainingRecipe(), [.. Values("--detector").Select(type => RecipeSetting.Parse($"detector.type={type}")), .. Values("--set").Select(RecipeSetting.Parse)]);
        recipe.Validate();
        Assert.Equal(kind, recipe.Detector.Profile.Name);
        Assert.Equal(words.Contains("--set") && !words[^1].StartsWith($"detector.profile.input={profile.Input}", StringComparison.Ordinal), RecipeReader.ToJson(usual) != RecipeReader.ToJson(recipe));
    }

    /// <summary>Words as a shell takes them apart: single quotes hold anything.</summary>
    private static IEnumerable<string> Words(string command)
    {
        var (word, quoted) = ("", false);
        foreach (var c in command)
        {
            if (c == '\'') quoted = !quoted;
            else if (c != ' ' || quoted) word += c;
            else
            {
                yield return word;
                word = "";
            }
        }

        yield return word;
    }

    private static List<Finding> OfRuns(DetectorProfile profile)
    {
        List<Finding> findings = [];
        foreach (var (classification, box) in (ReadOnlySpan<(double, double)>)[(20, 1), (1, 20)])
        {
            using var made = new MadeRun();
            var run = made.With([.. MadeRun.Steps(), .. MadeRun.Looks([classification, 0, 0], [box, 0, 0])]);
            findings.AddRange(Diagnosis.Of(MadeData.WithCounts([60, 20]), new DiagnosisOptions { Profile = profile, Run = run }).Findings);
        }

        return findings;
    }

    private static DetectionDataset Tiny()
        => MadeData.Of(["speck", "blot"], Enumerable.Range(0, 30).Select(i => new MadeData.Image(1600, 900, (0, 100 + i, 60, 9, 9), (0, 300 + i, 70, 11, 8), (1, 200, 90 + i, 700, 300))));
}
