namespace Ballast;

/// <summary>What decides which images and candidates a step learns from, and how losses become one.</summary>
public static partial class Remedies
{
    private static Remedy[] ImageSamplers =>
    [
        new()
        {
            Kind = "class-aware",
            Title = "class-aware sampling of images",
            Imbalance = Imbalance.ClassForeground,
            Family = RemedyFamily.ImageSampling,
            Type = "Ballast.ImageSampling",
            Formula = "P_i = (1 / C) sum over the classes c of image i of 1 / images of c",
            Helps = "Few classes of very different size in images of their own: each class is drawn equally often.",
            Harms = "A class of ten images is shown hundreds of times and learned by heart; where classes share images the common one comes along.",
            Code = "ImageSampling.ClassAware(data)",
            Papers = [Papers.Relay],
        },
        new()
        {
            Kind = "repeat-factor",
            Title = "repeat-factor sampling of images",
            Imbalance = Imbalance.ClassForeground,
            Family = RemedyFamily.ImageSampling,
            Type = "Ballast.ImageSampling",
            Formula = "r_i = max over the classes c of image i of max(1, sqrt(t / f_c)), f_c the share of images with c",
            Helps = "Long tails: rare classes are seen more often by a root only, so that little is learned by heart.",
            Harms = "t must fit the data: LVIS's 0.001 does nothing on a few hundred images.",
            Code = "ImageSampling.RepeatFactors(data, 0.1)",
            Papers = [Papers.Lvis],
        },
        new()
        {
            Kind = "drop-majority",
            Title = "leaving out images of the commonest class only",
            Imbalance = Imbalance.ClassForeground,
            Family = RemedyFamily.ImageSampling,
            Type = "Ballast.ImageSampling",
            Formula = "images whose objects are all of the commonest class stay with probability p",
            Helps = "Much data of one class that says the same again and again; epochs become shorter.",
            Harms = "What made the common class good is thrown away, and with it scenes that held nothing else.",
            Code = "ImageSampling.DropMajorityOnly(data, 0.25)",
        },
    ];

    private static Remedy[] Anchorings =>
    [
        new()
        {
            Kind = "guided-anchoring",
            Title = "guided anchoring",
            Imbalance = Imbalance.Location,
            Also = [Imbalance.ClassBackground],
            Family = RemedyFamily.Anchoring,
            Type = "Ballast.Training.GuidedAnchoringOptions",
            Formula = "p(x, y, w, h | I) = p(x, y | I) p(w, h | x, y, I): a 1x1 convolution each; w = s e^dw, h = s e^dh of the level's square s; features pass a deformable convolution of (dw, dh)",
            Helps = "Objects in few places or of odd shapes: one anchor a cell, of the shape that is predicted there, and none where no centre is likely.",
            Harms = "Two more losses and two deformable convolutions a level, which cost time; places that the location branch misses are lost whatever the classes say.",
            Code = "new GuidedAnchoringOptions { LocationThreshold = 0.01f }",
            Recipe = """{ "type": "guided-anchoring", "locationThreshold": 0.01 }""",
            Papers = [Papers.GuidedAnchoring],
        },
    ];

    private static Remedy[] RegionStages =>
    [
        new()
        {
            Kind = "cascade",
            Title = "Cascade R-CNN",
            Imbalance = Imbalance.IoUDistribution,
            Family = RemedyFamily.RegionStages,
            Type = "Ballast.Training.CascadeOptions",
            Formula = "b_t = f_t(x, b_(t-1)), positive from IoU u_t = 0.5, 0.6, 0.7; L = sum_t w_t (L_cls,t + L_box,t), w = 1, 0.5, 0.25",
            Helps = "Loose boxes, few positives at high IoU: each stage is fed by better boxes than the one before, and learns to make them better still.",
            Harms = "A head a stage: memory, weights and time; where proposals are so bad that few reach the later stages' IoU, these learn little.",
            Code = "new CascadeOptions()",
            Member = "cascade",
            Recipe = "{}",
            Papers = [Papers.Cascade],
        },
    ];

