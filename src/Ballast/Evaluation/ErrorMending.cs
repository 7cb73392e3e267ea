using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// AP at IoU 0.50 after some errors are mended. A mended false alarm is taken away; of the wrongly classified or loose detections of an object nothing else found, the
/// one with the highest score becomes its hit; a mended miss is an object less to find. Classes with neither objects nor detections left are in no mean; a class
/// whose objects are all mended away but which still has detections has AP 0 (as TIDE counts).
/// </summary>
internal sealed class ErrorMending
{
    /// <summary>Every kind of error, as a set of bits.</summary>
    public const uint AllKinds = (1u << (int)(ErrorKind.Miss + 1)) - 1;

    private readonly JudgedDetection[] _detections;
    private readonly uint[] _words;
    private readonly (int Class, uint Word)[] _missed;
    private readonly int[] _objects;
    private readonly int[] _classOfBox;
    private readonly int[] _mendedIn;
    private readonly List<double>[] _precisions;
    private int _round;

    /// <summary>Sorts the detections by falling score; those of equal score stay in the order of images.</summary>
    /// <param name="evaluation">What they are of.</param>
    /// <param name="detections">What became of them.</param>
    /// <param name="missed">Plainly missed truths.</param>
    /// <param name="wordOf">The slices an error lies in, as bits.</param>
    /// <param name="wordOfMiss">The slices a missed truth lies in, as bits.</param>
    public ErrorMending(CocoEvaluation evaluation, List<JudgedDetection> detections, List<int> missed, Func<JudgedDetection, uint> wordOf, Func<int, uint> wordOfMiss)
    {
        _classOfBox = evaluation.Truth.Boxes.Classes.ToArray();
        _detections = [.. detections.OrderByDescending(detection => detection.Score)];
        _words = Array.ConvertAll(_detections, detection => wordOf(detection));
        _missed = [.. missed.Select(box => (_classOfBox[box], wordOfMiss(box)))];
        _objects = [.. evaluation.Classes.Select(c => c.Objects)];
        _mendedIn = new int[_classOfBox.Length];
        _precisions = [.. _objects.Select(_ => new List<double>())];
    }

    /// <summary>AP without false alarms.</summary>
    public double WithoutFalseAlarms => Average(_objects, uint.MaxValue, 0, noFalseAlarms: true);

    /// <summary>AP if only the objects that were found existed.</summary>
    public double WithoutMisses
    {
        get
        {
            var found = new int[_objects.Length];
            foreach (var detection in _detections) found[detection.Class] += detection.Fate == Fate.Hit ? 1 : 0;
            return Average(found, 0, 0);
        }
    }

    /// <summary>Number of errors of a kind in the slices given.</summary>
    public int Count(ErrorKind kind, uint slices)
    {
        if (kind == ErrorKind.Miss) return _missed.Count(miss => (miss.Word & slices) != 0);
        var count = 0;
        for (var i = 0; i < _detections.Length; i++)
            count += _detections[i].Fate == Fate.Wrong && _detections[i].Kind == kind && (_words[i] & slices) != 0 ? 1 : 0;
        return count;
    }

    /// <summary>AP after mending the errors of some kinds (bits) in some slices (bits).</summary>
    public double After(uint kinds, uint slices)
    {
        var objects = (int[])_objects.Clone();
        if ((kinds & (1u << (int)ErrorKind.Miss)) != 0)
        {
            foreach (var (@class, word) in _missed) objects[@class] -= (word & slices) != 0 ? 1 : 0;
        }

        return Average(objects, kinds, slices);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Average(int[] objects, uint kinds, uint slices, bool noFalseAlarms = false)
    {
        _round++;
        var counted = new int[objects.Length];
        foreach (var list in _precisions) list.Clear();
        for (var i = 0; i < _detections.Length; i++)
        {
            ref readonly var detection = ref _detections[i];
            if (detection.Fate == Fate.LeftOut || (noFalseAlarms && detection.Fate == Fate.Wrong)) continue;
            var (k, isHit) = (detection.Class, detection.Fate == Fate.Hit);
            if (!isHit && ((kinds >> (int)detection.Kind) & 1) != 0 && (_words[i] & slices) != 0)
            {
                if (!Mends(detection)) continue;
                (k, isHit) = (_classOfBox[detection.Box], true);
            }

            counted[k]++;
            if (isHit) _precisions[k].Add((_precisions[k].Count + 1) / (counted[k] + PrecisionTable.Spacing));
        }

        return CocoFigures.Mean(objects.Select((count, k) => AverageOf(k, count, counted[k])));
    }

    /// <summary>Whether a mended detection becomes a hit. They come by falling score, so the first of an object is its best; the others are taken away.</summary>
    private bool Mends(in JudgedDetection detection)
    {
        if (!detection.Mends || _mendedIn[detection.Box] == _round) return false;
        _mendedIn[detection.Box] = _round;
        return true;
    }

    private double AverageOf(int k, int objects, int detections)
    {
        if (objects > 0) return InterpolatedPrecision.Average(CollectionsMarshal.AsSpan(_precisions[k]), objects);
        return _objects[k] > 0 && detections > 0 ? 0 : double.NaN;
    }
}
