using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// Matches detections with truths as pycocotools does: by class, in an image by falling score, each to the truth of highest IoU that is still free; truths that count
/// before those that are left out. One walk over a class' detections in score order does all slices and thresholds at once, for what a detection may take depends only
/// on the detections of its own image before it.
/// </summary>
internal sealed class DetectionMatching
{
    private readonly DetectionTable _detections;
    private readonly ClassTruths _truths;
    private readonly MatchSlices _slicing;
    private readonly double[] _thresholds;
    private readonly int _limit;
    private readonly int[] _rows;
    private readonly int[] _imageOfRow;

    private DetectionMatching(DetectionDataset truth, DetectionTable detections, ClassTruths truths, MatchSlices slicing, EvaluationOptions options, int[] imageOrder)
    {
        (_detections, _truths, _slicing) = (detections, truths, slicing);
        _limit = options.DetectionLimits[^1];
        // pycocotools never asks more than this, so that IoU 1 can be reached.
        _thresholds = [.. options.IoUThresholds.Select(threshold => Math.Min(threshold, 1 - 1e-10))];
        var first = new int[truth.Classes.Count + 1];
        foreach (var k in detections.Classes) first[k + 1]++;
        for (var k = 0; k + 1 < first.Length; k++) first[k + 1] += first[k];
        Table = new(first, slicing.Count, _thresholds.Length, truths.Boxes.Length);
        (_rows, _imageOfRow) = RowsByClass(detections, first, imageOrder);
    }

    private MatchTable Table { get; }

    /// <summary>Matches everything; classes in parallel, with results that do not depend on how many threads there are.</summary>
    public static MatchTable Run(DetectionDataset truth, DetectionTable detections, ClassTruths truths, MatchSlices slicing, EvaluationOptions options, int[] imageOrder)
    {
        var matching = new DetectionMatching(truth, detections, truths, slicing, options, imageOrder);
        var first = matching.Table.First;
        var classes = Enumerable.Range(0, truth.Classes.Count).OrderByDescending(k => first[k + 1] - first[k]).ToArray();
        ByClass.Run(classes, () => new Scratch(truth.Images.Count), matching.Match);
        return matching.Table;
    }

