using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// Precision at 101 recalls, its average, and recall at every detection limit, for every slice, class and threshold, from a <see cref="MatchTable"/>. Does pycocotools'
/// arithmetic (COCOeval.accumulate) but visits hits only: precision can peak nowhere else.
/// </summary>
internal sealed class PrecisionTable
{
    /// <summary>Recalls precision is read at: 0, 0.01 ... 1.</summary>
    public const int RecallPoints = 101;

    /// <summary>numpy.spacing(1): what pycocotools adds to a denominator.</summary>
    public const double Spacing = 2.220446049250313e-16;

    private readonly int _classes;
    private readonly int _thresholds;
    private readonly int[] _limits;
    private readonly double[] _averages;
    private readonly double[] _recalls;
    private readonly int[] _positives;
    private readonly double[]? _precisions;
    private readonly double[]? _scores;

    private PrecisionTable(int slices, int classes, int thresholds, int[] limits, bool curves)
    {
        (_classes, _thresholds, _limits) = (classes, thresholds, limits);
        var cells = slices * classes * thresholds;
        _averages = new double[cells];
        _recalls = new double[cells * limits.Length];
        _positives = new int[slices * classes];
        if (!curves) return;
        _precisions = new double[cells * RecallPoints];
        _scores = new double[cells * RecallPoints];
    }

    /// <summary>Number of truths that count.</summary>
    public int Positives(int slice, int k) => _positives[(slice * _classes) + k];

    /// <summary>Mean precision over the 101 recalls; NaN when the class has no truth in the slice.</summary>
    public double Average(int slice, int k, int t) => _averages[Cell(slice, k, t)];

    /// <summary>Share of the truths found with a number of detections; NaN when there is no truth.</summary>
    public double Recall(int slice, int k, int t, int limit) => _recalls[(Cell(slice, k, t) * _limits.Length) + limit];

    /// <summary>Precision at the 101 recalls, empty when the table keeps no curves or the class has no truth in the slice.</summary>
    public ReadOnlySpan<double> Precisions(int slice, int k, int t) => Curve(_precisions, slice, k, t);

    /// <summary>The score at which each of the 101 recalls is reached; 0 where it never is.</summary>
    public ReadOnlySpan<double> Scores(int slice, int k, int t) => Curve(_scores, slice, k, t);

    /// <summary>Accumulates a match table.</summary>
    public static PrecisionTable Of(MatchTable matches, ClassTruths truths, MatchSlices slicing, EvaluationOptions options, bool curves)
    {
        var classes = matches.End.Length;
        var table = new PrecisionTable(slicing.Count, classes, matches.Thresholds, [.. options.DetectionLimits], curves);
        for (var k = 0; k < classes; k++) table.Count(truths, slicing, k);
        var order = Enumerable.Range(0, classes).OrderByDescending(k => matches.End[k] - matches.First[k]).ToArray();
        ByClass.Run(order, () => new Scratch(matches.Thresholds, options.DetectionLimits.Count), (k, scratch) =>
        {
            for (var slice = 0; slice < slicing.Count; slice++) table.Accumulate(matches, slice, k, scratch);
        });
        return table;
    }

    private void Count(ClassTruths truths, MatchSlices slicing, int k)
    {
        for (var i = truths.First[k]; i < truths.First[k + 1]; i++)
        {
            if (truths.Kinds[i] != TruthKind.Object) continue;
            var word = slicing.Truths[truths.Boxes[i]];
            for (var slice = 0; slice < slicing.Count; slice++) _positives[(slice * _classes) + k] += (int)((word >> slice) & 1);
        }
    }

    private void Accumulate(MatchTable matches, int slice, int k, Scratch scratch)
    {
        var positives = Positives(slice, k);
        var cell = Cell(slice, k, 0);
        if (positives == 0)
        {
            _averages.AsSpan(cell, _thresholds).Fill(double.NaN);
            _recalls.AsSpan(cell * _limits.Length, _thresholds * _limits.Length).Fill(double.NaN);
            return;
        }

        scratch.Enter(positives);
        Walk(matches, slice, k, scratch);
        for (var t = 0; t < _thresholds; t++)
        {
            _averages[cell + t] = Interpolate(matches, k, cell + t, t, positives, scratch);
            for (var m = 0; m < _limits.Length; m++)
                _recalls[((cell + t) * _limits.Length) + m] = scratch.HitsWithin[(m * _thresholds) + t] / (double)positives;
        }
    }

