using System.Buffers;

namespace Ballast.Training;

/// <summary>
/// The ranking losses on spans: their value, and the gradient that is given by error-driven update instead of derived (Chen et al. 2019, arXiv:1904.06373).
/// Targets above 0 are objects, 0 is background, below 0 is left out. Gradients are written over. Its room is rented, and given back when it is disposed of.
/// </summary>
internal sealed class Ranking : IDisposable
{
    private readonly int[] _objects;
    private readonly int[] _background;
    private readonly int[] _order;
    private readonly float[] _scores;
    private readonly float[] _backgroundScores;
    private readonly float[] _relations;
    private readonly float[] _backgroundRelations;
    private readonly float[] _values;
    private readonly float[] _ranks;
    private readonly int _count;
    private readonly int _backgroundCount;
    private readonly float _delta;

    /// <summary>Sorts out who takes part: background that scores under every object by delta or more changes nothing.</summary>
    /// <param name="logits">All (candidate, class) pairs of the batch.</param>
    /// <param name="targets">Of the same length.</param>
    /// <param name="delta">Half the width of the step that stands for "scores higher".</param>
    public Ranking(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, float delta)
    {
        _delta = delta;
        var least = float.PositiveInfinity;
        for (var i = 0; i < targets.Length; i++)
        {
            if (!(targets[i] > 0)) continue;
            _count++;
            least = MathF.Min(least, logits[i] - delta);
        }

        for (var i = 0; i < targets.Length; i++) _backgroundCount += IsAmongObjects(targets[i], logits[i], least) ? 1 : 0;
        (_objects, _order, _background) = (Rent<int>(_count), Rent<int>(_count), Rent<int>(_backgroundCount));
        (_scores, _relations, _values, _ranks) = (Rent<float>(_count), Rent<float>(_count), Rent<float>(_count), Rent<float>(_count));
        (_backgroundScores, _backgroundRelations) = (Rent<float>(_backgroundCount), Rent<float>(_backgroundCount));
        var (objects, background) = (0, 0);
        for (var i = 0; i < targets.Length; i++)
        {
            if (targets[i] > 0) (_objects[objects], _scores[objects], _order[objects]) = (i, logits[i], objects++);
            else if (IsAmongObjects(targets[i], logits[i], least)) (_background[background], _backgroundScores[background++]) = (i, logits[i]);
        }

        var scores = _scores;
        _order.AsSpan(0, _count).Sort((a, b) => scores[a] == scores[b] ? a.CompareTo(b) : scores[a].CompareTo(scores[b]));
    }

    /// <summary>Indices of the objects among the pairs.</summary>
    public ReadOnlySpan<int> Objects => _objects.AsSpan(0, _count);

    /// <summary>The objects by rising score.</summary>
    public ReadOnlySpan<int> Order => _order.AsSpan(0, _count);

    /// <summary>Room for a number of each object that the caller gives: an error or a quality.</summary>
    public Span<float> Values => _values.AsSpan(0, _count);

    /// <summary>Room for the rank of each object.</summary>
    public Span<float> Ranks => _ranks.AsSpan(0, _count);

    private ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    private ReadOnlySpan<float> BackgroundScores => _backgroundScores.AsSpan(0, _backgroundCount);

    private Span<float> Relations => _relations.AsSpan(0, _count);

    private Span<float> BackgroundRelations => _backgroundRelations.AsSpan(0, _backgroundCount);

    /// <summary>AP loss (Chen et al. 2019, arXiv:1904.06373): 1 - the mean of the interpolated precision at each object.</summary>
    public float AveragePrecision(Span<float> gradient)
    {
        gradient.Clear();
        var (most, sum) = (0f, 0f);
        foreach (var i in Order)
        {
            var (rank, above) = Relate(i, self: 1);
            var precision = rank / (rank + above);
            var interpolated = precision >= most ? 1 : (1 - most) / (1 - precision);
            most = MathF.Max(most, precision);
            Push(gradient, interpolated / (rank + above));
            gradient[_objects[i]] = -(1 - most) / _count;
            sum += most;
        }

        return _count == 0 ? 0 : 1 - (sum / _count);
    }

