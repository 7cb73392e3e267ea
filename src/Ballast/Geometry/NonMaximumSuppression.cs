using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// Keeps the best of boxes that overlap: in order of score a box stays unless one that stayed overlaps it by more than a threshold (strictly). Equal scores
/// keep the order of their indices and a score that is not a number comes last, so the result is the same everywhere. Boxes without area never suppress.
/// </summary>
public static class NonMaximumSuppression
{
    /// <summary>Suppresses among all boxes.</summary>
    /// <param name="boxes">[N].</param>
    /// <param name="scores">[N].</param>
    /// <param name="threshold">IoU above which the worse of two boxes goes.</param>
    /// <param name="keep">Receives the indices that stay, best score first, appended.</param>
    public static void Greedy(BoxArray boxes, ReadOnlySpan<float> scores, float threshold, List<int> keep)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, boxes.Count, nameof(scores));
        var keys = new ulong[boxes.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = Key(scores[i], i);
        Array.Sort(keys);
        new KeptBoxes(boxes).Suppress(keys, threshold, keep);
    }

    /// <summary>Suppresses only among boxes of the same group: class, level or image.</summary>
    /// <param name="boxes">[N].</param>
    /// <param name="scores">[N].</param>
    /// <param name="groups">[N].</param>
    /// <param name="threshold">IoU above which the worse of two boxes of a group goes.</param>
    /// <param name="keep">Receives the indices that stay, best score of all groups first, appended.</param>
    public static void Batched(BoxArray boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> groups, float threshold, List<int> keep)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, boxes.Count, nameof(scores));
        ArgumentOutOfRangeException.ThrowIfNotEqual(groups.Length, boxes.Count, nameof(groups));
        var keys = new ulong[boxes.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = Key(scores[i], i);
        Array.Sort(keys);
        var sorted = new int[keys.Length];
        for (var i = 0; i < keys.Length; i++) sorted[i] = groups[Index(keys[i])];
        // Array.Sort of keys with items is not stable; the keys themselves are, so group and rank go into one number.
        var order = new long[keys.Length];
        for (var i = 0; i < order.Length; i++) order[i] = ((long)sorted[i] << 32) | (uint)i;
        Array.Sort(order);
        var stays = new List<int>(keep.Capacity);
        var kept = new KeptBoxes(boxes);
        var run = new ulong[keys.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            for (; end < order.Length && order[end] >> 32 == order[start] >> 32; end++) run[end] = keys[(uint)order[end]];
            kept.Suppress(run.AsSpan(start..end), threshold, stays);
            start = end;
        }

        InOrder(stays, scores, keep);
    }

    /// <summary>What is left of every class of a head's output, as mmdetection's multiclass_nms and torchvision's post-processing decide it.</summary>
    /// <param name="boxes">[N], shared by the classes, or [N, K], K boxes one after another.</param>
    /// <param name="scores">[N, K], without the background.</param>
    /// <param name="classes">K.</param>
    /// <param name="options">Thresholds and the number of detections.</param>
    /// <param name="keep">Receives flat indices row K + class, best first, appended.</param>
    public static void MultiClass(BoxArray boxes, ReadOnlySpan<float> scores, int classes, SuppressionOptions options, List<int> keep)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        var shared = boxes.Count != scores.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(shared ? boxes.Count * classes : boxes.Count, scores.Length, nameof(scores));
        var (places, candidates, candidateScores, groups) = (new List<int>(), new BoxArray(), new List<float>(), new List<int>());
        for (var i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] > options.MinimumScore)) continue;
            places.Add(i);
            candidates.Add(boxes[shared ? i / classes : i]);
            candidateScores.Add(scores[i]);
            groups.Add(i % classes);
        }

        var stays = new List<int>();
        Batched(candidates, CollectionsMarshal.AsSpan(candidateScores), CollectionsMarshal.AsSpan(groups), options.IoU, stays);
        for (var i = 0; i < Math.Min(stays.Count, options.Most); i++) keep.Add(places[stays[i]]);
    }

    /// <summary>A number that sorts as the score descends and, among equal scores, as the index ascends.</summary>
    internal static ulong Key(float score, int index)
    {
        if (float.IsNaN(score)) return ulong.MaxValue - int.MaxValue + (uint)index;
        // Adding 0 makes -0 and 0 equal.
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        var ascending = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return ((ulong)~ascending << 32) | (uint)index;
    }

    internal static int Index(ulong key) => (int)(key & int.MaxValue);

    private static void InOrder(List<int> stays, ReadOnlySpan<float> scores, List<int> keep)
    {
        var keys = new ulong[stays.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = Key(scores[stays[i]], stays[i]);
        Array.Sort(keys);
        foreach (var key in keys) keep.Add(Index(key));
    }
}

/// <summary>What is kept of a head's output.</summary>
public sealed record SuppressionOptions
{
    private readonly float _iou = 0.5f;
    private readonly int _most = 100;

    /// <summary>Scores must be more than this.</summary>
    public float MinimumScore { get; init; } = 0.05f;

    /// <summary>IoU above which the worse of two boxes of a class goes, in [0, 1].</summary>
    public float IoU
    {
        get => _iou;
        init => _iou = value is >= 0 and <= 1 ? value : throw new InputException($"SuppressionOptions.IoU is {value}; it must be a fraction from 0 to 1.");
    }

    /// <summary>Most detections that are kept, at least 1.</summary>
    public int Most
    {
        get => _most;
        init => _most = value >= 1 ? value : throw new InputException($"SuppressionOptions.Most is {value}; it must be at least 1.");
    }
}
