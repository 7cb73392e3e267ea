namespace Ballast;

/// <summary>Which candidates of an image enter the loss.</summary>
public static partial class Remedies
{
    private static Remedy[] Samplers =>
    [
        new()
        {
            Kind = "random",
            Title = "random sampling",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.RandomSampler",
            Formula = "n candidates, at most a fraction f of them objects, the rest background, both drawn uniformly",
            Helps = "As the reference of two-stage heads: background is held to a few per object at no cost.",
            Harms = "A uniform draw of background is nearly all easy, so the candidates that are mistaken for objects are hardly ever seen.",
            Code = "new RandomSampler { Count = 256, PositiveFraction = 0.5 }",
            Recipe = """{ "type": "random", "count": 256, "positiveFraction": 0.5 }""",
            IsBaseline = true,
            Papers = [Papers.FasterRCNN],
        },
        new()
        {
            Kind = "none",
            Title = "no sampling",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.NoSampler",
            Formula = "w_i = 1 for every candidate that is not ignored",
            Helps = "With losses that weigh candidates themselves: focal, GHM, quality focal, ranking, and with guided loss.",
            Harms = "With plain cross entropy background rules the loss.",
            Code = "new NoSampler()",
            Recipe = "\"none\"",
        },
        new()
        {
            Kind = "hard-negative-mining",
            Title = "hard negative mining (3 : 1)",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.HardNegativeMiningSampler",
            Formula = "all objects, and for each of them the 3 background candidates of highest loss",
            Helps = "One-stage detectors under cross entropy: what is learned from is what the detector gets wrong.",
            Harms = "Objects that were not labelled have the highest loss of all; an image without objects teaches nothing unless minimumNegatives is set.",
            Code = "new HardNegativeMiningSampler { NegativesPerPositive = 3 }",
            Recipe = """{ "type": "hard-negative-mining", "negativesPerPositive": 3 }""",
            Papers = [Papers.Ssd],
        },
        new()
        {
            Kind = "ohem",
            Title = "online hard example mining (OHEM)",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.OnlineHardExampleMiningSampler",
            Formula = "the n candidates of highest loss under the current head, objects at most a fraction f of them",
            Helps = "Region heads on small data: every step spends its places on what is still wrong.",
            Harms = "Label noise is always hardest, the head runs twice, and behind FPN it gains little.",
            Code = "new OnlineHardExampleMiningSampler { Count = 512, PositiveFraction = 0.25 }",
            Recipe = """{ "type": "ohem", "count": 512, "positiveFraction": 0.25 }""",
            Papers = [Papers.Ohem],
        },
        new()
        {
            Kind = "iou-balanced-negative",
            Title = "IoU-balanced sampling of background",
            Imbalance = Imbalance.ClassBackground,
            Also = [Imbalance.IoUDistribution],
            Family = RemedyFamily.Sampler,
            Type = "Ballast.IoUBalancedNegativeSampler",
            Formula = "N / K background candidates from each of K bins of IoU, shortfalls filled at random",
            Helps = "Background that overlaps objects is seen as often as the rest, without a pass of the head to find it.",
            Harms = "With the authors' range the upper bins hold no background and most places are filled at random (see binRange).",
            Code = "new IoUBalancedNegativeSampler { Bins = 3, BinRange = IoUBinRange.Negatives }",
            Recipe = """{ "type": "iou-balanced-negative", "bins": 3, "binRange": "negatives" }""",
            Papers = [Papers.Libra],
        },
        new()
        {
            Kind = "instance-balanced-positive",
            Title = "instance-balanced sampling of objects",
            Imbalance = Imbalance.ScaleBox,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.InstanceBalancedPositiveSampler",
            Formula = "round(n / objects) + 1 candidates of each object that has any, filled or trimmed at random to n",
            Helps = "Large and small objects in one image: the dozens of candidates of a large one do not crowd out the few of a small one.",
            Harms = "Where there are fewer positives than places, as for most anchors, it changes nothing.",
            Code = "new InstanceBalancedPositiveSampler { Count = 512, PositiveFraction = 0.25 }",
            Recipe = """{ "type": "instance-balanced-positive", "count": 512, "positiveFraction": 0.25 }""",
            Papers = [Papers.Libra],
        },
        new()
        {
            Kind = "online-foreground-balanced",
            Title = "online foreground balanced sampling (OFB)",
            Imbalance = Imbalance.ClassForeground,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.OnlineForegroundBalancedSampler",
            Formula = "P(candidate of class c) = 1 / (classes present x objects of c), without replacement",
            Helps = "Images that hold common and rare classes together, which showing images more often cannot pull apart.",
            Harms = "It acts inside an image only: a class that few images hold stays rare.",
            Code = "new OnlineForegroundBalancedSampler { Count = 512, PositiveFraction = 0.25 }",
            Recipe = """{ "type": "online-foreground-balanced", "count": 512, "positiveFraction": 0.25 }""",
            Papers = [Papers.Generator],
        },
        new()
        {
            Kind = "isr-n",
            Title = "importance-based reweighting of background (ISR-N)",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.ImportanceReweightingSampler",
            Formula = "w = (bias + (1 - bias) (n - r) / n)^power, r the place by rank in its cluster of predicted boxes, then by score",
            Helps = "Background that suppression would leave standing, the one false alarm of each cluster, weighs most.",
            Harms = "Needs the head's predictions before the loss, for region heads only; easy background is not taught any more.",
            Code = "new ImportanceReweightingSampler { Power = 0.5, Bias = 0 }",
            Recipe = """{ "type": "isr-n", "power": 0.5, "bias": 0 }""",
            Papers = [Papers.Prime],
        },
        new()
        {
            Kind = "combined",
            Title = "one sampler for objects, one for background",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.Sampler,
            Type = "Ballast.CombinedSampler",
            Formula = "w_i of the first for objects, of the second for background",
            Helps = "Libra R-CNN's region head: instance-balanced objects with IoU-balanced background.",
            Harms = "Both halves must mean the same count and fraction, or the quota is another than it reads.",
            Code = "new CombinedSampler { Positives = new InstanceBalancedPositiveSampler(), Negatives = new IoUBalancedNegativeSampler() }",
            Recipe = """{ "type": "combined", "positives": "instance-balanced-positive", "negatives": "iou-balanced-negative" }""",
            Papers = [Papers.Libra],
        },
    ];
}
