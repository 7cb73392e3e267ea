using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// Average precision of every class in every replicate of a bootstrap over images. Matching never changes when images are drawn again, so a replicate is a weighing: an
/// image of weight w counts as w copies of itself. Replicates run side by side, one a vector lane.
/// </summary>
internal sealed class ResampledPrecision
{
    /// <summary>What is averaged: over all thresholds, at IoU 0.50, at IoU 0.75.</summary>
    public const int Metrics = 3;

    private static readonly int Lanes = Vector<double>.Count;
    private readonly double[][] _values;
    private readonly int _classes;

    private ResampledPrecision(int classes, int replicates)
    {
        (_classes, Replicates) = (classes, replicates);
        _values = [.. Enumerable.Range(0, Metrics * classes).Select(_ => new double[replicates])];
    }

    public int Replicates { get; }

    public int Classes => _classes;

    /// <summary>A metric (0 AP, 1 AP50, 2 AP75) of a class in each replicate; NaN where none of its truths was drawn.</summary>
    public ReadOnlySpan<double> Of(int metric, int k) => _values[(metric * _classes) + k];

    /// <summary>The mean of a metric over a group of classes in each replicate, over those that are defined there.</summary>
    public double[] Mean(int metric, IReadOnlyList<int> classes)
    {
        var means = new double[Replicates];
        var counts = new int[Replicates];
        foreach (var k in classes)
        {
            var values = Of(metric, k);
            for (var r = 0; r < values.Length; r++)
            {
                if (double.IsNaN(values[r])) continue;
                means[r] += values[r];
                counts[r]++;
            }
        }

        for (var r = 0; r < means.Length; r++) means[r] = counts[r] == 0 ? double.NaN : means[r] / counts[r];
        return means;
    }

    /// <summary>Runs the replicates.</summary>
    /// <param name="plan">The matches of a slice.</param>
    /// <param name="weights">How often each image is drawn.</param>
    /// <param name="at50">Index of the threshold 0.50, or -1.</param>
    /// <param name="at75">Index of the threshold 0.75, or -1.</param>
    public static ResampledPrecision Run(ResamplePlan plan, ImageWeights weights, int at50, int at75)
    {
        var result = new ResampledPrecision(plan.Classes.Count, weights.Replicates);
        var batches = Enumerable.Range(0, (weights.Replicates + Lanes - 1) / Lanes).ToArray();
        ByClass.Run(batches, () => new Scratch(plan, weights.Images), (batch, scratch) => result.RunBatch(plan, weights, batch * Lanes, at50, at75, scratch));
        return result;
    }

    private void RunBatch(ResamplePlan plan, ImageWeights weights, int first, int at50, int at75, Scratch scratch)
    {
        weights.Draw(first, Lanes, scratch.Weights);
        for (var k = 0; k < _classes; k++)
        {
            var positives = Vector<double>.Zero;
            foreach (var image in plan.Classes[k].Objects) positives += scratch.Weights[image];
            Sweep(plan.Classes[k], scratch);
            var sum = Vector<double>.Zero;
            for (var t = 0; t < plan.Thresholds; t++)
            {
                var average = Average(plan.Classes[k], t, positives, scratch);
                sum += average;
                if (t == at50) Store(1, k, first, average);
                if (t == at75) Store(2, k, first, average);
            }

            Store(0, k, first, sum / new Vector<double>(plan.Thresholds));
            if (at50 < 0) Store(1, k, first, new(double.NaN));
            if (at75 < 0) Store(2, k, first, new(double.NaN));
        }
    }

    /// <summary>Counts the drawn detections up to each event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(ClassPlan plan, Scratch scratch)
    {
        var (images, weights, positions) = (plan.Images, scratch.Weights, scratch.Positions);
        var position = Vector<double>.Zero;
        var at = 0;
        for (var e = 0; e < plan.Events.Length; e++)
        {
            for (var end = plan.Events[e].At; at <= end; at++) position += weights[images[at]];
            positions[e] = position;
        }
    }

    /// <summary>Average precision at one threshold, in every lane: each hit holds the recall points that its copies reach first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector<double> Average(ClassPlan plan, int t, Vector<double> positives, Scratch scratch)
    {
        var (precisions, reached) = (scratch.Precisions, scratch.Reached);
        var spacing = new Vector<double>(PrecisionTable.Spacing);
        var (hits, ignored) = (Vector<double>.Zero, Vector<double>.Zero);
        var count = 0;
        for (var e = 0; e < plan.Events.Length; e++)
        {
            ref readonly var match = ref plan.Events[e];
            var weight = scratch.Weights[plan.Images[match.At]];
            if (((match.Ignored >> t) & 1) != 0) ignored += weight;
            if (((match.Hits >> t) & 1) == 0) continue;
            hits += weight;
            precisions[count] = hits / (scratch.Positions[e] - ignored + spacing);
            reached[count] = Reached(hits, positives);
            count++;
        }

        var (sum, envelope) = (Vector<double>.Zero, Vector<double>.Zero);
        for (var n = count - 1; n >= 0; n--)
        {
            envelope = Vector.Max(envelope, precisions[n]);
            var before = n == 0 ? Vector<double>.Zero : reached[n - 1];
            sum += envelope * (reached[n] - before);
        }

        var average = sum / new Vector<double>(PrecisionTable.RecallPoints);
        return Vector.ConditionalSelect(Vector.GreaterThan(positives, Vector<double>.Zero), average, new Vector<double>(double.NaN));
    }

    /// <summary>How many of the recalls 0, 0.01 ... 1 are reached, by the same comparison of doubles as the evaluation itself.</summary>
    private static Vector<double> Reached(Vector<double> hits, Vector<double> positives)
    {
        var recall = hits / positives;
        var nearest = Vector.Floor((recall * 100) + new Vector<double>(0.5));
        var points = nearest + Vector.ConditionalSelect(Vector.LessThanOrEqual(nearest * 0.01, recall), Vector<double>.One, Vector<double>.Zero);
        return Vector.ConditionalSelect(Vector.GreaterThan(hits, Vector<double>.Zero), points, Vector<double>.Zero);
    }

    private void Store(int metric, int k, int first, Vector<double> lanes)
    {
        var values = _values[(metric * _classes) + k];
        for (var lane = 0; lane < Lanes && first + lane < values.Length; lane++) values[first + lane] = lanes[lane];
    }

    private sealed class Scratch(ResamplePlan plan, int images)
    {
        public Vector<double>[] Weights { get; } = new Vector<double>[images];

        public Vector<double>[] Positions { get; } = new Vector<double>[plan.MostEvents];

        public Vector<double>[] Precisions { get; } = new Vector<double>[plan.MostEvents];

        public Vector<double>[] Reached { get; } = new Vector<double>[plan.MostEvents];
    }
}
