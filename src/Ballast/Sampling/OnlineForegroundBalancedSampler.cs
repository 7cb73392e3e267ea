namespace Ballast;

/// <summary>
/// OFB, online foreground balanced sampling (Oksuz et al. 2020, arXiv:1909.09777, section 4.3): when there are more objects than wanted, one of class c is drawn with
/// probability 1 / (classes present x objects of c), without replacement, so that the classes of the batch come out as even as they can. Background is drawn uniformly.
/// </summary>
public sealed record OnlineForegroundBalancedSampler : QuotaSampler
{
    /// <inheritdoc/>
    protected override void WeighPositives(Candidates candidates, Span<int> positives, int wanted, ref RandomState random, Span<float> weights)
    {
        var truths = candidates.Truths;
        var classes = candidates.Classes;
        var most = 0;
        foreach (var @class in classes) most = Math.Max(most, @class);
        var counts = candidates.Counts(most + 1);
        foreach (var i in positives) counts[classes[truths[i]]]++;
        // The largest ln(u) / p of each, p its probability, are a draw without replacement (Efraimidis and Spirakis 2006); the number of classes cancels.
        var keys = candidates.Keys(positives.Length);
        for (var k = 0; k < keys.Length; k++)
        {
            var i = positives[k];
            keys[k] = NonMaximumSuppression.Key((float)(Math.Log(1 - random.Uniform()) * counts[classes[truths[i]]]), i);
        }

        Selection.Smallest(keys, wanted);
        foreach (var key in keys[..wanted]) weights[NonMaximumSuppression.Index(key)] = 1;
    }
}
