namespace Ballast;

/// <summary>The detections of one range of scores.</summary>
/// <param name="Low">Lower end of the range.</param>
/// <param name="High">Upper end.</param>
/// <param name="Count">Detections in it.</param>
/// <param name="Confidence">Their mean score; NaN without any.</param>
/// <param name="Precision">Share of them that are hits; NaN without any.</param>
public sealed record CalibrationBin(double Low, double High, int Count, double Confidence, double Precision);

/// <summary>
/// Whether scores mean what they say: of the detections with a score about 0.7, are 70 % hits (IoU 0.50)? The error is the mean distance between score and share of
/// hits over ten equal ranges, by number of detections (expected calibration error; for detectors: Kueppers et al. 2020, arXiv:2004.13546, confidence only).
/// Detections on left-out truths are not counted. Scores outside [0, 1] are no probabilities: then every figure is NaN.
/// </summary>
public sealed record Calibration
{
    private const int BinCount = 10;

    /// <summary>Expected calibration error over all detections, in [0, 1].</summary>
    public required double Error { get; init; }

    /// <summary>Mean over classes of their own errors, so that rare classes count as much.</summary>
    public required double ClassMean { get; init; }

    /// <summary>The error of each class; NaN without detections.</summary>
    public required Values<double> Classes { get; init; }

    /// <summary>The ten ranges of scores, all classes together.</summary>
    public required Values<CalibrationBin> Bins { get; init; }

    /// <summary>Measures calibration from the matches of an evaluation.</summary>
    public static Calibration Of(CocoEvaluation evaluation)
    {
        var bit = evaluation.ThresholdNear(0.5);
        var all = new Sums();
        var classes = new double[evaluation.Classes.Count];
        for (var k = 0; k < classes.Length; k++)
        {
            var sums = new Sums();
            for (var at = evaluation.Matches.First[k]; at < evaluation.Matches.End[k]; at++)
            {
                if (((evaluation.Matches.Ignored[0][at] >> bit) & 1) != 0) continue;
                sums.Add(evaluation.Matches.Scores[at], ((evaluation.Matches.Hits[0][at] >> bit) & 1) != 0);
            }

            classes[k] = sums.Error;
            all.Add(sums);
        }

        return new() { Error = all.Error, ClassMean = CocoFigures.Mean(classes), Classes = [.. classes], Bins = [.. all.Bins] };
    }

    private sealed class Sums
    {
        private readonly int[] _counts = new int[BinCount];
        private readonly int[] _hits = new int[BinCount];
        private readonly double[] _scores = new double[BinCount];
        private bool _hasOthers;

        public IEnumerable<CalibrationBin> Bins => Enumerable.Range(0, BinCount).Select(i => new CalibrationBin(
            (double)i / BinCount,
            (double)(i + 1) / BinCount,
            _counts[i],
            _hasOthers ? double.NaN : _scores[i] / _counts[i],
            _hasOthers ? double.NaN : (double)_hits[i] / _counts[i]));

        public double Error
        {
            get
            {
                var total = _counts.Sum();
                return _hasOthers || total == 0 ? double.NaN : Enumerable.Range(0, BinCount).Sum(i => Math.Abs(_scores[i] - _hits[i])) / total;
            }
        }

        public void Add(double score, bool hit)
        {
            _hasOthers |= score is not (>= 0 and <= 1);
            var bin = Math.Clamp((int)(score * BinCount), 0, BinCount - 1);
            _counts[bin]++;
            _hits[bin] += hit ? 1 : 0;
            _scores[bin] += score;
        }

        public void Add(Sums other)
        {
            _hasOthers |= other._hasOthers;
            for (var i = 0; i < BinCount; i++)
            {
                _counts[i] += other._counts[i];
                _hits[i] += other._hits[i];
                _scores[i] += other._scores[i];
            }
        }
    }
}
