namespace Ballast;

/// <summary>Pyramids of features, and how regions are taken from them.</summary>
public static partial class Remedies
{
    private static Remedy[] Necks =>
    [
        new()
        {
            Kind = "extra-maps",
            Title = "extra maps of SSD",
            Imbalance = Imbalance.ScaleBox,
            Family = RemedyFamily.Neck,
            Type = "Ballast.Training.ExtraMapsOptions",
            Formula = "P_l = C_l; above them P_l+1 = relu(conv3x3, stride 2 (relu(conv1x1(P_l))))",
            Helps = "SSD: large objects get maps of their own at little cost, and each map looks at its own sizes.",
            Harms = "Fine maps see only the first layers of the backbone and know little of what they show: small objects are missed.",
            Code = "new ExtraMapsOptions { Channels = [512, 256] }",
            Recipe = """{ "type": "extra-maps", "channels": [512, 256] }""",
            IsBaseline = true,
            Papers = [Papers.Ssd],
        },
        new()
        {
            Kind = "fpn",
            Title = "feature pyramid (FPN)",
            Imbalance = Imbalance.ScaleBox,
            Family = RemedyFamily.Neck,
            Type = "Ballast.Training.FeaturePyramidOptions",
            Formula = "M_l = inner_l(C_l) + up(M_l+1), P_l = layer_l(M_l)",
            Helps = "Objects of many sizes: small ones are found on fine maps that know what the coarse ones saw.",
            Harms = "The finest level costs the most time; and what fine maps know of places reaches coarse levels through the whole backbone only.",
            Code = "new FeaturePyramidOptions { Channels = 256 }",
            Recipe = """{ "type": "fpn", "channels": 256 }""",
            Papers = [Papers.Fpn],
        },
    ];

    private static Remedy[] RoIExtractors =>
    [
        new()
        {
            Kind = "roi-align",
            Title = "RoIAlign from one level by size",
            Imbalance = Imbalance.ScaleBox,
            Family = RemedyFamily.RoIExtractor,
            Type = "Ballast.Training.MultiScaleRoIAlignOptions",
            Formula = "level = floor(4 + log2(sqrt(w h) / 224)), held to the levels there are",
            Helps = "As the reference of region heads behind FPN: each region is looked at in the resolution that fits its size.",
            Harms = "Regions of nearly the same size on both sides of a boundary are seen on different maps, and no region sees two.",
            Code = "new MultiScaleRoIAlignOptions()",
            Recipe = "\"roi-align\"",
            IsBaseline = true,
            Papers = [Papers.Fpn],
        },
        new()
        {
            Kind = "adaptive-pooling",
            Title = "adaptive feature pooling (PANet)",
            Imbalance = Imbalance.ScaleLevel,
            Family = RemedyFamily.RoIExtractor,
            Type = "Ballast.Training.AdaptiveFeaturePoolingOptions",
            Formula = "f = max over levels l of fc_l(RoIAlign(N_l, region))",
            Helps = "Small objects see context and large ones detail, because every region is taken from every level.",
            Harms = "As many RoIAligns and first layers as there are levels: the region head's memory and time grow by that factor.",
            Code = "new AdaptiveFeaturePoolingOptions { Fusion = BranchFusion.Max }",
            Recipe = """{ "type": "adaptive-pooling", "fusion": "max" }""",
            Papers = [Papers.Panet],
        },
    ];
}
