namespace Ballast;

/// <summary>
/// Gives every detection that is no hit its kind of error, by TIDE's rules: first rule that fits. Works image by image over all classes, with at most a number of
/// detections an image (TIDE's 100), and matches as TIDE does: the free truth of highest IoU, the first of equal ones.
/// </summary>
internal sealed class ErrorFinder
{
    private const double Foreground = 0.5;
    private const double Background = 0.1;

    private readonly DetectionTable _table;
    private readonly int _limit;
    private readonly List<JudgedDetection> _detections = [];
    private readonly List<int> _missed = [];
    private int[] _order = [];

    private ErrorFinder(DetectionTable table, int limit) => (_table, _limit) = (table, limit);

    /// <summary>What became of the detections, image by image in the order of ids, and which objects (boxes of the truth) are plainly missed.</summary>
    public static (List<JudgedDetection> Detections, List<int> Missed) Find(CocoEvaluation evaluation, int limit)
    {
        var finder = new ErrorFinder(evaluation.Detections, limit);
        var leftOut = evaluation.Options.LeftOutIn(evaluation.Truth);
        foreach (var image in evaluation.ImageOrder) finder.Judge(image, new(evaluation.Truth, image, leftOut));
        return (finder._detections, finder._missed);
    }

    private void Judge(int image, ImageTruths truths)
    {
        var (start, end) = _table.Of(image);
        if (_order.Length < end - start) _order = new int[(end - start) * 2];
        var order = _order.AsSpan(0, end - start);
        for (var i = 0; i < order.Length; i++) order[i] = start + i;
        order.Sort((a, b) => _table.Scores[a] != _table.Scores[b] ? _table.Scores[b].CompareTo(_table.Scores[a]) : a.CompareTo(b));
        order = order[..Math.Min(order.Length, _limit)];
        var first = _detections.Count;
        foreach (var row in order)
        {
            var hit = truths.Match(_table, row);
            _detections.Add(new(row, _table.Classes[row], _table.Scores[row], hit >= 0 ? Fate.Hit : Fate.Wrong, default, hit));
        }

        for (var i = first; i < _detections.Count; i++)
        {
            if (_detections[i].Fate == Fate.Wrong) _detections[i] = truths.Explain(_table, _detections[i]);
        }

        truths.AddMissed(_missed);
    }

    /// <summary>The truths of one image while its detections are judged.</summary>
    private sealed class ImageTruths
    {
        private readonly List<(int Box, int Class, TruthPlace Place)> _objects = [];
        private readonly List<(int Class, TruthPlace Place, bool IsRegion)> _leftOut = [];
        private readonly bool[] _used;
        private readonly bool[] _usable;

        public ImageTruths(DetectionDataset truth, int image, BoxMarks leftOut)
        {
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var place = ClassTruths.Place(truth, image, box);
                if (truth.Boxes.Class(box) < 0 || !place.IsFinite) continue;
                var kind = ClassTruths.KindOf(truth.Boxes.Marks(box) & leftOut);
                if (kind == TruthKind.Object) _objects.Add((box, truth.Boxes.Class(box), place));
                else _leftOut.Add((truth.Boxes.Class(box), place, kind == TruthKind.Region));
            }

            _used = new bool[_objects.Count];
            _usable = new bool[_objects.Count];
        }

        /// <summary>Takes the free object of the detection's class that it fits best; its box, or -1.</summary>
        public int Match(DetectionTable detections, int row)
        {
            var best = -1;
            var most = 0.0;
            for (var i = 0; i < _objects.Count; i++)
            {
                if (_used[i] || _objects[i].Class != detections.Classes[row]) continue;
                var overlap = Overlap(detections, row, _objects[i].Place, region: false);
                if (overlap > most) (best, most) = (i, overlap);
            }

            if (best < 0 || most < Foreground) return -1;
            _used[best] = true;
            return _objects[best].Box;
        }

        /// <summary>Why a detection is no hit: the first rule that fits.</summary>
        public JudgedDetection Explain(DetectionTable detections, JudgedDetection detection)
        {
            foreach (var (@class, place, isRegion) in _leftOut)
            {
                if (@class == detection.Class && Overlap(detections, detection.Row, place, isRegion) > Foreground) return detection with { Fate = Fate.LeftOut };
            }

            var (same, other, used) = ((Index: -1, Overlap: 0.0), (Index: -1, Overlap: 0.0), (Index: -1, Overlap: 0.0));
            for (var i = 0; i < _objects.Count; i++)
            {
                var overlap = Overlap(detections, detection.Row, _objects[i].Place, region: false);
                if (_objects[i].Class != detection.Class)
                {
                    if (overlap > other.Overlap) other = (i, overlap);
                    continue;
                }

                if (overlap > same.Overlap) same = (i, overlap);
                if (_used[i] && overlap > used.Overlap) used = (i, overlap);
            }

            if (same.Overlap is >= Background and <= Foreground) return Wrong(detection, ErrorKind.Localization, same.Index);
            if (other.Overlap >= Foreground) return Wrong(detection, ErrorKind.Classification, other.Index);
            if (used.Overlap >= Foreground) return detection with { Kind = ErrorKind.Duplicate, Box = _objects[used.Index].Box };
            return detection with { Kind = Math.Max(same.Overlap, other.Overlap) <= Background ? ErrorKind.Background : ErrorKind.Both };
        }

        /// <summary>Objects that are neither found nor would be by mending a wrong class or a loose box.</summary>
        public void AddMissed(List<int> missed)
        {
            for (var i = 0; i < _objects.Count; i++)
            {
                if (!_used[i] && !_usable[i]) missed.Add(_objects[i].Box);
            }
        }

        private JudgedDetection Wrong(JudgedDetection detection, ErrorKind kind, int target)
        {
            if (_used[target]) return detection with { Kind = kind, Box = _objects[target].Box };
            _usable[target] = true;
            return detection with { Kind = kind, Box = _objects[target].Box, Mends = true };
        }

        private static double Overlap(DetectionTable detections, int row, TruthPlace place, bool region)
            => CocoOverlap.Of(detections.X[row], detections.Y[row], detections.Width[row], detections.Height[row], place.X, place.Y, place.Width, place.Height, region);
    }
}

/// <summary>What became of a detection.</summary>
internal enum Fate : byte
{
    /// <summary>It found an object.</summary>
    Hit,

    /// <summary>It is an error.</summary>
    Wrong,

    /// <summary>It lies on a left-out truth: neither.</summary>
    LeftOut,
}

/// <summary>What became of a detection, and why.</summary>
/// <param name="Row">Its row in the table.</param>
/// <param name="Class">Its class.</param>
/// <param name="Score">Its score.</param>
/// <param name="Fate">Whether it is a hit, an error, or neither.</param>
/// <param name="Kind">The kind of error.</param>
/// <param name="Box">The truth it concerns (box of the data set), or -1.</param>
/// <param name="Mends">Whether mending it would find that truth, which nothing else found.</param>
internal readonly record struct JudgedDetection(int Row, int Class, double Score, Fate Fate, ErrorKind Kind, int Box, bool Mends = false);
