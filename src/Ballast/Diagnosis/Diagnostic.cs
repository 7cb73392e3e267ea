namespace Ballast;

/// <summary>
/// One finding: the tallies it needs, how an image adds to them, and what they say. Counting and concluding are apart so that counts can be made in shards, saved
/// and added up; concluding reads nothing but the summary (and the data set, where one is at hand, for examples and computed remedies).
/// </summary>
internal abstract class Diagnostic
{
    /// <summary>The finding's stable id.</summary>
    public abstract string Id { get; }

    /// <summary>Declares the tallies of this finding.</summary>
    public virtual void Declare(DatasetSummary summary)
    {
    }

    /// <summary>Makes the counter of one worker; null when nothing is counted by image.</summary>
    public virtual ImageCounter? Counter(DatasetSummary into) => null;

    /// <summary>Says what the counts mean.</summary>
    public abstract Finding Conclude(DiagnosisContext context);
}

/// <summary>Adds one image after another to a summary. Each worker has its own.</summary>
internal abstract class ImageCounter
{
    /// <summary>Adds an image.</summary>
    /// <param name="objects">Its objects.</param>
    /// <param name="weights">1 and the weights in the replicates.</param>
    public abstract void Add(ImageObjects objects, ReadOnlySpan<long> weights);
}

/// <summary>What a finding is concluded from.</summary>
/// <param name="Summary">The counts.</param>
/// <param name="Options">The profile, and what to compute.</param>
/// <param name="Data">The data set, or null when only a saved summary is at hand.</param>
internal sealed record DiagnosisContext(DatasetSummary Summary, DiagnosisOptions Options, DetectionDataset? Data)
{
    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes => Summary.Classes;

    /// <summary>How the data set is written in commands: the path the person gave, quoted where the shell needs it.</summary>
    public string DataArgument => Shell.Quote(Data?.Source.Path ?? "DATA");
}