    /// <summary>Walks the detections by falling score and notes precision at every hit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(MatchTable matches, int slice, int k, Scratch scratch)
    {
        var (hitWords, ignoredWords) = (matches.Hits[slice], matches.Ignored[slice]);
        var counted = 0;
        for (var at = matches.First[k]; at < matches.End[k]; at++)
        {
            var ignored = ignoredWords[at];
            if (ignored == matches.AllThresholds) continue;
            counted++;
            for (; ignored != 0; ignored &= ignored - 1) scratch.Ignored[BitOperations.TrailingZeroCount(ignored)]++;
            for (var hits = hitWords[at]; hits != 0; hits &= hits - 1)
            {
                var t = BitOperations.TrailingZeroCount(hits);
                var n = ++scratch.Hits[t];
                double falseAlarms = counted - scratch.Ignored[t] - n;
                scratch.Add(t, n, n / (falseAlarms + n + Spacing), at);
                for (var m = _limits.Length - 1; m >= 0 && matches.Ranks[at] < _limits[m]; m--) scratch.HitsWithin[(m * _thresholds) + t]++;
            }
        }
    }

    /// <summary>Makes precision fall with recall, reads it at the 101 recalls, and returns its mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Interpolate(MatchTable matches, int k, int cell, int t, int positives, Scratch scratch)
    {
        var precisions = scratch.Precisions(t);
        InterpolatedPrecision.MakeFalling(precisions);
        // Recall 0 is reached by the first detection, hit or not.
        if (_scores is not null && matches.End[k] > matches.First[k]) _scores[cell * RecallPoints] = matches.Scores[matches.First[k]];
        var (sum, hit) = (0.0, 0);
        for (var r = 0; r < RecallPoints; r++)
        {
            var recall = r * 0.01;
            while (hit < precisions.Length && (hit + 1) / (double)positives < recall) hit++;
            if (hit == precisions.Length) break;
            sum += precisions[hit];
            if (_precisions is null) continue;
            _precisions[(cell * RecallPoints) + r] = precisions[hit];
            if (r > 0) _scores![(cell * RecallPoints) + r] = matches.Scores[scratch.At(t, hit)];
        }

        return sum / RecallPoints;
    }

    private int Cell(int slice, int k, int t) => (((slice * _classes) + k) * _thresholds) + t;

    private ReadOnlySpan<double> Curve(double[]? values, int slice, int k, int t)
        => values is null || Positives(slice, k) == 0 ? [] : values.AsSpan(Cell(slice, k, t) * RecallPoints, RecallPoints);

    /// <summary>Counters and precisions of one class and slice.</summary>
    private sealed class Scratch(int thresholds, int limits)
    {
        private double[] _precisions = [];
        private int[] _at = [];
        private int _room;

        public int[] Hits { get; } = new int[thresholds];

        public int[] Ignored { get; } = new int[thresholds];

        public int[] HitsWithin { get; } = new int[thresholds * limits];

        /// <summary>Empties the counters; a class has no more hits than truths that count.</summary>
        public void Enter(int positives)
        {
            Array.Clear(Hits);
            Array.Clear(Ignored);
            Array.Clear(HitsWithin);
            _room = positives;
            if (_precisions.Length < positives * thresholds) (_precisions, _at) = (new double[positives * thresholds], new int[positives * thresholds]);
        }

        public void Add(int t, int n, double precision, int at) => (_precisions[(t * _room) + n - 1], _at[(t * _room) + n - 1]) = (precision, at);

        public Span<double> Precisions(int t) => _precisions.AsSpan(t * _room, Hits[t]);

        public int At(int t, int hit) => _at[(t * _room) + hit];
    }
}
