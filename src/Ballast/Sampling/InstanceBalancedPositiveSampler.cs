namespace Ballast;

/// <summary>
/// Instance-balanced sampling of objects (Pang et al. 2019, Libra R-CNN, arXiv:1904.02701): an equal quota of candidates for each truth that has any, so that large
/// objects, which many candidates match, do not crowd out small ones. Quotas that fall short are filled at random, and trimmed at random to what is wanted.
/// Background is drawn uniformly.
/// </summary>
public sealed record InstanceBalancedPositiveSampler : QuotaSampler
{
    /// <inheritdoc/>
    protected override void WeighPositives(Candidates candidates, Span<int> positives, int wanted, ref RandomState random, Span<float> weights)
    {
        var ends = candidates.Counts(candidates.Classes.Length + 1);
        var sorted = ByTruth(candidates, positives, ends, out var present);
        var quota = (int)Math.Round((double)wanted / present, MidpointRounding.ToEven) + 1;
        // What the quotas choose comes to the front of positives, what they leave behind it.
        var (chosen, left, start) = (0, positives.Length, 0);
        foreach (var end in ends[..^1])
        {
            var own = sorted[start..end];
            var count = Math.Min(quota, own.Length);
            if (count < own.Length) random.Draw(own, count);
            own[..count].CopyTo(positives[chosen..]);
            own[count..].CopyTo(positives[(left - own.Length + count)..]);
            (chosen, left, start) = (chosen + count, left - own.Length + count, end);
        }

        TakeAtRandom(positives[..chosen], wanted, ref random, weights);
        if (chosen < wanted) TakeAtRandom(positives[chosen..], wanted - chosen, ref random, weights);
    }

    /// <summary>The objects, truth after truth, and where each truth's end.</summary>
    private static Span<int> ByTruth(Candidates candidates, ReadOnlySpan<int> positives, Span<int> ends, out int present)
    {
        var truths = candidates.Truths;
        foreach (var i in positives) ends[truths[i] + 1]++;
        present = 0;
        for (var truth = 1; truth < ends.Length; truth++)
        {
            present += ends[truth] > 0 ? 1 : 0;
            ends[truth] += ends[truth - 1];
        }

        // Placing moves each truth's start on to its end.
        var sorted = candidates.Sorted(positives.Length);
        foreach (var i in positives) sorted[ends[truths[i]]++] = i;
        return sorted;
    }
}
