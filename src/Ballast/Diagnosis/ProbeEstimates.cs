namespace Ballast;

/// <summary>
/// Intervals of what a run's looks inside its steps say: the Poisson bootstrap over looks, each a batch of its own. They tell how much the batches differ, not how much
/// another training would.
/// </summary>
/// <param name="probes">The looks.</param>
/// <param name="seed">The diagnosis' seed.</param>
internal sealed class ProbeEstimates(IReadOnlyList<ProbeLine> probes, int seed)
{
    /// <summary>Number of looks.</summary>
    public int Count => probes.Count;

    /// <summary>The interval of a statistic of numbers that add up over looks; looks whose numbers are not finite are left out.</summary>
    /// <param name="numbers">Of a look; empty where it has none.</param>
    /// <param name="statistic">Of their sums.</param>
    public Estimate Of(Func<ProbeLine, double[]> numbers, Statistic statistic)
    {
        var rows = Rows(numbers);
        if (rows.Count == 0) return new(double.NaN, double.NaN, double.NaN);
        var (values, sums) = (new double[PoissonWeights.Row], new double[rows[0].Numbers.Length]);
        for (var replicate = 0; replicate < values.Length; replicate++)
        {
            Array.Clear(sums);
            foreach (var (row, weights) in rows)
            {
                for (var i = 0; i < sums.Length; i++) sums[i] += weights[replicate] * row[i];
            }

            values[replicate] = statistic(sums);
        }

        var value = values[0];
        return Intervals.FromReplicates(value, values.AsSpan(1));
    }

    /// <summary>The numbers of all looks, added up; empty where there are none.</summary>
    public double[] Sum(Func<ProbeLine, double[]> numbers)
    {
        var rows = Rows(numbers);
        return rows.Count == 0 ? [] : [.. Enumerable.Range(0, rows[0].Numbers.Length).Select(i => rows.Sum(row => row.Numbers[i]))];
    }

    private List<(double[] Numbers, long[] Weights)> Rows(Func<ProbeLine, double[]> numbers)
    {
        var (rows, draw) = (new List<(double[], long[])>(), new PoissonWeights());
        foreach (var probe in probes)
        {
            var row = numbers(probe);
            if (row.Length == 0 || row.Any(number => !double.IsFinite(number)) || (rows.Count > 0 && rows[0].Item1.Length != row.Length)) continue;
            draw.Draw(seed, FormattableString.Invariant($"step {probe.Step}"));
            rows.Add((row, draw.Weights.ToArray()));
        }

        return rows;
    }
}
