namespace Ballast;

/// <summary>
/// The COCO family of figures, of all classes or of one: average precision (AP) and average recall (AR), in [0, 1]; NaN where there is no truth to measure against
/// (pycocotools prints -1 there).
/// </summary>
public sealed record CocoFigures
{
    private readonly EvaluationOptions _options;

    internal CocoFigures(EvaluationOptions options) => _options = options;

    /// <summary>AP, mean over all IoU thresholds, in the first area range, at the largest detection limit.</summary>
    public double AP => APByArea[0];

    /// <summary>AP at IoU 0.50; NaN when that is no threshold of the options.</summary>
    public double AP50 => At(0.5);

    /// <summary>AP at IoU 0.75; NaN when that is no threshold of the options.</summary>
    public double AP75 => At(0.75);

    /// <summary>AP of small objects, under 32 x 32 pixels.</summary>
    public double APs => InRange(APByArea, "small");

    /// <summary>AP of medium objects, 32 x 32 to 96 x 96 pixels.</summary>
    public double APm => InRange(APByArea, "medium");

    /// <summary>AP of large objects, from 96 x 96 pixels.</summary>
    public double APl => InRange(APByArea, "large");

    /// <summary>AR with one detection for an image and class.</summary>
    public double AR1 => WithLimit(1);

    /// <summary>AR with ten detections for an image and class.</summary>
    public double AR10 => WithLimit(10);

    /// <summary>AR with a hundred detections for an image and class.</summary>
    public double AR100 => WithLimit(100);

    /// <summary>AR of small objects at the largest detection limit.</summary>
    public double ARs => InRange(ARByArea, "small");

    /// <summary>AR of medium objects at the largest detection limit.</summary>
    public double ARm => InRange(ARByArea, "medium");

    /// <summary>AR of large objects at the largest detection limit.</summary>
    public double ARl => InRange(ARByArea, "large");

    /// <summary>AP at each IoU threshold of the options, in the first area range.</summary>
    public required Values<double> APByIoU { get; init; }

    /// <summary>AP in each area range of the options.</summary>
    public required Values<double> APByArea { get; init; }

    /// <summary>AR in each area range of the options, at the largest detection limit.</summary>
    public required Values<double> ARByArea { get; init; }

    /// <summary>AR at each detection limit of the options, in the first area range.</summary>
    public required Values<double> ARByLimit { get; init; }

    /// <summary>The twelve figures by the names COCO's summary gives them, in its order.</summary>
    public IReadOnlyList<(string Name, double Value)> Summary =>
    [
        (nameof(AP), AP), (nameof(AP50), AP50), (nameof(AP75), AP75), (nameof(APs), APs), (nameof(APm), APm), (nameof(APl), APl),
        (nameof(AR1), AR1), (nameof(AR10), AR10), (nameof(AR100), AR100), (nameof(ARs), ARs), (nameof(ARm), ARm), (nameof(ARl), ARl),
    ];

    /// <summary>A figure as COCO's files write it: -1 where it is undefined.</summary>
    public static double ToCoco(double figure) => double.IsNaN(figure) ? -1 : figure;

    /// <summary>The mean of the figures that are defined; NaN when none is.</summary>
    internal static double Mean(IEnumerable<double> figures)
    {
        var (sum, count) = (0.0, 0);
        foreach (var figure in figures)
        {
            if (double.IsNaN(figure)) continue;
            sum += figure;
            count++;
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private double At(double threshold)
    {
        for (var t = 0; t < APByIoU.Count; t++)
        {
            if (Math.Abs(_options.IoUThresholds[t] - threshold) < 1e-9) return APByIoU[t];
        }

        return double.NaN;
    }

    private double InRange(Values<double> values, string name)
    {
        for (var a = 0; a < values.Count; a++)
        {
            if (_options.AreaRanges[a].Name == name) return values[a];
        }

        return double.NaN;
    }

    private double WithLimit(int limit)
    {
        for (var m = 0; m < ARByLimit.Count; m++)
        {
            if (_options.DetectionLimits[m] == limit) return ARByLimit[m];
        }

        return double.NaN;
    }
}

/// <summary>The figures of one class.</summary>
/// <param name="Index">Class index in the truth.</param>
/// <param name="Name">Class name.</param>
/// <param name="Objects">Truths that count.</param>
/// <param name="Images">Images with at least one.</param>
/// <param name="Detections">Detections, those over the limit included.</param>
/// <param name="Figures">Its figures.</param>
public sealed record ClassEvaluation(int Index, string Name, int Objects, int Images, int Detections, CocoFigures Figures);
