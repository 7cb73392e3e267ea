using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>What the losses of a stage that looks at anchors are divided by.</summary>
public enum LossDivisor
{
    /// <summary>Objects of the batch, an image without any counting as one (mmdetection): a sum, so parts of a batch add up.</summary>
    Positives,

    /// <summary>Objects of each image, at least 1, and the mean over images (torchvision): an image without objects weighs a lot.</summary>
    PositivesOfImage,

    /// <summary>Candidates of the batch that count, objects and background: usual where a sampler limits their number.</summary>
    Samples,
}

/// <summary>How ranking by the quality of boxes enters the box loss.</summary>
public enum ClassificationAwareRule
{
    /// <summary>CARL is added to the box loss (mmdetection).</summary>
    Add,

    /// <summary>CARL takes the box loss's place (the paper).</summary>
    Replace,
}

/// <summary>The losses of a stage that looks at anchors: RetinaNet's heads, a region proposal network, SSD's maps.</summary>
public sealed record DenseLossOptions
{
    /// <summary>The loss of what is there; decides how many outputs an anchor has for its classes.</summary>
    public ClassificationLoss Classification { get; init; } = new FocalLoss();

    /// <summary>The loss of where it is; may ask for outputs beside the four deltas.</summary>
    public BoxLoss Box { get; init; } = new L1BoxLoss();

    /// <summary>How boxes are told from anchors.</summary>
    public BoxCoder Coder { get; init; } = new();

    /// <summary>What both losses are divided by.</summary>
    public LossDivisor Divisor { get; init; } = LossDivisor.PositivesOfImage;

    /// <summary>ISR-P: objects are weighed by how well the prediction lies; null (the default) for equal weights.</summary>
    public ImportanceReweighting? Importance { get; init; }

    /// <summary>CARL: objects are taught to score higher where their box is good; null (the default) for none.</summary>
    public ClassificationAwareRegression? ClassificationAware { get; init; }

    /// <summary>How CARL enters the box loss.</summary>
    public ClassificationAwareRule ClassificationAwareRule { get; init; }

    /// <summary>
    /// Centre-ness (Tian et al. 2019, arXiv:1904.01355, eq. 3; ATSS has it too): one more output for each anchor learns how central it lies in its object, weighs
    /// the box loss, and multiplies the scores.
    /// </summary>
    public bool Centerness { get; init; }

    /// <summary>What among them looks at a batch as a whole, as records are called.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> BatchCoupled
        => [.. new object?[] { Classification.IsBatchCoupled ? Classification : null, Box.IsBatchCoupled ? Box : null, Importance, ClassificationAware }
            .OfType<object>().Select(remedy => remedy.GetType().Name)];

    /// <summary>How many stages an objective gets from it.</summary>
    [JsonIgnore]
    public int Stages => 1 + (Centerness ? 1 : 0) + (ClassificationAware is not null && ClassificationAwareRule == ClassificationAwareRule.Add ? 1 : 0);
}
