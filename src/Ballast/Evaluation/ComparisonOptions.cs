namespace Ballast;

/// <summary>One side of a comparison.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Runs">
/// Its detections: one table for each seed it was trained with; tables that share no image are folds of one run and are pooled.
/// </param>
public sealed record ComparedDetector(string Name, IReadOnlyList<DetectionTable> Runs);

/// <summary>How detectors are compared.</summary>
public sealed record ComparisonOptions
{
    private readonly int _replicates = 1000;

    /// <summary>The endpoint the comparison is decided by, named beforehand; null for AP of the rarest group of classes ("AP rare"), or AP where no class is rare.</summary>
    public string? Primary { get; init; }

    /// <summary>Seed of the draws.</summary>
    public int Seed { get; init; }

    /// <summary>Bootstrap replicates, at least 100.</summary>
    public int Replicates
    {
        get => _replicates;
        init => _replicates = value >= 100 ? value : throw new InputException($"{value} replicates are too few for a 95 % interval; ask for 100 or more.");
    }

    /// <summary>How detections are measured.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>How common classes are; by the truth itself by default.</summary>
    public FrequencyGroups? Groups { get; init; }

    /// <summary>Told the share of the work done, in [0, 1].</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Stops the comparison between two runs.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>What can be said of a difference.</summary>
public enum ComparisonVerdict
{
    /// <summary>The interval holds 0, runs disagree, or there is too little to go by.</summary>
    CannotTell,

    /// <summary>The second is better than the first.</summary>
    Better,

    /// <summary>The second is worse than the first.</summary>
    Worse,
}

/// <summary>One figure of two detectors, and whether its difference is real.</summary>
/// <param name="Endpoint">Name of the figure: AP, AP50, APs, AP rare, AP of class 'boat' ...</param>
/// <param name="First">Its value for the first detector, mean over runs.</param>
/// <param name="Second">Its value for the second.</param>
/// <param name="Difference">Second - first.</param>
/// <param name="Low">Lower bound of the 95 % interval of the difference; NaN when it cannot be told.</param>
/// <param name="High">Upper bound.</param>
/// <param name="PValue">Chance of a difference this large if there were none, Holm-corrected among the secondary endpoints of the pair (the primary among the pairs).</param>
/// <param name="OnTheseImages">Said of these trained models, over images such as these.</param>
/// <param name="BeyondTheseImages">Said of the methods, over seeds as well; with fewer than three runs a side it always cannot be told.</param>
/// <param name="Resolvable">The smallest difference this truth shows in four cases of five; NaN when it cannot be told.</param>
/// <param name="Objects">Objects the figure is measured on.</param>
public sealed record ComparedFigure(
    string Endpoint, double First, double Second, double Difference, double Low, double High, double PValue, ComparisonVerdict OnTheseImages, ComparisonVerdict BeyondTheseImages, double Resolvable, int Objects);

/// <summary>Two detectors compared.</summary>
/// <param name="First">Name of the first.</param>
/// <param name="Second">Name of the second.</param>
/// <param name="Primary">The endpoint that decides.</param>
/// <param name="Others">The other endpoints: figures, slices, classes.</param>
public sealed record ComparedPair(string First, string Second, ComparedFigure Primary, Values<ComparedFigure> Others);
