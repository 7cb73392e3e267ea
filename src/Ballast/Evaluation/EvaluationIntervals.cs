namespace Ballast;

/// <summary>AP, AP50 and AP75 with their intervals.</summary>
/// <param name="AP">Mean over all IoU thresholds.</param>
/// <param name="AP50">At IoU 0.50.</param>
/// <param name="AP75">At IoU 0.75.</param>
public sealed record PrecisionIntervals(FigureInterval AP, FigureInterval AP50, FigureInterval AP75);

/// <summary>
/// What an evaluation is worth: 95 % intervals of AP, AP50 and AP75, of all classes and of each, by drawing the images again (Poisson bootstrap: a weight for each image
/// and replicate from a hash, whole groups where images have them).
/// </summary>
public sealed class EvaluationIntervals
{
    /// <summary>Replicates unless asked otherwise.</summary>
    public const int DefaultReplicates = 1000;

    private EvaluationIntervals(PrecisionIntervals overall, IReadOnlyList<PrecisionIntervals> classes) => (Overall, Classes) = (overall, classes);

    /// <summary>Of the means over classes.</summary>
    public PrecisionIntervals Overall { get; }

    /// <summary>Of each class, in the truth's order.</summary>
    public IReadOnlyList<PrecisionIntervals> Classes { get; }

    /// <summary>Draws the images again.</summary>
    /// <param name="evaluation">What to find intervals of.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="replicates">How many draws, at least 100.</param>
    /// <param name="area">Index of the area range.</param>
    public static EvaluationIntervals Of(CocoEvaluation evaluation, int seed = 0, int replicates = DefaultReplicates, int area = 0)
    {
        if (replicates < 100) throw new InputException($"{replicates} replicates are too few for a 95 % interval; ask for 100 or more.");
        var run = Replicate(evaluation, new(evaluation.Truth.Images, seed, replicates), area);
        var allImages = evaluation.Truth.Images.Count;
        var counts = Enumerable.Range(0, evaluation.Classes.Count).Select(k => Count(evaluation, k, area)).ToArray();
        var classes = counts.Select((count, k) => new PrecisionIntervals(
            FigureInterval.Of(evaluation.Metric(k, 0, area), run.Of(0, k), allImages, count.Images, count.Objects),
            FigureInterval.Of(evaluation.Metric(k, 1, area), run.Of(1, k), allImages, count.Images, count.Objects),
            FigureInterval.Of(evaluation.Metric(k, 2, area), run.Of(2, k), allImages, count.Images, count.Objects))).ToArray();
        var all = Enumerable.Range(0, counts.Length).ToArray();
        var (images, objects) = (CountImages(evaluation, area), counts.Sum(count => count.Objects));
        var overall = Enumerable.Range(0, ResampledPrecision.Metrics).Select(metric =>
            FigureInterval.Of(CocoFigures.Mean(all.Select(k => evaluation.Metric(k, metric, area))), run.Mean(metric, all), allImages, images, objects)).ToArray();
        return new(new(overall[0], overall[1], overall[2]), classes);
    }

    /// <summary>The replicates of an evaluation in an area range.</summary>
    internal static ResampledPrecision Replicate(CocoEvaluation evaluation, ImageWeights weights, int area)
        => ResampledPrecision.Run(
            ResamplePlan.Of(evaluation.Matches, evaluation.Truths, evaluation.Slicing, area),
            weights,
            ThresholdOf(evaluation.Options, 1),
            ThresholdOf(evaluation.Options, 2));

    /// <summary>Index of the threshold of AP50 (metric 1) or AP75 (metric 2), or -1.</summary>
    internal static int ThresholdOf(EvaluationOptions options, int metric)
    {
        var wanted = metric == 1 ? 0.5 : 0.75;
        for (var t = 0; t < options.IoUThresholds.Count; t++)
        {
            if (Math.Abs(options.IoUThresholds[t] - wanted) < 1e-9) return t;
        }

        return -1;
    }

    /// <summary>Objects of a class in an area range, and the images they stand on.</summary>
    internal static (int Objects, int Images) Count(CocoEvaluation evaluation, int k, int area)
    {
        var (objects, images, last) = (0, 0, -1);
        for (var i = evaluation.Truths.First[k]; i < evaluation.Truths.First[k + 1]; i++)
        {
            if (!evaluation.Counts(i, area)) continue;
            objects++;
            if (evaluation.Truths.Images[i] == last) continue;
            last = evaluation.Truths.Images[i];
            images++;
        }

        return (objects, images);
    }

    private static int CountImages(CocoEvaluation evaluation, int area)
    {
        var seen = new bool[evaluation.Truth.Images.Count];
        for (var i = 0; i < evaluation.Truths.Boxes.Length; i++)
        {
            if (evaluation.Counts(i, area)) seen[evaluation.Truths.Images[i]] = true;
        }

        return seen.Count(image => image);
    }
}
