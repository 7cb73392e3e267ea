namespace Ballast;

/// <summary>
/// Measures of imbalance over class counts (or any counts). All agree on the ends: uniform counts give ratio 1, Gini 0, CV 0, evenness 1, KL 0; a single non-empty
/// class of K gives Gini (K-1)/K, evenness 0, KL ln K. Counts need not be whole: bootstrap replicates and expected counts are welcome.
/// </summary>
public static class ImbalanceMeasures
{
    /// <summary>Largest over smallest count, over the classes that have any. In [1, inf); NaN without counts.</summary>
    public static double Ratio(ReadOnlySpan<double> counts)
    {
        var (min, max) = (double.PositiveInfinity, 0.0);
        foreach (var count in counts)
        {
            if (count <= 0) continue;
            min = Math.Min(min, count);
            max = Math.Max(max, count);
        }

        return max == 0 ? double.NaN : max / min;
    }

    /// <summary>Gini coefficient: sum_k (2k - K - 1) N_(k) / (K N), counts ascending, k = 1..K. In [0, (K-1)/K].</summary>
    public static double Gini(ReadOnlySpan<double> counts)
    {
        var sorted = counts.ToArray();
        Array.Sort(sorted);
        var (weighted, total) = (0.0, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            weighted += ((2.0 * (i + 1)) - sorted.Length - 1) * sorted[i];
            total += sorted[i];
        }

        return weighted / (sorted.Length * total);
    }

    /// <summary>Coefficient of variation: population standard deviation over mean. In [0, sqrt(K - 1)].</summary>
    public static double VariationCoefficient(ReadOnlySpan<double> counts)
    {
        var mean = Sum(counts) / counts.Length;
        var squares = 0.0;
        foreach (var count in counts) squares += (count - mean) * (count - mean);
        return Math.Sqrt(squares / counts.Length) / mean;
    }

    /// <summary>Shannon entropy in nats: -sum p ln p.</summary>
    public static double Entropy(ReadOnlySpan<double> counts)
    {
        var total = Sum(counts);
        if (total == 0) return double.NaN;
        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count <= 0) continue;
            var p = count / total;
            entropy -= p * Math.Log(p);
        }

        return entropy;
    }

    /// <summary>Shannon evenness (Pielou): H / ln K over all K classes. In [0, 1]; 1 when K = 1.</summary>
    public static double Evenness(ReadOnlySpan<double> counts)
        => counts.Length == 1 ? (counts[0] > 0 ? 1 : double.NaN) : Entropy(counts) / Math.Log(counts.Length);

    /// <summary>Kullback-Leibler divergence to the uniform distribution, nats: ln K - H. In [0, ln K].</summary>
    public static double KlToUniform(ReadOnlySpan<double> counts) => Math.Max(0, Math.Log(counts.Length) - Entropy(counts));

    /// <summary>KL to uniform with the Miller-Madow correction for few counts: minus (K - 1) / 2N, never below 0.</summary>
    public static double KlToUniformCorrected(ReadOnlySpan<double> counts)
        => Math.Max(0, Math.Log(counts.Length) - Entropy(counts) - ((counts.Length - 1) / (2 * Sum(counts))));

    /// <summary>Effective number of classes: exp(H). In [1, K].</summary>
    public static double EffectiveClasses(ReadOnlySpan<double> counts) => Math.Exp(Entropy(counts));

    /// <summary>Jensen-Shannon divergence of two count vectors, base 2. In [0, 1]; NaN when one is empty.</summary>
    public static double JensenShannon(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (totalA, totalB) = (Sum(a), Sum(b));
        if (totalA == 0 || totalB == 0) return double.NaN;
        var divergence = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var (p, q) = (a[i] / totalA, b[i] / totalB);
            var middle = (p + q) / 2;
            if (p > 0) divergence += p * Math.Log2(p / middle) / 2;
            if (q > 0) divergence += q * Math.Log2(q / middle) / 2;
        }

        return Math.Clamp(divergence, 0, 1);
    }

    /// <summary>Sum of the counts.</summary>
    internal static double Sum(ReadOnlySpan<double> counts)
    {
        var sum = 0.0;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
