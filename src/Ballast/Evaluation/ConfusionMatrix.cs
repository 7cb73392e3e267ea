namespace Ballast;

/// <summary>
/// What is taken for what: in each image the detections above their class' threshold take, by falling score, the free truth they overlap most at IoU 0.50, of whatever
/// class (of equal overlaps one of their own class). Index K stands for background: a false alarm as truth, a miss as detection. Detections on crowds and other
/// left-out truths are not counted.
/// </summary>
public sealed class ConfusionMatrix
{
    private const double MinOverlap = 0.5;
    private readonly int[] _counts;

    private ConfusionMatrix(int classes)
    {
        Classes = classes;
        _counts = new int[(classes + 1) * (classes + 1)];
    }

    /// <summary>Number of classes, K; index K is background.</summary>
    public int Classes { get; }

    /// <summary>How often an object of class <paramref name="truth"/> was detected as <paramref name="detected"/>; K is background on either side.</summary>
    public int this[int truth, int detected] => _counts[(truth * (Classes + 1)) + detected];

    /// <summary>The pairs of different classes taken for each other most, most frequent first.</summary>
    public IReadOnlyList<(int Truth, int Detected, int Count)> Confused(int most)
        => [.. Enumerable.Range(0, Classes * Classes).Select(i => (Truth: i / Classes, Detected: i % Classes)).Where(pair => pair.Truth != pair.Detected && this[pair.Truth, pair.Detected] > 0)
            .OrderByDescending(pair => this[pair.Truth, pair.Detected]).Take(most).Select(pair => (pair.Truth, pair.Detected, this[pair.Truth, pair.Detected]))];

    /// <summary>Counts the confusions of an evaluation.</summary>
    /// <param name="evaluation">What to count.</param>
    /// <param name="threshold">Score from which detections count; by default each class' own optimal-LRP threshold.</param>
    public static ConfusionMatrix Of(CocoEvaluation evaluation, double? threshold = null)
    {
        var classes = evaluation.Classes.Count;
        var thresholds = threshold is { } one
            ? [.. Enumerable.Repeat(one, classes)]
            : LocalizationRecallPrecision.Of(evaluation).Classes.Select(c => c.Threshold).ToArray();
        var matrix = new ConfusionMatrix(classes);
        var leftOut = evaluation.Options.LeftOutIn(evaluation.Truth);
        for (var image = 0; image < evaluation.Truth.Images.Count; image++) matrix.Add(evaluation, image, thresholds, leftOut);
        return matrix;
    }

    private void Add(CocoEvaluation evaluation, int image, double[] thresholds, BoxMarks leftOut)
    {
        var (truth, table) = (evaluation.Truth, evaluation.Detections);
        var (start, end) = truth.Boxes.Of(image);
        var places = Enumerable.Range(start, end - start).Where(box => truth.Boxes.Class(box) >= 0).Select(box => (Box: box, Place: ClassTruths.Place(truth, image, box))).Where(t => t.Place.IsFinite).ToArray();
        var objects = places.Where(t => (truth.Boxes.Marks(t.Box) & leftOut) == 0).ToArray();
        var others = places.Where(t => (truth.Boxes.Marks(t.Box) & leftOut) != 0).ToArray();
        var taken = new bool[objects.Length];
        var (first, last) = table.Of(image);
        var rows = Enumerable.Range(first, last - first).Where(row => table.Scores[row] >= thresholds[table.Classes[row]]).OrderByDescending(row => table.Scores[row]);
        foreach (var row in rows)
        {
            var best = -1;
            var most = MinOverlap;
            for (var i = 0; i < objects.Length; i++)
            {
                var overlap = Overlap(table, row, objects[i].Place, region: false);
                if (taken[i] || !(overlap >= most)) continue;
                if (best >= 0 && overlap == most && truth.Boxes.Class(objects[i].Box) != table.Classes[row]) continue;
                (best, most) = (i, overlap);
            }

            if (best >= 0) taken[best] = true;
            else if (others.Any(t => Overlap(table, row, t.Place, ClassTruths.KindOf(truth.Boxes.Marks(t.Box) & leftOut) == TruthKind.Region) >= MinOverlap)) continue;
            Count(best < 0 ? Classes : truth.Boxes.Class(objects[best].Box), table.Classes[row]);
        }

        for (var i = 0; i < objects.Length; i++)
        {
            if (!taken[i]) Count(truth.Boxes.Class(objects[i].Box), Classes);
        }
    }

    private void Count(int truth, int detected) => _counts[(truth * (Classes + 1)) + detected]++;

    private static double Overlap(DetectionTable table, int row, TruthPlace place, bool region)
        => CocoOverlap.Of(table.X[row], table.Y[row], table.Width[row], table.Height[row], place.X, place.Y, place.Width, place.Height, region);
}
