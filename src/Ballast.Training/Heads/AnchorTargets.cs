namespace Ballast.Training;

/// <summary>
/// What the anchors of a batch are, on the host: which are objects and of which truth, which are left out; all others are background. An anchor's number is
/// image x A + its index.
/// </summary>
public sealed class AnchorTargets
{
    /// <summary>Makes targets of background only.</summary>
    /// <param name="images">Images of the batch, N.</param>
    /// <param name="anchors">Anchors of an image, A.</param>
    /// <param name="classes">Number of classes, K; 1 where objects are told from background only.</param>
    public AnchorTargets(int images, int anchors, int classes)
        => (Images, Anchors, Classes, PositivesOf, SamplesOf) = (images, anchors, classes, new int[images], new int[images]);

    /// <summary>Images of the batch, N.</summary>
    public int Images { get; }

    /// <summary>Anchors of an image, A.</summary>
    public int Anchors { get; }

    /// <summary>Number of classes, K.</summary>
    public int Classes { get; }

    /// <summary>[P]: anchors that are objects, ascending.</summary>
    public List<int> Positives { get; } = [];

    /// <summary>[P]: class of each, 0..K-1.</summary>
    public List<int> PositiveClasses { get; } = [];

    /// <summary>[P]: a number that is different for each truth of the batch.</summary>
    public List<int> PositiveTruths { get; } = [];

    /// <summary>[P]: the anchors themselves.</summary>
    public BoxArray PositiveAnchors { get; } = new();

    /// <summary>[P]: the truth of each.</summary>
    public BoxArray TruthBoxes { get; } = new();

    /// <summary>Anchors that are left out.</summary>
    public List<int> Ignored { get; } = [];

    /// <summary>Anchors that a sampler gave weight, objects among them, ascending; null when all that are not left out weigh 1.</summary>
    public List<int>? Samples { get; internal set; }

    /// <summary>Their weights, more than 0.</summary>
    public List<float>? SampleWeights { get; internal set; }

    /// <summary>Candidates as they were assigned, before sampling; null when nothing was sampled, or nobody counted.</summary>
    public CandidateCounts? Assigned { get; internal set; }

    /// <summary>[N]: objects of each image.</summary>
    public int[] PositivesOf { get; }

    /// <summary>[N]: anchors of each image that count, objects and background.</summary>
    public int[] SamplesOf { get; }

    /// <summary>Counts the candidates of an image before they are sampled.</summary>
    /// <param name="truths">[A]: the matched truth of each, or what it is instead.</param>
    internal void CountAssigned(ReadOnlySpan<int> truths)
    {
        var (foreground, leftOut) = (0, 0);
        foreach (var truth in truths)
        {
            if (truth >= 0) foreground++;
            else if (truth == Assignment.Ignored) leftOut++;
        }

        var sum = Assigned ?? new(0, 0, 0);
        Assigned = new(sum.Foreground + foreground, sum.Background + truths.Length - foreground - leftOut, sum.LeftOut + leftOut);
    }
}
