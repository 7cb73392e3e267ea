namespace Ballast;

/// <summary>
/// What became of every detection, class after class, by falling score inside a class (ties in the order of image ids, then of the file): for each slice a word with a
/// bit for each IoU threshold that tells whether it is a hit there, and one that tells whether it counts at all. Everything that is measured later (precision,
/// LRP, calibration, bootstrap) reads this table; matching is done once.
/// </summary>
internal sealed class MatchTable
{
    /// <summary>Makes a table with room for every detection of a class, K + 1 bounds.</summary>
    public MatchTable(int[] first, int slices, int thresholds, int truths)
    {
        First = first;
        End = new int[first.Length - 1];
        Thresholds = thresholds;
        var count = first[^1];
        Rows = new int[count];
        Images = new int[count];
        Ranks = new int[count];
        Scores = new double[count];
        Overlaps = new double[count];
        Hits = [.. Enumerable.Range(0, slices).Select(_ => new uint[count])];
        Ignored = [.. Enumerable.Range(0, slices).Select(_ => new uint[count])];
        Found = new uint[truths];
    }

    /// <summary>Where the records of each class start.</summary>
    public int[] First { get; }

    /// <summary>Where the records of each class end: detections over the limit have none.</summary>
    public int[] End { get; }

    public int Thresholds { get; }

    public int Slices => Hits.Length;

    /// <summary>A word with a bit for every threshold.</summary>
    public uint AllThresholds => Thresholds == 32 ? uint.MaxValue : (1u << Thresholds) - 1;

    /// <summary>Row of the detection in its table.</summary>
    public int[] Rows { get; }

    public int[] Images { get; }

    /// <summary>How many detections of the image and class stand before it.</summary>
    public int[] Ranks { get; }

    public double[] Scores { get; }

    /// <summary>IoU with the truth it hits at the lowest threshold in the first slice; 0 when it hits none.</summary>
    public double[] Overlaps { get; }

    /// <summary>[slice][record]: thresholds at which the detection is a hit.</summary>
    public uint[][] Hits { get; }

    /// <summary>[slice][record]: thresholds at which the detection counts neither as right nor as wrong.</summary>
    public uint[][] Ignored { get; }

    /// <summary>For each truth of <see cref="ClassTruths"/>: thresholds at which it was found, in the first slice.</summary>
    public uint[] Found { get; }
}
