namespace Ballast.Training;

/// <summary>
/// The ranking losses on spans: their value, and the gradient that is given by error-driven update instead of derived (Chen et al. 2019, arXiv:1904.06373).
/// Targets above 0 are objects, 0 is background, below 0 is left out. Gradients are written over.
/// </summary>
internal sealed class Ranking
{
    private readonly int[] _objects;
    private readonly int[] _background;
    private readonly float[] _scores;
    private readonly float[] _backgroundScores;
    private readonly float[] _relations;
    private readonly float[] _backgroundRelations;
    private readonly float _delta;

    /// <summary>Sorts out who takes part: background that scores under every object by delta or more changes nothing.</summary>
    /// <param name="logits">All (candidate, class) pairs of the batch.</param>
    /// <param name="targets">Of the same length.</param>
    /// <param name="delta">Half the width of the step that stands for "scores higher".</param>
    public Ranking(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, float delta)
    {
        _delta = delta;
        _objects = Where(targets, static (target, _, _) => target > 0, logits, 0);
        _scores = Pick(logits, _objects);
        var least = _scores.Length == 0 ? float.PositiveInfinity : _scores.Min() - delta;
        _background = Where(targets, static (target, logit, least) => target == 0 && logit >= least, logits, least);
        _backgroundScores = Pick(logits, _background);
        (_relations, _backgroundRelations) = (new float[_objects.Length], new float[_background.Length]);
        Order = [.. Enumerable.Range(0, _objects.Length).OrderBy(i => _scores[i])];
    }

    /// <summary>Indices of the objects among the pairs.</summary>
    public ReadOnlySpan<int> Objects => _objects;

    /// <summary>The objects by rising score.</summary>
    public IReadOnlyList<int> Order { get; }

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
            gradient[_objects[i]] = -(1 - most) / _objects.Length;
            sum += most;
        }

        return _objects.Length == 0 ? 0 : 1 - (sum / _objects.Length);
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
            gradient[_objects[i]] = -error / _objects.Length;
            Push(gradient, error / above);
        }

        return _objects.Length == 0 ? 0 : 1 - (precision / _objects.Length);
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
                gradient[_objects[i]] -= rankingError / _objects.Length;
                Push(gradient, rankingError / above);
            }

            sorting += Sort(i, rank, qualities, epsilon, gradient);
        }

        return _objects.Length == 0 ? default : (ranking / _objects.Length, sorting / _objects.Length);
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
        gradient[_objects[i]] -= sortingError / _objects.Length;
        for (var k = 0; k < qualities.Length; k++)
        {
            if (qualities[k] < qualities[i]) gradient[_objects[k]] += _relations[k] * sortingError / (worseSum * _objects.Length);
        }

        return sortingError;
    }

    /// <summary>How far each other scores above object i, in [0, 1]: the rank among objects, and how much background stands above.</summary>
    private (float Rank, float Above) Relate(int i, float self)
    {
        Relate(_scores, _scores[i], _relations);
        Relate(_backgroundScores, _scores[i], _backgroundRelations);
        _relations[i] = self;
        var (rank, above) = (0f, 0f);
        foreach (var x in _relations) rank += x;
        foreach (var x in _backgroundRelations) above += x;
        return (rank, above);
    }

    private void Relate(float[] scores, float score, float[] relations)
    {
        for (var k = 0; k < scores.Length; k++) relations[k] = Math.Clamp(((scores[k] - score) / (2 * _delta)) + 0.5f, 0, 1);
    }

    private void Push(Span<float> gradient, float factor)
    {
        for (var k = 0; k < _background.Length; k++) gradient[_background[k]] += _backgroundRelations[k] * factor / _objects.Length;
    }

    private static int[] Where(ReadOnlySpan<float> targets, Func<float, float, float, bool> takes, ReadOnlySpan<float> logits, float least)
    {
        var found = new List<int>();
        for (var i = 0; i < targets.Length; i++)
        {
            if (takes(targets[i], logits[i], least)) found.Add(i);
        }

        return [.. found];
    }

    private static float[] Pick(ReadOnlySpan<float> values, int[] indices)
    {
        var picked = new float[indices.Length];
        for (var i = 0; i < indices.Length; i++) picked[i] = values[indices[i]];
        return picked;
    }
}
