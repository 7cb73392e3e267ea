namespace Ballast.Tests.Reports;

/// <summary>The findings about class and scale of <see cref="DemoReport"/>.</summary>
internal static class DemoFindings
{
    public static Advice SmallerAnchors { get; } = new()
    {
        Title = "Smaller anchors", Effect = "objects with an anchor: Platelets 24 % -> 96 %, RBC 99 % -> 99 %, WBC 100 % -> 98 %", Computed = true, Gain = 0.91,
        Cost = "none in time; the largest objects lose some overlap", Command = "ballast train data/bccd --set detector.profile.anchors=half", Paper = "Lin et al. 2017, arXiv:1708.02002",
    };

    public static Advice Tilt { get; } = new()
    {
        Title = "Balanced sampling", Effect = "share of boxes seen: Platelets 7 % -> 19 %, evenness 0.48 -> 0.78", Computed = true, Gain = 0.62,
        Cost = "the effective sample falls from 364 to 151 images; the rarest images repeat 6 times an epoch", Command = "ballast rebalance data/bccd --oversample tilt --evenness 0.8", CommandExists = false,
    };

    public static Finding ClassForeground() => new()
    {
        Id = "class-foreground", Family = "class", Subject = "foreground-foreground", Verdict = Verdict.Severe,
        Headline = "RBC has 11.5 times the boxes of Platelets (95 %: 10.3-12.9)",
        Meaning = "A detector sees a red cell eleven times for every platelet, so its gradients speak of red cells, and a rare class is learned late or not at all.",
        Deciding = "ratio",
        Measures =
        [
            new("ratio", 11.51, 10.3, 12.9, "largest over smallest class that has boxes; 1 is balanced") { Unit = "x", Label = "largest to smallest class" },
            new("evenness", 0.4842, 0.461, 0.512, "Shannon evenness of the class shares, from 0 (one class) to 1 (all equal)"),
            new("gini", 0.5176, 0.502, 0.531, "Gini coefficient of the class counts, 0 to (K - 1) / K"),
            new("cv", 1.0969, 1.06, 1.13, "coefficient of variation of the class counts"),
            new("kl", 0.5667, 0.536, 0.592, "Kullback-Leibler divergence to equal shares, nats"),
            new("effectiveClasses", 1.70, 1.66, 1.75, "as many equally frequent classes would have this entropy"),
        ],
        Figures =
        [
            new BarFigure
            {
                Title = "Seventeen of twenty boxes are red cells", XLabel = "boxes, and images that hold the class", YLabel = "class", Categories = DemoReport.Classes,
                Series =
                [
                    new("boxes", [4155, 372, 361]) { Low = [4011, 368, 322], High = [4290, 377, 402] },
                    new("images", [343, 364, 222]) { Low = [335, 364, 205], High = [350, 364, 240] },
                ],
            },
            new BarFigure
            {
                Title = "An image holds 12 red cells and one white cell", XLabel = "images", YLabel = "boxes of the class in an image", Stacked = true, Categories = ["none", "1", "2 to 4", "5 to 9", "10 to 19", "20 and more"],
                Series = [new("RBC", [21, 17, 30, 62, 176, 58]) { Class = 0 }, new("WBC", [0, 357, 7, 0, 0, 0]) { Class = 1 }, new("Platelets", [142, 131, 81, 10, 0, 0]) { Class = 2 }],
            },
            new HeatFigure
            {
                Title = "Platelets and red cells meet as often as chance has it", Columns = DemoReport.Classes, Rows = DemoReport.Classes, AroundOne = true,
                Values = [[double.NaN, 1.0, 1.02], [1.0, double.NaN, 1.0], [1.02, 1.0, double.NaN]],
            },
        ],
        Tables = [new("Classes in numbers", ["class", "boxes", "share", "images", "group"], [["RBC", "4,155", "85.0 %", "343", "frequent"], ["WBC", "372", "7.6 %", "364", "frequent"], ["Platelets", "361", "7.4 %", "222", "frequent"]])],
        Remedies =
        [
            Tilt,
            new() { Title = "Focal loss", Effect = "easy examples weigh up to 1,000 times less", Cost = "one more exponent to choose", Command = "ballast train data/bccd --set detector.classificationLoss.type=focal", Paper = "Lin et al. 2017, arXiv:1708.02002" },
        ],
        Examples = [],
    };

