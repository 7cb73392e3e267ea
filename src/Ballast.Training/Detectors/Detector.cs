namespace Ballast.Training;

/// <summary>
/// Finds objects in images, and says how wrong it is where they are known. What its remedies remember is registered in it, so that moves between devices and
/// checkpoints reach it.
/// </summary>
public abstract class Detector : NamedModule
{
    /// <summary>Makes the module.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="options">What it was built from.</param>
    /// <param name="facts">What is known of the data it is trained on.</param>
    protected Detector(string name, DetectorOptions options, DatasetFacts facts)
        : base(name)
        => (Options, Facts) = (options, facts);

    /// <summary>What it was built from.</summary>
    public DetectorOptions Options { get; }

    /// <summary>What is known of the data it is trained on.</summary>
    public DatasetFacts Facts { get; }

    /// <summary>Number of classes, K.</summary>
    public int Classes => Facts.Classes.Count;

    /// <summary>How its losses become one number.</summary>
    public abstract Objective Objective { get; }

    /// <summary>The losses of each stage, not yet reduced.</summary>
    /// <param name="batch">Images and their objects.</param>
    public abstract IReadOnlyList<LossTerms> Losses(Batch batch);

    /// <summary>What it finds in each image, without gradient.</summary>
    /// <param name="batch">Images; their objects are not looked at.</param>
    public abstract Detections[] Detect(Batch batch);

    /// <summary>The losses as one number.</summary>
    public TotalLoss Loss(Batch batch) => Objective.Combine(Losses(batch));
}