    /// <summary>The classification part of aLRP loss (Oksuz et al. 2020, arXiv:2009.13592, eq. 9 to 12).</summary>
    /// <param name="errors">Localisation error of each object, in [0, 1].</param>
    /// <param name="epsilon">Background above that counts as none.</param>
    /// <param name="gradient">Receives the gradient.</param>
    /// <param name="ranks">Receives the rank of each object among all.</param>
    public float AverageLrp(ReadOnlySpan<float> errors, float epsilon, Span<float> gradient, Span<float> ranks)
    {
        gradient.Clear();
        var precision = 0f;
        foreach (var i in Order)
        {
            var (rank, above) = Relate(i, self: 1);
            ranks[i] = rank + above;
            precision += rank / ranks[i];
            if (above <= epsilon) continue;
            var error = above;
            for (var k = 0; k < errors.Length; k++) error += k == i ? 0 : _relations[k] * errors[k];
            error /= ranks[i];
            gradient[_objects[i]] = -error / _count;
            Push(gradient, error / above);
        }

        return _count == 0 ? 0 : 1 - (precision / _count);
    }

    /// <summary>
    /// What aLRP's box part, the mean over objects i of (sum of the errors of those that score no lower) / rank_i, gives each error as weight, ranks held fixed.
    /// </summary>
    /// <param name="ranks">Of each object, from <see cref="AverageLrp"/>.</param>
    /// <param name="weights">Receives the weight of each object.</param>
    public void BoxWeights(ReadOnlySpan<float> ranks, Span<float> weights)
    {
        var sum = 0f;
        foreach (var i in Order)
        {
            sum += 1 / ranks[i];
            weights[i] = sum / ranks.Length;
        }
    }

    /// <summary>Rank and Sort loss (Oksuz et al. 2021, arXiv:2107.11669, eq. 7 to 13).</summary>
    /// <param name="qualities">Quality (IoU) of each object, in (0, 1].</param>
    /// <param name="epsilon">Sums that count as none.</param>
    /// <param name="gradient">Receives the gradient of the sum of both.</param>
    public (float Ranking, float Sorting) RankSort(ReadOnlySpan<float> qualities, float epsilon, Span<float> gradient)
    {
        gradient.Clear();
        var (ranking, sorting) = (0f, 0f);
        foreach (var i in Order)
        {
            var (rank, above) = Relate(i, self: 0.5f);
            var rankingError = above / (rank + above);
            ranking += rankingError;
            if (above > epsilon)
            {
                gradient[_objects[i]] -= rankingError / _count;
                Push(gradient, rankingError / above);
            }

            sorting += Sort(i, rank, qualities, epsilon, gradient);
        }

        return _count == 0 ? default : (ranking / _count, sorting / _count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var room in (int[][])[_objects, _order, _background]) ArrayPool<int>.Shared.Return(room);
        foreach (var room in (float[][])[_scores, _relations, _values, _ranks, _backgroundScores, _backgroundRelations]) ArrayPool<float>.Shared.Return(room);
    }

    /// <summary>The sorting error of one object: what stands above it although its quality is lower.</summary>
    private float Sort(int i, float rank, ReadOnlySpan<float> qualities, float epsilon, Span<float> gradient)
    {
        var (all, better, betterSum, worseSum) = (0f, 0f, 0f, 0f);
        for (var k = 0; k < qualities.Length; k++)
        {
            var error = _relations[k] * (1 - qualities[k]);
            all += error;
            if (qualities[k] >= qualities[i]) (better, betterSum) = (better + error, betterSum + _relations[k]);
            else worseSum += _relations[k];
        }

        var sortingError = (all / rank) - (better / betterSum);
        if (worseSum <= epsilon) return sortingError;
        gradient[_objects[i]] -= sortingError / _count;
        for (var k = 0; k < qualities.Length; k++)
        {
            if (qualities[k] < qualities[i]) gradient[_objects[k]] += _relations[k] * sortingError / (worseSum * _count);
        }

        return sortingError;
    }

    /// <summary>How far each other scores above object i, in [0, 1]: the rank among objects, and how much background stands above.</summary>
    private (float Rank, float Above) Relate(int i, float self)
    {
        Relate(Scores, _scores[i], Relations);
        Relate(BackgroundScores, _scores[i], BackgroundRelations);
        _relations[i] = self;
        var (rank, above) = (0f, 0f);
        foreach (var x in Relations) rank += x;
        foreach (var x in BackgroundRelations) above += x;
        return (rank, above);
    }

    private void Relate(ReadOnlySpan<float> scores, float score, Span<float> relations)
    {
        for (var k = 0; k < scores.Length; k++) relations[k] = Math.Clamp(((scores[k] - score) / (2 * _delta)) + 0.5f, 0, 1);
    }

    private void Push(Span<float> gradient, float factor)
    {
        for (var k = 0; k < _backgroundCount; k++) gradient[_background[k]] += _backgroundRelations[k] * factor / _count;
    }

    private static bool IsAmongObjects(float target, float logit, float least) => target == 0 && logit >= least;

    private static T[] Rent<T>(int count) => ArrayPool<T>.Shared.Rent(count);
}