    /// <summary>Rows of the detections, class after class, in the order of image ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (int[] Rows, int[] Images) RowsByClass(DetectionTable detections, int[] first, int[] imageOrder)
    {
        var next = first.AsSpan(0, first.Length - 1).ToArray();
        var rows = new int[detections.Count];
        var images = new int[detections.Count];
        foreach (var image in imageOrder)
        {
            var (start, end) = detections.Of(image);
            for (var row = start; row < end; row++)
            {
                var at = next[detections.Classes[row]]++;
                (rows[at], images[at]) = (row, image);
            }
        }

        return (rows, images);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Match(int k, Scratch scratch)
    {
        var (start, end) = (Table.First[k], Table.First[k + 1]);
        var order = scratch.SortByScore(_detections.Scores, _rows.AsSpan(start, end - start));
        scratch.Enter(_truths, k, _slicing.Count);
        var at = start;
        foreach (var place in order)
        {
            var (row, image) = (_rows[start + place], _imageOfRow[start + place]);
            var rank = scratch.Ranks[image]++;
            if (rank >= _limit) continue;
            (Table.Rows[at], Table.Images[at], Table.Ranks[at], Table.Scores[at]) = (row, image, rank, _detections.Scores[row]);
            FindCandidates(row, image, scratch);
            Take(at, _slicing.Detections[row], scratch);
            at++;
        }

        Table.End[k] = at;
        for (var i = _truths.First[k]; i < _truths.First[k + 1]; i++) Table.Found[i] = scratch.Taken[(i - _truths.First[k]) * _slicing.Count];
        scratch.Leave(_truths, k, _imageOfRow.AsSpan(start, end - start));
    }

    /// <summary>The truths of the detection's class and image that reach the lowest threshold, by falling IoU; of equal ones the later first, as pycocotools prefers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindCandidates(int row, int image, Scratch scratch)
    {
        scratch.Candidates.Clear();
        var (start, end) = scratch.Truths[image];
        if (start == end) return;
        var (x, y, width, height) = (_detections.X[row], _detections.Y[row], _detections.Width[row], _detections.Height[row]);
        for (var i = start; i < end; i++)
        {
            var overlap = CocoOverlap.Of(x, y, width, height, _truths.X[i], _truths.Y[i], _truths.Width[i], _truths.Height[i], _truths.Kinds[i] == TruthKind.Region);
            if (!(overlap >= _thresholds[0])) continue;
            var place = 0;
            while (scratch.Candidates.Count > place && scratch.Candidates[place].Overlap > overlap) place++;
            scratch.Candidates.Insert(place, new(i, overlap, Reach(overlap)));
        }
    }

    /// <summary>A bit for every threshold an overlap reaches.</summary>
    private uint Reach(double overlap)
    {
        var reached = 0u;
        for (var t = 0; t < _thresholds.Length && overlap >= _thresholds[t]; t++) reached |= 1u << t;
        return reached;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(int at, uint inside, Scratch scratch)
    {
        for (var slice = 0; slice < _slicing.Count; slice++)
        {
            var need = Table.AllThresholds;
            var (hits, ignored) = (0u, 0u);
            if (scratch.Candidates.Count > 0)
            {
                hits = TakeFrom(slice, counting: true, ref need, scratch);
                if (slice == 0 && (hits & 1) != 0) Table.Overlaps[at] = scratch.TakenOverlap;
                ignored = TakeFrom(slice, counting: false, ref need, scratch);
            }

            if (((inside >> slice) & 1) == 0) ignored |= need;
            Table.Hits[slice][at] = hits;
            Table.Ignored[slice][at] = ignored;
        }
    }

    /// <summary>Gives the detection, at every threshold where it still needs one, its best free truth among those that count in the slice, or among the others.</summary>
    private uint TakeFrom(int slice, bool counting, ref uint need, Scratch scratch)
    {
        var all = 0u;
        foreach (var candidate in scratch.Candidates)
        {
            var i = candidate.Truth;
            var counts = _truths.Kinds[i] == TruthKind.Object && ((_slicing.Truths[_truths.Boxes[i]] >> slice) & 1) != 0;
            if (counts != counting) continue;
            ref var taken = ref scratch.Taken[((i - scratch.FirstTruth) * _slicing.Count) + slice];
            var take = need & candidate.Reach & (_truths.Kinds[i] == TruthKind.Region ? uint.MaxValue : ~taken);
            if ((take & 1) != 0) scratch.TakenOverlap = candidate.Overlap;
            taken |= take;
            need &= ~take;
            all |= take;
        }

        return all;
    }

    private readonly record struct Candidate(int Truth, double Overlap, uint Reach);

    /// <summary>What one thread needs to match a class, used again for the next.</summary>
    private sealed class Scratch(int images)
    {
        private readonly ScoreOrder _order = new();

        public int[] Ranks { get; } = new int[images];

        /// <summary>The truths of the class in each image as a range [start, end).</summary>
        public (int Start, int End)[] Truths { get; } = new (int, int)[images];

        /// <summary>For each truth of the class and slice: thresholds at which it is taken.</summary>
        public uint[] Taken { get; private set; } = [];

        public int FirstTruth { get; private set; }

        public List<Candidate> Candidates { get; } = [];

        /// <summary>IoU of the truth last taken at the lowest threshold.</summary>
        public double TakenOverlap { get; set; }

        public ReadOnlySpan<int> SortByScore(ReadOnlySpan<double> scores, ReadOnlySpan<int> rows) => _order.Sort(scores, rows);

        public void Enter(ClassTruths truths, int k, int slices)
        {
            FirstTruth = truths.First[k];
            var count = (truths.First[k + 1] - FirstTruth) * slices;
            if (Taken.Length < count) Taken = new uint[count];
            else Taken.AsSpan(0, count).Clear();
            for (var i = FirstTruth; i < truths.First[k + 1]; i++)
            {
                ref var range = ref Truths[truths.Images[i]];
                range = range.End == 0 ? (i, i + 1) : (range.Start, i + 1);
            }
        }

        public void Leave(ClassTruths truths, int k, ReadOnlySpan<int> images)
        {
            foreach (var image in images) Ranks[image] = 0;
            for (var i = truths.First[k]; i < truths.First[k + 1]; i++) Truths[truths.Images[i]] = default;
        }
    }
}
