using System.Numerics;
using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// What a sampler sees of one image: how its candidates were assigned and, computed only when asked for, what the head makes of them. Also the workspace of the
/// samplers, so one is kept for each worker and loaded again for every image; it is not for two threads at once.
/// </summary>
public sealed class Candidates
{
    private AnchorSet? _anchors;
    private Truths _truths = new();
    private Assignment _assignment = new();
    private CandidateLosses? _lossSource;
    private CandidatePredictions? _predictionSource;
    private bool _hasLosses;
    private bool _hasPredictions;
    private float[] _losses = [];
    private float[] _scores = [];
    private int[] _positives = [];
    private int[] _negatives = [];
    private int[] _sorted = [];
    private int[] _counts = [];
    private byte[] _slots = [];
    private ulong[] _keys = [];

    /// <summary>Number of candidates, N.</summary>
    public int Count => _assignment.Count;

    /// <summary>[N]: index of the matched truth, <see cref="Assignment.Background"/> or <see cref="Assignment.Ignored"/>.</summary>
    public ReadOnlySpan<int> Truths => _assignment.Truths;

    /// <summary>[N]: largest IoU with any truth.</summary>
    public ReadOnlySpan<float> Overlaps => _assignment.Overlaps;

    /// <summary>[M]: class of each truth, 0..K-1.</summary>
    public ReadOnlySpan<int> Classes => CollectionsMarshal.AsSpan(_truths.Classes);

    /// <summary>[N]: the candidates' own boxes; a grid is written out at the first use.</summary>
    /// <exception cref="InvalidOperationException">There are not as many boxes as candidates.</exception>
    public BoxArray Boxes => _anchors is { } anchors && anchors.Count == Count
        ? anchors.Boxes
        : throw new InvalidOperationException($"There are {_anchors?.Count ?? 0} boxes for {Count} candidates; load the candidates that were assigned.");

    /// <summary>[N]: classification loss of each candidate under the current head; computed at the first use.</summary>
    /// <exception cref="InvalidOperationException">No losses were offered.</exception>
    public ReadOnlySpan<float> Losses
    {
        get
        {
            if (!_hasLosses)
            {
                var source = _lossSource ?? throw Missing(nameof(Losses));
                source(Room(ref _losses, Count));
                _hasLosses = true;
            }

            return _losses.AsSpan(0, Count);
        }
    }

    /// <summary>[N]: probability of the most probable foreground class of each candidate; computed at the first use.</summary>
    /// <exception cref="InvalidOperationException">No predictions were offered.</exception>
    public ReadOnlySpan<float> Scores
    {
        get
        {
            Predict();
            return _scores.AsSpan(0, Count);
        }
    }

    /// <summary>[N]: the box that the head predicts for each candidate's most probable foreground class; computed at the first use.</summary>
    /// <exception cref="InvalidOperationException">No predictions were offered, or not N of them.</exception>
    public BoxArray PredictedBoxes
    {
        get
        {
            Predict();
            return Predicted;
        }
    }

    private BoxArray Predicted { get; } = new();

    /// <summary>Looks at another image and forgets the last.</summary>
    /// <param name="anchors">The N candidates that were assigned.</param>
    /// <param name="truths">The image's objects.</param>
    /// <param name="assignment">What the assigner made of them, or whoever rewrote it after; is read as long as this image is.</param>
    /// <param name="losses">Computes the losses for a sampler whose needs name them.</param>
    /// <param name="predictions">Computes the predictions for a sampler whose needs name them.</param>
    public void Load(AnchorSet anchors, Truths truths, Assignment assignment, CandidateLosses? losses = null, CandidatePredictions? predictions = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(assignment);
        (_anchors, _truths, _assignment, _lossSource, _predictionSource) = (anchors, truths, assignment, losses, predictions);
        _hasLosses = _hasPredictions = false;
    }

    /// <summary>Indices of the candidates that are objects, ascending, in a workspace that may be reordered and is written again by the next call.</summary>
    public Span<int> CollectPositives()
    {
        var truths = Truths;
        var found = Room(ref _positives, truths.Length);
        var (count, i) = (0, 0);
        for (; i <= truths.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            // Few candidates are objects: most vectors hold none.
            if (!Vector.GreaterThanOrEqualAny(new Vector<int>(truths[i..]), Vector<int>.Zero)) continue;
            for (var lane = i; lane < i + Vector<int>.Count; lane++)
            {
                if (truths[lane] >= 0) found[count++] = lane;
            }
        }

        for (; i < truths.Length; i++)
        {
            if (truths[i] >= 0) found[count++] = i;
        }

        return found[..count];
    }

    /// <summary>Indices of the candidates that are background, ascending, in a workspace that may be reordered and is written again by the next call.</summary>
    public Span<int> CollectNegatives()
    {
        var truths = Truths;
        var found = Room(ref _negatives, truths.Length);
        var (count, i) = (0, 0);
        var background = new Vector<int>(Assignment.Background);
        for (; i <= truths.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            // Most candidates are background: most vectors hold nothing else.
            if (Vector.EqualsAll(new Vector<int>(truths[i..]), background))
            {
                (new Vector<int>(i) + Vector<int>.Indices).CopyTo(found[count..]);
                count += Vector<int>.Count;
                continue;
            }

            for (var lane = i; lane < i + Vector<int>.Count; lane++)
            {
                if (truths[lane] == Assignment.Background) found[count++] = lane;
            }
        }

        for (; i < truths.Length; i++)
        {
            if (truths[i] == Assignment.Background) found[count++] = i;
        }

        return found[..count];
    }

    /// <summary>Room for indices beside the collected ones.</summary>
    internal Span<int> Sorted(int count) => Room(ref _sorted, count);

    /// <summary>Room for counts, all 0.</summary>
    internal Span<int> Counts(int count)
    {
        var counts = Room(ref _counts, count);
        counts.Clear();
        return counts;
    }

    /// <summary>Room for the groups that indices are sorted into.</summary>
    internal Span<byte> Slots(int count) => Room(ref _slots, count);

    /// <summary>Room for sort keys.</summary>
    internal Span<ulong> Keys(int count) => Room(ref _keys, count);

    private void Predict()
    {
        if (_hasPredictions) return;
        var source = _predictionSource ?? throw Missing("Predictions");
        Predicted.Clear();
        source(Room(ref _scores, Count), Predicted);
        if (Predicted.Count != Count) throw new InvalidOperationException($"There are {Predicted.Count} predicted boxes for {Count} candidates; each needs one.");
        _hasPredictions = true;
    }

    private static InvalidOperationException Missing(string what)
        => new($"The sampler asks for {what}, and Candidates.Load was given nothing that computes them; Sampler.Needs tells beforehand what a sampler asks for.");

    private static Span<T> Room<T>(ref T[] array, int count)
    {
        if (array.Length < count) array = new T[count];
        return array.AsSpan(0, count);
    }
}
