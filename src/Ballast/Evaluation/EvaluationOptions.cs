namespace Ballast;

/// <summary>A range of object areas, both ends included.</summary>
/// <param name="Name">How figures name it: all, small, medium, large.</param>
/// <param name="Low">Least area, square pixels.</param>
/// <param name="High">Largest area, square pixels.</param>
public sealed record AreaRange(string Name, double Low, double High);

/// <summary>How detections are measured. The defaults are COCO's: every figure then equals pycocotools' (2.0.11).</summary>
public sealed record EvaluationOptions
{
    /// <summary>Most thresholds, ranges and slices that one pass measures: their hits are bits of one word.</summary>
    internal const int MostBits = 32;

    private readonly Values<double> _thresholds = CocoThresholds();
    private readonly Values<AreaRange> _ranges = [new("all", 0, 1e10), new("small", 0, 32 * 32), new("medium", 32 * 32, 96 * 96), new("large", 96 * 96, 1e10)];
    private readonly Values<int> _limits = [1, 10, 100];

    /// <summary>IoU a hit needs, ascending, in (0, 1], at most 32; COCO's are 0.50, 0.55 ... 0.95.</summary>
    public Values<double> IoUThresholds
    {
        get => _thresholds;
        init => _thresholds = IsAscending(value.AsSpan()) && value[0] > 0 && value[^1] <= 1 && value.Count <= MostBits
            ? value
            : throw new InputException($"IoU thresholds are {string.Join(", ", value)}; give 1 to {MostBits} ascending numbers above 0, at most 1.");
    }

    /// <summary>The area ranges; the first is the one the headline figures speak of.</summary>
    public Values<AreaRange> AreaRanges
    {
        get => _ranges;
        init => _ranges = value.Count is > 0 and <= MostBits && value.All(range => range.Low <= range.High)
            ? value
            : throw new InputException($"There are {value.Count} area ranges; give 1 to {MostBits}, each with its lower end first.");
    }

    /// <summary>How many detections an image and class may give, ascending; the largest is the one precision is measured at.</summary>
    public Values<int> DetectionLimits
    {
        get => _limits;
        init => _limits = value.Count > 0 && value[0] > 0 && value.Zip(value.Skip(1)).All(pair => pair.First < pair.Second)
            ? value
            : throw new InputException($"Detection limits are {string.Join(", ", value)}; give ascending numbers from 1.");
    }

    /// <summary>When set, areas are measured after the resize to this input size, as the detector sees the objects; otherwise in the image's own pixels.</summary>
    public InputSize? AreaInput { get; init; }

    /// <summary>
    /// Which marks leave a truth out: it is no object, and what is found on it is neither right nor wrong. By default crowds only where the truth is a COCO file
    /// (pycocotools overwrites the field <c>ignore</c>), and crowds, ignore regions and difficult objects everywhere else.
    /// </summary>
    public BoxMarks? LeftOut { get; init; }

    /// <summary>The marks that leave out a truth of this data set.</summary>
    internal BoxMarks LeftOutIn(DetectionDataset truth)
        => LeftOut ?? (truth.Source.Format == "coco" ? BoxMarks.Crowd : BoxMarks.Crowd | BoxMarks.Ignore | BoxMarks.Difficult);

    /// <summary>numpy.linspace(0.5, 0.95, 10): the same doubles, for a threshold that differs in the last bit decides otherwise.</summary>
    private static Values<double> CocoThresholds()
    {
        const int Count = 10;
        const double Step = (0.95 - 0.5) / (Count - 1);
        return [.. Enumerable.Range(0, Count).Select(i => i == Count - 1 ? 0.95 : (i * Step) + 0.5)];
    }

    private static bool IsAscending(ReadOnlySpan<double> values)
    {
        for (var i = 1; i < values.Length; i++)
        {
            if (!(values[i] > values[i - 1])) return false;
        }

        return values.Length > 0;
    }
}
