using System.Buffers;

namespace Ballast.Training;

/// <summary>
/// ISR-P, importance-based sample reweighting of objects (Cao et al. 2020, arXiv:1904.04821, section 4.1): the prediction with the best IoU of each truth comes
/// first, then the second best, and so on; in that order inside a class, rank r weighs (bias + (1 - bias) (n - r) / n)^power, n the largest number of one
/// class. The sum of the weighted losses stays what it was.
/// </summary>
public sealed record ImportanceReweighting
{
    private readonly float _power = 2;
    private readonly float _bias;

    /// <summary>The paper's gamma: how steeply weights fall.</summary>
    public float Power { get => _power; init => _power = Requires.NonNegative<ImportanceReweighting>(value); }

    /// <summary>The paper's beta: the weight under which nothing falls, before the power, in [0, 1].</summary>
    public float Bias { get => _bias; init => _bias = Requires.Fraction<ImportanceReweighting>(value); }

    /// <summary>Weighs the P positives of a batch again.</summary>
    /// <param name="classes">[P]: 0..K-1.</param>
    /// <param name="truths">[P]: a number that is different for each truth of the batch.</param>
    /// <param name="ious">[P]: IoU of each predicted box with its truth.</param>
    /// <param name="losses">[P]: classification loss of each, unweighted.</param>
    /// <param name="weights">[P]: the weights so far; receives the new ones.</param>
    public void Weigh(ReadOnlySpan<int> classes, ReadOnlySpan<int> truths, ReadOnlySpan<float> ious, ReadOnlySpan<float> losses, Span<float> weights)
    {
        var count = classes.Length;
        if (truths.Length != count || ious.Length != count || losses.Length != count || weights.Length != count)
            throw new InputException($"ImportanceReweighting: there are {count} classes, {truths.Length} truths, {ious.Length} IoUs, {losses.Length} losses "
                + $"and {weights.Length} weights; the numbers must be the same.");
        if (count == 0) return;
        var most = Largest(classes);
        var (rankRoom, scoreRoom) = (ArrayPool<int>.Shared.Rent(count), ArrayPool<float>.Shared.Rent(count));
        var ranks = rankRoom.AsSpan(0, count);
        var scores = scoreRoom.AsSpan(0, count);
        Rank(classes, truths, ious, ranks);
        for (var i = 0; i < count; i++) scores[i] = ious[i] + (most - ranks[i]);
        Rank(classes, [], scores, ranks);
        Weigh(ranks, most, losses, weights);
        ArrayPool<int>.Shared.Return(rankRoom);
        ArrayPool<float>.Shared.Return(scoreRoom);
    }

    /// <summary>Weights by rank, scaled so that the weighted losses sum to what they did.</summary>
    private void Weigh(ReadOnlySpan<int> ranks, int most, ReadOnlySpan<float> losses, Span<float> weights)
    {
        var (before, after) = (0f, 0f);
        for (var i = 0; i < ranks.Length; i++)
        {
            before += losses[i] * weights[i];
            weights[i] = MathF.Pow(Bias + ((1 - Bias) * weights[i] * (most - ranks[i]) / most), Power);
            after += losses[i] * weights[i];
        }

        if (after <= 0) return;
        for (var i = 0; i < ranks.Length; i++) weights[i] *= before / after;
    }

    private static int Largest(ReadOnlySpan<int> classes)
    {
        var counts = new Dictionary<int, int>();
        foreach (var @class in classes) counts[@class] = counts.GetValueOrDefault(@class) + 1;
        return counts.Values.Max();
    }

    /// <summary>The place of each by falling value inside its class (and truth, where given); ties by index.</summary>
    private static void Rank(ReadOnlySpan<int> classes, ReadOnlySpan<int> truths, ReadOnlySpan<float> values, Span<int> ranks)
    {
        var room = ArrayPool<(int Class, int Truth, float Falling, int Index)>.Shared.Rent(classes.Length);
        var keys = room.AsSpan(0, classes.Length);
        for (var i = 0; i < keys.Length; i++) keys[i] = (classes[i], truths.IsEmpty ? 0 : truths[i], -values[i], i);
        keys.Sort();
        for (var i = 0; i < keys.Length; i++)
        {
            var sameGroup = i > 0 && keys[i].Class == keys[i - 1].Class && keys[i].Truth == keys[i - 1].Truth;
            ranks[keys[i].Index] = sameGroup ? ranks[keys[i - 1].Index] + 1 : 0;
        }

        ArrayPool<(int Class, int Truth, float Falling, int Index)>.Shared.Return(room);
    }
}
