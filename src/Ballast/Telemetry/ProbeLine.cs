namespace Ballast;

/// <summary>
/// A look inside a step: what was shown to each stage, where its predictions lay, and how long the gradients were that its losses sent back. Counts are whole numbers of
/// the step's images; lengths are those of the losses as they were weighed.
/// </summary>
public sealed record ProbeLine : TelemetryLine
{
    /// <summary>Bins of IoU over [0, 1] in what is told of all classes.</summary>
    public const int Bins = 20;

    /// <summary>Bins of IoU over [0, 1] in what is told of each class.</summary>
    public const int ClassBins = 10;

    /// <summary>[L]: names of the pyramid's levels, finest first.</summary>
    public required Values<string> Levels { get; init; }

    /// <summary>[L]: |dL/dmap|, L2, of all classification losses at each map that the stages share; empty where a detector names none.</summary>
    public required Values<double> ClassificationGradients { get; init; }

    /// <summary>[L]: the same of all box losses.</summary>
    public required Values<double> BoxGradients { get; init; }

    /// <summary>[L]: cosine of the angle between the two, in [-1, 1]: under 0 they pull apart; NaN where one of them is 0.</summary>
    public required Values<double> Cosines { get; init; }

    /// <summary>The stages, in the detector's order.</summary>
    public required Values<StageProbe> Stages { get; init; }

    /// <summary>How long looking took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The bin of an IoU among some; 1 belongs to the last.</summary>
    public static int BinOf(double overlap, int bins) => double.IsNaN(overlap) ? 0 : (int)Math.Clamp(overlap * bins, 0, bins - 1);
}

/// <summary>How candidates were divided.</summary>
/// <param name="Foreground">Objects.</param>
/// <param name="Background">Background.</param>
/// <param name="LeftOut">Neither: they take part in no loss.</param>
public sealed record CandidateCounts(long Foreground, long Background, long LeftOut);

/// <summary>What was seen of one stage: C classes (1 where objects are told from background only), P objects.</summary>
public sealed record StageProbe
{
    /// <summary>Its name: "head", "rpn", "roi" ...</summary>
    public required string Stage { get; init; }

    /// <summary>Candidates as they were assigned.</summary>
    public required CandidateCounts Assigned { get; init; }

    /// <summary>Candidates as the losses saw them, after sampling.</summary>
    public required CandidateCounts Sampled { get; init; }

    /// <summary>[C x L], class by class: objects on each level.</summary>
    public required Values<long> Positives { get; init; }

    /// <summary>[<see cref="ProbeLine.Bins"/>]: objects by IoU of their anchor or proposal with the truth.</summary>
    public required Values<long> StartOverlaps { get; init; }

    /// <summary>[<see cref="ProbeLine.Bins"/>]: objects by IoU of the predicted box with the truth.</summary>
    public required Values<long> EndOverlaps { get; init; }

    /// <summary>[<see cref="ProbeLine.Bins"/>]: sum of |dL/ddelta|, L2 of each object's deltas, by IoU of the predicted box.</summary>
    public required Values<double> BoxGradients { get; init; }

    /// <summary>[<see cref="ProbeLine.Bins"/>]: what the objects add to the box loss, by IoU of the predicted box.</summary>
    public required Values<double> BoxLosses { get; init; }

    /// <summary>[C x <see cref="ProbeLine.ClassBins"/>], class by class: sum of |dL/dlogit|, L1 over an object's logits, by IoU of the predicted box.</summary>
    public required Values<double> ClassLogitGradients { get; init; }

    /// <summary>[C x <see cref="ProbeLine.ClassBins"/>], class by class: sum of |dL/ddelta| by IoU of the predicted box.</summary>
    public required Values<double> ClassBoxGradients { get; init; }

    /// <summary>[C]: sum of |dL/dlogit| at the class's own logit over its objects: what pulls its score up.</summary>
    public required Values<double> OwnGradients { get; init; }

    /// <summary>[C]: the same over everything else, background and other classes: what pushes its score down.</summary>
    public required Values<double> OtherGradients { get; init; }
}

/// <summary>Objects that the detector found after an epoch, of those it is trained on and of those it is not.</summary>
public sealed record RecallLine : TelemetryLine
{
    /// <summary>Epochs that were done, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>IoU from which an object of the right class is found, whatever the score.</summary>
    public required double Overlap { get; init; }

    /// <summary>[K]: objects of the training images that were looked at.</summary>
    public required Values<long> TrainingObjects { get; init; }

    /// <summary>[K]: those that were found.</summary>
    public required Values<long> TrainingFound { get; init; }

    /// <summary>[K]: objects of the validation images that were looked at.</summary>
    public required Values<long> ValidationObjects { get; init; }

    /// <summary>[K]: those that were found.</summary>
    public required Values<long> ValidationFound { get; init; }

    /// <summary>How long looking took.</summary>
    public required double Seconds { get; init; }
}
