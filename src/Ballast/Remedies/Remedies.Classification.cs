namespace Ballast;

/// <summary>Soft sampling: classification losses, and what weighs objects again.</summary>
public static partial class Remedies
{
    private static Remedy[] ClassificationLosses =>
    [
        new()
        {
            Kind = "cross-entropy",
            Title = "cross entropy",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.CrossEntropyLoss",
            Formula = "CE = -ln p_y of a softmax over K classes and background, or -(t ln p + (1 - t) ln(1 - p)) of each sigmoid",
            Helps = "Behind a sampler that keeps background to a few per object, and as what every other loss is measured against.",
            Harms = "On dense anchors without a sampler a thousand easy background anchors together outweigh each object.",
            Code = "new CrossEntropyLoss { Sigmoid = true }",
            Recipe = """{ "type": "cross-entropy", "sigmoid": true }""",
            IsBaseline = true,
        },
        new()
        {
            Kind = "focal",
            Title = "focal loss",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.FocalLoss",
            Formula = "FL = -alpha_t (1 - p_t)^gamma ln p_t",
            Helps = "One-stage detectors that look at every anchor: easy background weighs next to nothing, so no sampler is needed.",
            Harms = "Wrong labels are the hardest candidates of all and rule late training; behind a sampler or OHEM hardness counts twice.",
            Code = "new FocalLoss { Gamma = 2, Alpha = 0.25f }",
            Recipe = """{ "type": "focal", "gamma": 2, "alpha": 0.25 }""",
            Papers = [Papers.Focal],
        },
        new()
        {
            Kind = "ghm-c",
            Title = "gradient harmonizing (GHM-C)",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.GradientHarmonizedLoss",
            Formula = "L = sum_i w_i BCE_i / N, w_i = N / (M R(g_i)); g = |p - t|, R(g) the pairs in g's bin, M the bins that are not empty",
            Helps = "Data with some wrong labels: the many easy and the few hopeless candidates are both held down.",
            Harms = "Small batches fill few bins and weights jump; with momentum the first steps are too large unless the gradient is clipped.",
            Code = "new GradientHarmonizedLoss { Bins = 30, Momentum = 0.75f }",
            Recipe = """{ "type": "ghm-c", "bins": 30, "momentum": 0.75 }""",
            Papers = [Papers.Ghm],
        },
        new()
        {
            Kind = "quality-focal",
            Title = "quality focal loss",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.QualityFocalLoss",
            Formula = "QFL = |q - p|^beta BCE(p, q), q the IoU of the predicted box at its class, 0 elsewhere",
            Helps = "Suppression keeps the box that fits, because the score says how well it is placed as well as what it is.",
            Harms = "Scores mean IoU from then on, so thresholds tuned for probabilities are wrong; early boxes are bad, and so are early targets.",
            Code = "new QualityFocalLoss { Beta = 2 }",
            Recipe = """{ "type": "quality-focal", "beta": 2 }""",
            Papers = [Papers.GeneralizedFocal],
        },
        new()
        {
            Kind = "varifocal",
            Title = "varifocal loss",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.VarifocalLoss",
            Formula = "VFL = q BCE(p, q) where q > 0, else alpha p^gamma BCE(p, 0), q the IoU of the predicted box",
            Helps = "Few objects against much background: only background is weighed down, and well placed objects count more.",
            Harms = "Objects whose boxes are still bad weigh little, so what is hard to localise is learned late.",
            Code = "new VarifocalLoss { Alpha = 0.75f, Gamma = 2 }",
            Recipe = """{ "type": "varifocal", "alpha": 0.75, "gamma": 2 }""",
            Papers = [Papers.Varifocal],
        },
        new()
        {
            Kind = "class-balanced",
            Title = "class-balanced weights (effective number)",
            Imbalance = Imbalance.ClassForeground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.ClassBalancedLoss",
            Formula = "w_c L, w_c ~ (1 - beta) / (1 - beta^n_c) with n_c the objects of class c, the weights of the classes summing to their number",
            Helps = "A few classes with hundreds of objects against one with thousands, where showing images again is too slow.",
            Harms = "No new object is seen: a class of ten is learned by heart sooner, and common classes lose precision.",
            Code = "new ClassBalancedLoss { Loss = new FocalLoss(), Beta = 0.999f }",
            Recipe = """{ "type": "class-balanced", "loss": "focal", "beta": 0.999 }""",
            Papers = [Papers.Effective],
        },
        new()
        {
            Kind = "seesaw",
            Title = "seesaw loss",
            Imbalance = Imbalance.ClassForeground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.SeesawLoss",
            Formula = "-ln(e^z_i / (e^z_i + sum_j S_ij e^z_j)), S_ij = min(1, N_j / N_i)^p max(1, s_j / s_i)^q",
            Helps = "Long tails of many classes in a two-stage head: frequent classes stop pushing rare ones down.",
            Harms = "With few classes of like size it changes little, and it needs two more outputs and a softmax head.",
            Code = "new SeesawLoss { Mitigation = 0.8f, Compensation = 2 }",
            Recipe = """{ "type": "seesaw", "mitigation": 0.8, "compensation": 2 }""",
            Papers = [Papers.Seesaw],
        },
        new()
        {
            Kind = "equalization-v2",
            Title = "equalization loss v2",
            Imbalance = Imbalance.ClassForeground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.EqualizationLoss",
            Formula = "BCE, objects weighed 1 + alpha (1 - f(g)), background f(g) = 1 / (1 + e^(-gamma (g - mu))), g the ratio of their gradients so far",
            Helps = "Long tails, without knowing the counts: each class's own gradients say whether it is being pushed down.",
            Harms = "Rare classes also gain false alarms, since their background weighs less; it remembers, so a resumed run needs its state.",
            Code = "new EqualizationLoss { Gamma = 12, Mu = 0.8f, Alpha = 4 }",
            Recipe = """{ "type": "equalization-v2", "gamma": 12, "mu": 0.8, "alpha": 4 }""",
            Papers = [Papers.Equalization],
        },
        new()
        {
            Kind = "ap",
            Title = "AP loss",
            Imbalance = Imbalance.ClassBackground,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.AveragePrecisionLoss",
            Formula = "1 - mean_i rank+(i) / rank(i), ranks by x_ij = clamp((s_j - s_i) / (2 delta) + 1/2, 0, 1)",
            Helps = "Extreme background: only the order counts, so a million easy negatives under the lowest object cost nothing.",
            Harms = "Needs many more epochs than focal loss, ranks on the CPU, and knows nothing of where boxes are.",
            Code = "new AveragePrecisionLoss { Delta = 1 }",
            Recipe = """{ "type": "ap", "delta": 1 }""",
            Papers = [Papers.ApLoss],
        },
        new()
        {
            Kind = "alrp",
            Title = "aLRP loss (classification part)",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.AverageLrpLoss",
            Formula = "1 - mean_i rank+(i) / rank(i); the gradient adds the localisation errors E of the objects that rank higher",
            Helps = "One number for classes and boxes without weights to tune: well placed objects are pulled up the ranking.",
            Harms = "Needs long training (100 epochs in the paper) and an IoU for every object; it ranks on the CPU.",
            Code = "new AverageLrpLoss { Delta = 1, LeastIoU = 0.5f }",
            Recipe = """{ "type": "alrp", "delta": 1, "leastIoU": 0.5 }""",
            Papers = [Papers.Alrp],
        },
        new()
        {
            Kind = "rank-sort",
            Title = "Rank & Sort loss",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.ClassificationLoss,
            Type = "Ballast.Training.RankSortLoss",
            Formula = "mean_i FP(i) / rank(i) + mean_i (sort error of i among objects by IoU), ranks by steps of width 2 delta",
            Helps = "Replaces sampling, loss weights and an extra quality branch by one order: objects above background, better boxes first.",
            Harms = "Quadratic in objects against what outranks them and on the CPU; scores are no probabilities.",
            Code = "new RankSortLoss { Delta = 0.5f }",
            Recipe = """{ "type": "rank-sort", "delta": 0.5 }""",
            Papers = [Papers.RankSort],
        },
    ];

