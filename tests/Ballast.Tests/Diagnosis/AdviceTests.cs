using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Tests.Cli;

namespace Ballast.Tests;

/// <summary>What findings recommend points into the catalogue.</summary>
public sealed partial class AdviceTests
{
    [Fact]
    public void Advice_that_sets_a_kind_names_the_remedy_of_the_catalogue_with_its_paper()
    {
        using var set = SampleSet.Write(60);
        var diagnosis = Diagnosis.Of(DetectionDataset.Load(set.Root), DetectorProfile.RetinaNet with { Input = InputSize.Parse("240x320") });
        var advice = diagnosis.Findings.SelectMany(finding => finding.Remedies).ToArray();
        var named = advice.Where(item => item.Remedy.Length > 0).ToArray();
        Assert.True(named.Length >= 5, string.Join(", ", named.Select(item => item.Remedy)));
        Assert.All(named, item => Assert.Equal(Remedies.Named(item.Remedy).Citation, item.Paper));
        foreach (var item in advice)
        {
            var kind = Kind().Match(item.Command).Groups[1].Value;
            if (Remedies.All.Any(remedy => remedy.Kind == kind)) Assert.Equal(kind, item.Remedy);
        }
    }

    [Fact]
    public void The_json_of_a_diagnosis_leads_to_the_pages()
    {
        using var set = SampleSet.Write(60);
        using var json = JsonDocument.Parse(CliRun.Of("diagnose", set.Root, "--input-side", "240x320", "--json").Output);
        var docs = json.RootElement.GetProperty("findings").EnumerateArray().SelectMany(finding => finding.GetProperty("remedies").EnumerateArray())
            .Where(remedy => remedy.TryGetProperty("docs", out _)).Select(remedy => remedy.GetProperty("docs").GetString()!).ToArray();
        Assert.NotEmpty(docs);
        Assert.All(docs, page => Assert.True(File.Exists(Path.Combine(Repository.Root, page)), page));
    }

    [GeneratedRegex(@"--set detector\.\w+\.type=([\w-]+)")]
    private static partial Regex Kind();
}
