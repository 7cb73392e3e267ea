using System.Reflection;
using Ballast.Tests;

namespace Ballast.Training.Tests;

/// <summary>Which folders of reference values this half consumes; the data half's tests consume the others.</summary>
public class CoverageGoldenTests(ITestOutputHelper output)
{
    private static readonly string[] Suffixes =
    [
        "_loss", "isr_p", "fpn", "tv_feature_pyramid_network", "roi_align", "roi_extractor_levels", "deform_conv2d", "bfp",
        "tv_rcnn_transform", "rcnn_box_head", "training_trace", "whole_models", "ssd_models",
    ];

    [Fact]
    public void Every_folder_of_this_half_in_the_repository_is_consumed_in_full()
    {
        var consumed = Consumed();
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "tests", "golden")).Select(folder => Path.GetFileName(folder)!)
            .Where(name => Suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToArray();
        foreach (var folder in folders) output.WriteLine($"{folder}: {consumed.Count(name => name.StartsWith(folder + "/", StringComparison.Ordinal))} cases");
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.Equal(
            Directory.GetFiles(Path.Combine(Repository.Root, "tests", "golden", folder), "*.json").Length,
            consumed.Count(name => name.StartsWith(folder + "/", StringComparison.Ordinal))));
    }

    /// <summary>The cases that the golden tests of this assembly are run over.</summary>
    private static HashSet<string> Consumed()
    {
        var sources = from type in Assembly.GetExecutingAssembly().GetTypes()
                      where type.Name.EndsWith("GoldenTests", StringComparison.Ordinal)
                      from method in type.GetMethods()
                      from data in method.GetCustomAttributes<MemberDataAttribute>()
                      select (TheoryData<string>)type.GetProperty(data.MemberName)!.GetValue(null)!;
        return [.. sources.SelectMany(source => source.Select(row => row.Data))];
    }
}
