namespace Ballast;

/// <summary>One detector of a comparison, measured: each of its runs, and each run in every bootstrap replicate and area range.</summary>
internal sealed class ComparedSide
{
    private readonly CocoEvaluation[] _runs;
    private readonly ResampledPrecision[][] _resampled;
    private readonly string _name;
    private readonly int _seed;

    private ComparedSide(string name, CocoEvaluation[] runs, ResampledPrecision[][] resampled, int seed) => (_name, _runs, _resampled, _seed) = (name, runs, resampled, seed);

    public CocoEvaluation First => _runs[0];

    /// <summary>Measures a detector.</summary>
    /// <param name="truth">What against.</param>
    /// <param name="detector">The detector.</param>
    /// <param name="options">How.</param>
    /// <param name="runDone">Called after each run.</param>
    public static ComparedSide Of(DetectionDataset truth, ComparedDetector detector, ComparisonOptions options, Action runDone)
    {
        if (detector.Runs.Count == 0) throw new InputException($"Detector '{detector.Name}' has no detections; give at least one file of them.");
        var tables = DetectionTable.AreFolds(detector.Runs) ? [DetectionTable.Pool(truth, detector.Runs)] : detector.Runs;
        var weights = new ImageWeights(truth.Images, options.Seed, options.Replicates);
        var runs = new CocoEvaluation[tables.Count];
        var resampled = new ResampledPrecision[tables.Count][];
        for (var i = 0; i < runs.Length; i++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var run = CocoEvaluation.Of(truth, tables[i], options.Evaluation);
            (runs[i], resampled[i]) = (run, [.. Enumerable.Range(0, options.Evaluation.AreaRanges.Count).Select(area => EvaluationIntervals.Replicate(run, weights, area))]);
            runDone();
        }

        return new(detector.Name, runs, resampled, options.Seed);
    }

    /// <summary>An endpoint's value in each run.</summary>
    public double[] Values(ComparisonEndpoint endpoint)
        => Array.ConvertAll(_runs, run => CocoFigures.Mean(endpoint.Classes.Select(k => run.Metric(k, endpoint.Metric, endpoint.Area))));

    /// <summary>Its mean over the runs in each replicate: images drawn again, runs as they are.</summary>
    public double[] ImageReplicates(ComparisonEndpoint endpoint)
    {
        var means = Means(endpoint);
        return [.. Enumerable.Range(0, means[0].Length).Select(r => means.Average(run => run[r]))];
    }

    /// <summary>
    /// Its mean over runs drawn with replacement in each replicate: images and seeds drawn again. Drawing S of S seeds shows only (S - 1) / S of their variance, so the
    /// distance from the mean of all runs is stretched by what is missing.
    /// </summary>
    public double[] Replicates(ComparisonEndpoint endpoint)
    {
        var means = Means(endpoint);
        var runs = means.Length;
        var replicates = ImageReplicates(endpoint);
        if (runs == 1) return replicates;
        var stretch = Math.Sqrt(runs / (runs - 1.0));
        for (var r = 0; r < replicates.Length; r++)
        {
            var drawn = 0.0;
            for (var i = 0; i < runs; i++) drawn += means[DrawRun(r, i)][r] / runs;
            replicates[r] += stretch * (drawn - replicates[r]);
        }

        return replicates;
    }

    private double[][] Means(ComparisonEndpoint endpoint) => Array.ConvertAll(_resampled, run => run[endpoint.Area].Mean(endpoint.Metric, endpoint.Classes));

    /// <summary>Which run is drawn: a pure function of seed, detector, replicate and draw.</summary>
    private int DrawRun(int replicate, int draw)
        => (int)(StableHash.Mix(StableHash.Of(_seed, _name) + ((((ulong)replicate << 20) + (ulong)draw) * 0x9E3779B97F4A7C15UL)) % (ulong)_runs.Length);
}
