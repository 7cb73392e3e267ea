namespace Ballast;

/// <summary>Pyramids of features, and how regions are taken from them.</summary>
public static partial class Remedies
{
    private static Remedy[] Necks =>
    [
        new()
        {
            Kind = "single-level",
            Title = "one map for all sizes",
            Imbalance = Imbalance.ScaleBox,
            Family = RemedyFamily.Neck,
            Type = "Ballast.Training.SingleLevelOptions",
            Formula = "P_l = resize(layer(inner(C_s))) for every level l, s the one map of the backbone that is looked at",
            Helps = "As what pyramids are measured against, and where all objects are of one size.",
            Harms = "Small objects fall between the cells of a coarse map, large ones do not fit the view of a fine one.",
            Code = "new SingleLevelOptions { Stride = 16 }",
            Recipe = """{ "type": "single-level", "stride": 16 }""",
            IsBaseline = true,
            Papers = [Papers.Fpn],
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
        new()
        {
            Kind = "path-aggregation",
            Title = "path aggregation (PANet)",
            Imbalance = Imbalance.ScaleLevel,
            Family = RemedyFamily.Neck,
            Type = "Ballast.Training.PathAggregationOptions",
            Formula = "N_2 = P_2, N_l+1 = P_l+1 + down_l(N_l), each but the first through a 3x3 convolution",
            Helps = "Large objects whose edges decide: what fine maps know of places reaches coarse levels in a few steps.",
            Harms = "Two more convolutions a level; alone it gains a tenth of a point on COCO, the paper's gain came with adaptive pooling.",
            Code = "new PathAggregationOptions { Rectified = true }",
            Recipe = """{ "type": "path-aggregation", "rectified": true }""",
            Papers = [Papers.Panet],
        },
        new()
        {
            Kind = "balanced-feature-pyramid",
            Title = "balanced feature pyramid (Libra)",
            Imbalance = Imbalance.ScaleLevel,
            Family = RemedyFamily.Neck,
            Type = "Ballast.Training.BalancedFeaturePyramidOptions",
            Formula = "B = mean over levels of resize(P_l), P_l' = P_l + resize(refine(B))",
            Helps = "Objects spread over levels: every level learns from all, in equal parts.",
            Harms = "Attention takes memory by the square of the refined map's cells: use a coarser refineLevel or a convolution on large inputs.",
            Code = "new BalancedFeaturePyramidOptions { RefineLevel = 1, Refinement = Refinement.Convolution }",
            Recipe = """{ "type": "balanced-feature-pyramid", "refineLevel": 1, "refinement": "convolution" }""",
            Papers = [Papers.Libra],
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