    private static Remedy[] Reweightings =>
    [
        new()
        {
            Kind = "isr-p",
            Title = "importance-based reweighting (ISR-P)",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Reweighting,
            Type = "Ballast.Training.ImportanceReweighting",
            Formula = "w_i = (bias + (1 - bias) (n_max - r_i) / n_max)^power, r_i the place by IoU of the predicted box inside its class; sum of losses kept",
            Helps = "AP at high IoU: of the candidates of an object those with the best box are classified first.",
            Harms = "Hard objects with bad boxes get less attention, which is the opposite of focal loss: do not expect both to add up.",
            Code = "new ImportanceReweighting { Power = 2, Bias = 0 }",
            Member = "importance",
            Recipe = """{ "power": 2, "bias": 0 }""",
            Papers = [Papers.Prime],
        },
        new()
        {
            Kind = "carl",
            Title = "classification-aware regression (CARL)",
            Imbalance = Imbalance.Objective,
            Family = RemedyFamily.Reweighting,
            Type = "Ballast.Training.ClassificationAwareRegression",
            Formula = "L = sum_i c_i L_box,i, c_i = v_i / mean(v), v_i = (bias + (1 - bias) p_i)^power, with gradient through p",
            Helps = "Scores and boxes that disagree: objects whose box is good are taught to score higher.",
            Harms = "While probabilities are still random it shifts box losses at random; with losses of whole boxes its scale must be watched.",
            Code = "new ClassificationAwareRegression { Bias = 0.2f, Power = 1 }",
            Member = "classificationAware",
            Recipe = """{ "bias": 0.2, "power": 1 }""",
            Papers = [Papers.Prime],
        },
    ];
}