    public static Finding ClassBackground() => new()
    {
        Id = "class-background", Family = "class", Subject = "foreground-background", Verdict = Verdict.Severe,
        Headline = "76 % of Platelets match no anchor: a detector cannot learn them at this input side",
        Meaning = "An object without a positive anchor adds nothing to the loss but background; training looks well and the class stays at zero.",
        Deciding = "matched",
        Measures =
        [
            new("matched", 0.2382, 0.197, 0.284, "share of the objects of the worst class that have at least one positive anchor") { Unit = "%", Label = "Platelets with an anchor" },
            new("backgroundRatio", 412.3, 398, 427, "background anchors for one positive anchor, all levels; detectors of this kind lie between 100 and 1,000"),
            new("objectArea", 0.287, 0.279, 0.295, "area covered by objects (union) of the images' area") { Unit = "%" },
            new("emptyImages", 0, 0, 0, "images without an object") { Unit = "%" },
        ],
        Figures =
        [
            new BarFigure
            {
                Title = "Nearly all anchors are background, on every level", XLabel = "anchors, all images", YLabel = "level", Log = true, Categories = ["P3", "P4", "P5", "P6", "P7"],
                Series = [new("positive", [21214, 31870, 2804, 12, 0]), new("ignored", [25110, 24008, 4512, 90, 2]), new("background", [4914000, 1189000, 293800, 81900, 24570])],
            },
            new BarFigure
            {
                Title = "Platelets are left without an anchor", XLabel = "objects with an anchor", YLabel = "class", Percent = true, Categories = DemoReport.Classes,
                Series = [new("with an anchor", [0.991, 1, 0.238]) { Low = [0.988, 1, 0.197], High = [0.994, 1, 0.284] }],
            },
        ],
        Remedies = [SmallerAnchors, new() { Title = "Larger input", Effect = "objects with an anchor: Platelets 24 % -> 92 % at short side 480", Computed = true, Gain = 0.88, Cost = "4 times the pixels, about 4 times the time", Command = "ballast diagnose data/bccd --input-side 480x800" }],
    };

    public static Finding ScaleBox() => new()
    {
        Id = "scale-box", Family = "scale", Subject = "boxes", Verdict = Verdict.Mild,
        Headline = "Platelets are 20 px at this input side; the smallest anchor is 32 px",
        Meaning = "Objects below the smallest anchor are matched by accident of place, and their boxes are coarse against the stride of 8 px.",
        Deciding = "smallShare",
        Measures =
        [
            new("smallShare", 0.094, 0.083, 0.106, "share of boxes under 32 px (square root of the area) after the resize") { Unit = "%", Label = "boxes under 32 px" },
            new("medianSize", 52.3, 51.8, 52.9, "median of the square root of the area after the resize") { Unit = "px" },
            new("sizeRange", 5.1, 4.9, 5.4, "95 % over 5 % quantile of the size") { Unit = "x" },
        ],
        Figures =
        [
            new HistogramFigure
            {
                Title = "Platelets sit below the smallest anchor", XLabel = "square root of the box area after the resize, px", YLabel = "boxes", LogX = true, Edges = LengthScale.Edges,
                Series = [new("RBC", DemoReport.Bell(52, 23.2, 1.7, 1380)) { Class = 0 }, new("WBC", DemoReport.Bell(52, 27, 1.9, 112)) { Class = 1 }, new("Platelets", DemoReport.Bell(52, 17.4, 1.5, 134)) { Class = 2 }],
                Marks = [new(32, "anchor 32"), new(64, "anchor 64"), new(128, "anchor 128"), new(256, "anchor 256"), new(512, "anchor 512"), new(40, "P3 ends"), new(45, "COCO small")],
            },
            new HistogramFigure
            {
                Title = "Most boxes are square", XLabel = "width over height", YLabel = "boxes", Edges = [0, 0.25, 0.5, 0.67, 0.8, 0.9, 1, 1.11, 1.25, 1.5, 2, 4], LogY = true,
                Series = [new("all classes", [3, 21, 160, 512, 980, 1304, 1188, 512, 160, 44, 4])],
                Marks = [new(0.5, "anchor 1:2"), new(1, "anchor 1:1"), new(2, "anchor 2:1")],
            },
        ],
        Remedies = [SmallerAnchors],
    };

    public static Finding ScaleLevel() => new()
    {
        Id = "scale-level", Family = "scale", Subject = "pyramid levels", Verdict = Verdict.Mild,
        Headline = "92 % of boxes fall on P3; P6 and P7 see none",
        Meaning = "Levels without objects learn background only, and all of the work rests on the coarsest features of the finest level.",
        Deciding = "levelEntropy",
        Measures = [new("levelEntropy", 0.181, 0.172, 0.19, "Shannon evenness of the boxes over the levels, 0 to 1") { Label = "evenness over levels" }],
        Figures =
        [
            new BarFigure { Title = "P3 carries nearly everything", XLabel = "boxes", YLabel = "level", Percent = true, Stacked = true, Categories = ["P3", "P4", "P5", "P6", "P7"], Series = [new("RBC", [0.82, 0.03, 0, 0, 0]) { Class = 0 }, new("WBC", [0.028, 0.048, 0, 0, 0]) { Class = 1 }, new("Platelets", [0.074, 0, 0, 0, 0]) { Class = 2 }] },
            new HeatFigure
            {
                Title = "Only white cells reach P4", XLabel = "pyramid level", YLabel = "class", Columns = ["P3", "P4", "P5", "P6", "P7"], Rows = DemoReport.Classes, Percent = true,
                Values = [[0.964, 0.036, 0, 0, 0], [0.368, 0.632, 0, 0, 0], [1, 0, 0, 0, 0]],
            },
        ],
        Remedies = [DemoSpatialFindings.PathAggregation],
    };
}
