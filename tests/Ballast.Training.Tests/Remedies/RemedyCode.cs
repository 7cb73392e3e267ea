using System.Runtime.CompilerServices;

namespace Ballast.Training.Tests;

/// <summary>The C# of each remedy of the catalogue, compiled here: the same text, and what it makes.</summary>
internal static class RemedyCode
{
    private static readonly Dictionary<string, (string Text, Func<object> Make)> Entries = [];

    static RemedyCode()
    {
        Images();
        Add("guided-anchoring", () => new GuidedAnchoringOptions { LocationThreshold = 0.01f });
        Add("cascade", () => new CascadeOptions());
        Add("max-iou", () => new MaxIoUAssigner { PositiveIoU = 0.5f, NegativeIoU = 0.4f });
        Add("atss", () => new AtssAssigner { NearestPerLevel = 9 });
        Add("region", () => new RegionAssigner { CenterFraction = 0.2, IgnoreFraction = 0.5 });
        Add("approx-max-iou", () => new ApproxMaxIoUAssigner { AnchorsPerPlace = 9 });
        Samplers();
        Pyramid();
        Classification();
        Boxes();
        Add("weighted-sum", () => new WeightedSumOptions { BoxWeight = 2 });
        Add("guided", () => new GuidedLossOptions { ClassificationScale = 1 });
        Add("uncertainty", () => new UncertaintyWeightingOptions { Limit = 5 });
        Add("equalized", () => new EqualizedOptions { BoxScale = 1 });
        Add("self-balancing", () => new SelfBalancingOptions { StartWeight = 50 });
        Add("gradnorm", () => new GradNormOptions { Alpha = 1.5f, LearningRate = 0.025f });
        Add("dynamic-weight-average", () => new DynamicWeightAverageOptions { Temperature = 2 });
    }

    /// <summary>Kinds that have code here.</summary>
    public static IReadOnlyCollection<string> Kinds => Entries.Keys;

    /// <summary>The code as it stands in this file.</summary>
    public static string Text(string kind) => Entries[kind].Text;

    /// <summary>What the code makes.</summary>
    public static object Make(string kind) => Entries[kind].Make();

    private static void Images()
    {
        var data = DataOfOneImage();
        Add("class-aware", () => ImageSampling.ClassAware(data));
        Add("repeat-factor", () => ImageSampling.RepeatFactors(data, 0.1));
        Add("drop-majority", () => ImageSampling.DropMajorityOnly(data, 0.25));
    }

    private static DetectionDataset DataOfOneImage()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("data.json");
        File.WriteAllText(file, """
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 9, "height": 9}], "categories": [{"id": 1, "name": "a"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 4, 4]}]}
            """);
        return DetectionDataset.Load(file);
    }

    private static void Samplers()
    {
        Add("random", () => new RandomSampler { Count = 256, PositiveFraction = 0.5 });
        Add("none", () => new NoSampler());
        Add("hard-negative-mining", () => new HardNegativeMiningSampler { NegativesPerPositive = 3 });
        Add("ohem", () => new OnlineHardExampleMiningSampler { Count = 512, PositiveFraction = 0.25 });
        Add("iou-balanced-negative", () => new IoUBalancedNegativeSampler { Bins = 3, BinRange = IoUBinRange.Negatives });
        Add("instance-balanced-positive", () => new InstanceBalancedPositiveSampler { Count = 512, PositiveFraction = 0.25 });
        Add("online-foreground-balanced", () => new OnlineForegroundBalancedSampler { Count = 512, PositiveFraction = 0.25 });
        Add("isr-n", () => new ImportanceReweightingSampler { Power = 0.5, Bias = 0 });
        Add("combined", () => new CombinedSampler { Positives = new InstanceBalancedPositiveSampler(), Negatives = new IoUBalancedNegativeSampler() });
    }

    private static void Pyramid()
    {
        Add("single-level", () => new SingleLevelOptions { Stride = 16 });
        Add("path-aggregation", () => new PathAggregationOptions { Rectified = true });
        Add("balanced-feature-pyramid", () => new BalancedFeaturePyramidOptions { RefineLevel = 1, Refinement = Refinement.Convolution });
        Add("fpn", () => new FeaturePyramidOptions { Channels = 256 });
        Add("roi-align", () => new MultiScaleRoIAlignOptions());
        Add("adaptive-pooling", () => new AdaptiveFeaturePoolingOptions { Fusion = BranchFusion.Max });
    }

    private static void Classification()
    {
        Add("cross-entropy", () => new CrossEntropyLoss { Sigmoid = true });
        Add("focal", () => new FocalLoss { Gamma = 2, Alpha = 0.25f });
        Add("ghm-c", () => new GradientHarmonizedLoss { Bins = 30, Momentum = 0.75f });
        Add("quality-focal", () => new QualityFocalLoss { Beta = 2 });
        Add("varifocal", () => new VarifocalLoss { Alpha = 0.75f, Gamma = 2 });
        Add("class-balanced", () => new ClassBalancedLoss { Loss = new FocalLoss(), Beta = 0.999f });
        Add("seesaw", () => new SeesawLoss { Mitigation = 0.8f, Compensation = 2 });
        Add("equalization-v2", () => new EqualizationLoss { Gamma = 12, Mu = 0.8f, Alpha = 4 });
        Add("ap", () => new AveragePrecisionLoss { Delta = 1 });
        Add("alrp", () => new AverageLrpLoss { Delta = 1, LeastIoU = 0.5f });
        Add("rank-sort", () => new RankSortLoss { Delta = 0.5f });
        Add("isr-p", () => new ImportanceReweighting { Power = 2, Bias = 0 });
        Add("carl", () => new ClassificationAwareRegression { Bias = 0.2f, Power = 1 });
    }

    private static void Boxes()
    {
        Add("l1", () => new L1BoxLoss());
        Add("l2", () => new L2BoxLoss());
        Add("smooth-l1", () => new SmoothL1BoxLoss { Beta = 0.11f });
        Add("balanced-l1", () => new BalancedL1BoxLoss { Alpha = 0.5f, Gamma = 1.5f, Beta = 1 });
        Add("kl", () => new KLBoxLoss());
        Add("ghm-r", () => new GradientHarmonizedBoxLoss { Mu = 0.02f, Bins = 10, Momentum = 0.7f });
        Add("iou", () => new IoUBoxLoss { Form = IoULossForm.Linear });
        Add("bounded-iou", () => new BoundedIoUBoxLoss { Beta = 0.2f });
        Add("giou", () => new GIoUBoxLoss());
        Add("diou", () => new DIoUBoxLoss());
        Add("ciou", () => new CIoUBoxLoss());
        Add("efficient-iou", () => new EfficientIoUBoxLoss { FocalGamma = 0.5f });
        Add("extended-iou", () => new ExtendedIoUBoxLoss { SmoothPoint = 0.1f });
        Add("siou", () => new SIoUBoxLoss { Theta = 4 });
        Add("alpha-iou", () => new AlphaIoUBoxLoss { Form = AlphaIoUForm.DIoU, Alpha = 3 });
        Add("nwd", () => new NormalizedWassersteinBoxLoss { ConstantPixels = 12.8f });
        Add("sum", () => new SumBoxLoss { Parts = [new() { Loss = new L1BoxLoss() }, new() { Loss = new GIoUBoxLoss(), Weight = 2 }] });
    }

    private static void Add(string kind, Func<object> make, [CallerArgumentExpression(nameof(make))] string text = "")
        => Entries.Add(kind, (text["() => ".Length..], make));
}