    private static Remedy[] Assigners =>
    [
        new()
        {
            Kind = "max-iou",
            Title = "max-IoU assigner",
            Imbalance = Imbalance.IoUDistribution,
            Family = RemedyFamily.Assigner,
            Type = "Ballast.MaxIoUAssigner",
            Formula = "positive from IoU t_p, background under t_n, left out between; each object keeps the candidates that overlap it best",
            Helps = "As the rule that Faster R-CNN, RetinaNet and SSD were tuned with.",
            Harms = "One threshold for all sizes: small objects get one forced anchor of low IoU, large ones dozens just above it.",
            Code = "new MaxIoUAssigner { PositiveIoU = 0.5f, NegativeIoU = 0.4f }",
            Recipe = """{ "type": "max-iou", "positiveIoU": 0.5, "negativeIoU": 0.4 }""",
            IsBaseline = true,
            Papers = [Papers.FasterRCNN],
        },
        new()
        {
            Kind = "atss",
            Title = "adaptive training sample selection (ATSS)",
            Imbalance = Imbalance.IoUDistribution,
            Family = RemedyFamily.Assigner,
            Type = "Ballast.AtssAssigner",
            Formula = "positive where IoU >= mean + standard deviation over the k nearest candidates of each level, and the centre lies inside the object",
            Helps = "Objects of all sizes and shapes get positives in proportion, without thresholds to tune; one anchor a place is enough.",
            Harms = "An object smaller than a stride may have no centre inside and gets nothing, where max-IoU would force one.",
            Code = "new AtssAssigner { NearestPerLevel = 9 }",
            Recipe = """{ "type": "atss", "nearestPerLevel": 9 }""",
            Papers = [Papers.Atss],
        },
        new()
        {
            Kind = "region",
            Title = "assigning by centre regions",
            Imbalance = Imbalance.Location,
            Family = RemedyFamily.Assigner,
            Type = "Ballast.RegionAssigner",
            Formula = "on its level an object owns the cells in the middle of it (a share s_c of its sides); a ring (s_i) and the neighbouring levels are left out",
            Helps = "Teaching where objects are: the target of guided anchoring's location branch.",
            Harms = "Of overlapping objects the later one takes the cells; it knows places, not shapes, so one anchor a place is all it assigns.",
            Code = "new RegionAssigner { CenterFraction = 0.2, IgnoreFraction = 0.5 }",
            Recipe = """{ "type": "region", "centerFraction": 0.2, "ignoreFraction": 0.5 }""",
            Papers = [Papers.GuidedAnchoring],
        },
        new()
        {
            Kind = "approx-max-iou",
            Title = "max-IoU by the best of several shapes",
            Imbalance = Imbalance.Location,
            Family = RemedyFamily.Assigner,
            Type = "Ballast.ApproxMaxIoUAssigner",
            Formula = "IoU(place, object) = max over the k anchors that stand for the place, then the max-IoU rule",
            Helps = "Assigning places whose anchor is still to be predicted, as guided anchoring's shape branch needs.",
            Harms = "A place counts as good although the shape that made it so may never be predicted there.",
            Code = "new ApproxMaxIoUAssigner { AnchorsPerPlace = 9 }",
            Recipe = """{ "type": "approx-max-iou", "anchorsPerPlace": 9 }""",
            Papers = [Papers.GuidedAnchoring],
        },
    ];

