namespace Ballast.Tests.Reports;

/// <summary>A report as a real diagnosis makes one, with every kind of figure: blood cells, eight findings and the data's own.</summary>
internal static class DemoReport
{
    public static readonly string[] Classes = ["RBC", "WBC", "Platelets"];

    public static ReportData Make() => new()
    {
        Title = "bccd",
        Summary = "Two of eight imbalances are severe: Platelets are rare, small, and three quarters of them match no anchor at this input side. Expect a detector trained as it is to miss them.",
        Datasets =
        [
            new("bccd", "data/bccd", "Pascal VOC", 364, 4888, 0,
                [new("RBC", 4155, 343), new("WBC", 372, 364), new("Platelets", 361, 222)],
                [new("train", 205, 2772), new("val", 87, 1159), new("test", 72, 957)],
                [
                    new("duplicate-box", "warning", 2, "the same box and class twice on one image; one of them is counted", ["BloodImage_00017.xml: RBC [288, 0, 400, 100], objects 4 and 9", "BloodImage_00342.xml: WBC [62, 81, 244, 260], objects 1 and 2"]),
                    new("zero-width", "error", 1, "the box has no width; it is no object", ["BloodImage_00338.xml: RBC [161, 1, 161, 1]"]),
                    new("outside-image", "warning", 1, "the box reaches beyond the image; it is cut at the border", ["BloodImage_00106.xml: Platelets [612, 447, 645, 480] on 640 x 480"]),
                ]),
        ],
        Findings =
        [
            DemoFindings.ClassForeground(), DemoFindings.ClassBackground(), DemoFindings.ScaleBox(), DemoFindings.ScaleLevel(),
            DemoSpatialFindings.IoUDistribution(), DemoSpatialFindings.Location(), DemoSpatialFindings.RegressionLoss(), DemoSpatialFindings.Objective(), DemoSpatialFindings.Data(),
        ],
        First =
        [
            new("class-background", DemoFindings.SmallerAnchors), new("class-foreground", DemoFindings.Tilt),
            new("scale-level", DemoSpatialFindings.PathAggregation), new("iou-distribution", DemoSpatialFindings.IoUSampling), new("location", DemoSpatialFindings.Flips),
        ],
        Crops = DemoCrops.Make(),
        Method =
        [
            new("version", "Ballast 0.1.0"), new("command", "ballast diagnose data/bccd --input-side 240x400 -o report.html"), new("detector profile", "retinanet: 9 anchors a place, sizes 32 to 512, positive from IoU 0.5, background under 0.4"),
            new("input side", "short side 240, long side at most 400"), new("intervals", "95 %, Poisson bootstrap over images, 200 replicates, seed 1"),
            new("thresholds", "evenness: balanced from 0.9, severe under 0.7; matched objects: balanced from 99 %, severe under 90 %"), new("images", "364 of 364 found"),
        ],
    };

    /// <summary>A bell over bins, as whole counts.</summary>
    public static double[] Bell(int bins, double centre, double width, double top)
        => [.. Enumerable.Range(0, bins).Select(bin => Math.Round(top * Math.Exp(-Math.Pow((bin - centre) / width, 2))))];
}
