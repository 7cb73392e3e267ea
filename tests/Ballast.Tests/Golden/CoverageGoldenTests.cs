using System.Reflection;

namespace Ballast.Tests.Golden;

/// <summary>Which folders of reference values this half consumes; the differentiable half's tests consume the others.</summary>
public class CoverageGoldenTests(ITestOutputHelper output)
{
    private static readonly string[] Folders =
    [
        "anchor_generator", "atss_assigner", "bbox_overlaps", "class_balanced_repeat_factors", "combined_sampler", "delta_xywh_coder", "guided_anchoring_targets",
        "instance_balanced_pos_sampler", "iou_balanced_neg_sampler", "max_iou_assigner", "multiclass_nms", "ohem_sampler", "random_sampler", "region_assigner",
        "tv_anchor_generator", "tv_balanced_sampler", "tv_box_coder", "tv_box_iou", "tv_complete_box_iou", "tv_distance_box_iou", "tv_generalized_box_iou", "tv_matcher", "tv_nms",
    ];

    /// <summary>What the folders of this half are called by; one that is new must be listed above.</summary>
    private static readonly string[] Suffixes = ["_assigner", "_sampler", "_coder", "_nms", "_matcher", "_iou", "_overlaps", "_generator", "_factors", "_targets"];

    [Fact]
    public void Every_folder_of_the_data_half_is_consumed_in_full()
    {
        var consumed = Consumed();
        var counts = Folders.ToDictionary(folder => folder, folder => (Consumed: consumed.Count(name => name.StartsWith(folder + "/", StringComparison.Ordinal)), Cases: Cases(folder)));
        foreach (var (folder, count) in counts) output.WriteLine($"{folder}: {count.Consumed} of {count.Cases} cases");
        Assert.All(counts, entry => Assert.True(entry.Value.Cases > 0 && entry.Value.Consumed == entry.Value.Cases, $"{entry.Key}: {entry.Value.Consumed} of {entry.Value.Cases}"));
    }

    [Fact]
    public void No_folder_of_the_data_half_is_unlisted()
    {
        var found = Directory.GetDirectories(Path.Combine(Repository.Root, "tests", "golden")).Select(folder => Path.GetFileName(folder)!)
            .Where(name => Suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)));
        Assert.Equal(Folders, found.Order(StringComparer.Ordinal));
    }

    private static int Cases(string folder)
    {
        var path = Path.Combine(Repository.Root, "tests", "golden", folder);
        return Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Length : 0;
    }

    /// <summary>The cases that the golden tests of this assembly are run over.</summary>
    private static HashSet<string> Consumed()
    {
        var sources = from type in Assembly.GetExecutingAssembly().GetTypes()
                      where type.Name.EndsWith("GoldenTests", StringComparison.Ordinal)
                      from method in type.GetMethods()
                      from data in method.GetCustomAttributes<MemberDataAttribute>()
                      let property = type.GetProperty(data.MemberName)
                      where property?.PropertyType == typeof(TheoryData<string>)
                      select (TheoryData<string>)property.GetValue(null)!;
        return [.. sources.SelectMany(source => source.Select(row => row.Data))];
    }
}