    private static Remedy[] Objectives =>
    [
        new()
        {
            Kind = "weighted-sum",
            Title = "weighted sum",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Objective,
            Type = "Ballast.Training.WeightedSumOptions",
            Formula = "L = w_cls sum L_cls + w_box sum L_box",
            Helps = "As what every other objective is measured against; right where the detector's own losses were tuned together.",
            Harms = "Whoever swaps one loss moves the balance, and nobody tells.",
            Code = "new WeightedSumOptions { BoxWeight = 2 }",
            Recipe = """{ "type": "weighted-sum", "boxWeight": 2 }""",
            IsBaseline = true,
        },
        new()
        {
            Kind = "guided",
            Title = "guided loss",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Objective,
            Type = "Ballast.Training.GuidedLossOptions",
            Formula = "L = r L_cls + L_box, r = L_box / L_cls held fixed in the gradient",
            Helps = "Training without any sampler: the box loss, which sees objects only, sets the scale of the classification.",
            Harms = "A step without objects teaches no classification (see leastRatio), and a box loss that can be negative turns the sign.",
            Code = "new GuidedLossOptions { ClassificationScale = 1 }",
            Recipe = """{ "type": "guided", "classificationScale": 1 }""",
            Papers = [Papers.Guided],
        },
        new()
        {
            Kind = "uncertainty",
            Title = "uncertainty weighting",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Objective,
            Type = "Ballast.Training.UncertaintyWeightingOptions",
            Formula = "L = sum over losses of c e^(-s) L + s / 2, s = ln sigma^2 learned, c = 1/2 for boxes and 1 for classes",
            Helps = "Losses of unknown scale, several stages: weights are learned instead of searched.",
            Harms = "The loss that is easiest to lower gains weight, which need not be the one that matters; s must stay out of weight decay.",
            Code = "new UncertaintyWeightingOptions { Limit = 5 }",
            Recipe = """{ "type": "uncertainty", "limit": 5 }""",
            Papers = [Papers.Uncertainty],
        },
        new()
        {
            Kind = "equalized",
            Title = "equal losses",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Objective,
            Type = "Ballast.Training.EqualizedOptions",
            Formula = "L_cls + r L_box, r = L_cls / L_box held fixed in the gradient",
            Helps = "Ranking losses, whose value says how good the ranking is: the box loss follows, and no weight is left to tune.",
            Harms = "Where classification is nearly learned, boxes learn next to nothing; where boxes are, their gradient is blown up.",
            Code = "new EqualizedOptions { BoxScale = 1 }",
            Recipe = """{ "type": "equalized", "boxScale": 1 }""",
            Papers = [Papers.RankSort],
        },
        new()
        {
            Kind = "self-balancing",
            Title = "self-balancing",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Objective,
            Type = "Ballast.Training.SelfBalancingOptions",
            Formula = "L_cls + w L_box, w = (L_cls + L_box) / L_box of the means over the last epoch, 50 in the first",
            Helps = "aLRP loss, whose box part is small beside its ranking part; smoother than equal losses, since w moves once an epoch.",
            Harms = "The first epoch runs at w = 50, which is meant for aLRP and far too much for sums over boxes.",
            Code = "new SelfBalancingOptions { StartWeight = 50 }",
            Recipe = """{ "type": "self-balancing", "startWeight": 50 }""",
            Papers = [Papers.Alrp],
        },
        new()
        {
            Kind = "gradnorm",
            Title = "GradNorm",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Objective,
            Type = "Ballast.Training.GradNormOptions",
            Formula = "w_i learned to minimise sum_i |G_i - mean(G) r_i^alpha|, G_i = w_i |grad L_i| in what all share, r_i how slowly L_i falls beside the others",
            Helps = "Losses of which one drowns the others' gradient in the shared features: all learn at a like pace.",
            Harms = "One more backward pass through the heads for each loss, and a loss of noisy gradients drags the others' weights about.",
            Code = "new GradNormOptions { Alpha = 1.5f, LearningRate = 0.025f }",
            Recipe = """{ "type": "gradnorm", "alpha": 1.5, "learningRate": 0.025 }""",
            Papers = [Papers.GradNorm],
        },
        new()
        {
            Kind = "dynamic-weight-average",
            Title = "dynamic weight average",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Objective,
            Type = "Ballast.Training.DynamicWeightAverageOptions",
            Formula = "w_i = T softmax(r_i / temperature), r_i = L_i of the last epoch / L_i of the one before",
            Helps = "GradNorm's aim for nothing: losses that fall slowly gain weight, by their values alone.",
            Harms = "Weights stay near 1 and move once an epoch; a loss that rises because it overfits gains weight.",
            Code = "new DynamicWeightAverageOptions { Temperature = 2 }",
            Recipe = """{ "type": "dynamic-weight-average", "temperature": 2 }""",
            Papers = [Papers.WeightAverage],
        },
    ];
}
