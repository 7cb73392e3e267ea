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

    /// <summary>A folder that is lost would otherwise not be missed.</summary>
    private static readonly string[] Folders =
    [
        "alrp_loss", "ap_loss", "atss_head_loss", "balanced_l1_loss", "bfp", "bounded_iou_loss", "carl_loss", "ciou_loss", "cross_entropy_loss", "diou_loss",
        "distribution_focal_loss", "efficient_iou_loss", "extended_iou_loss", "focal_loss", "fpn", "ghm_c_loss", "ghm_r_loss", "giou_loss", "guided_anchoring_loss", "guided_loss",
        "iou_loss", "isr_p", "kl_loss", "l1_loss", "pafpn", "pisa_retina_head_loss", "quality_focal_loss", "rank_sort_loss", "rcnn_box_head",
        "retina_head_loss", "rpn_head_loss", "seesaw_loss", "single_roi_extractor_levels", "smooth_l1_loss", "training_trace", "tv_complete_box_iou_loss",
        "tv_deform_conv2d", "tv_distance_box_iou_loss", "tv_feature_pyramid_network", "tv_generalized_box_iou_loss", "tv_multiscale_roi_align",
        "tv_rcnn_transform", "tv_roi_align", "tv_sigmoid_focal_loss", "varifocal_loss", "whole_models",
    ];

    [Fact]
    public void Every_folder_of_this_half_in_the_repository_is_consumed_in_full()
    {
        var consumed = Consumed();
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "tests", "golden")).Select(folder => Path.GetFileName(folder)!)
            .Where(name => Suffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToArray();
        foreach (var folder in folders) output.WriteLine($"{folder}: {consumed.Count(name => name.StartsWith(folder + "/", StringComparison.Ordinal))} cases");
        Assert.Empty(Folders.Except(folders));
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
