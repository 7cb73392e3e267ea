namespace Ballast;

/// <summary>One property of a data set that may have drifted.</summary>
/// <param name="Name">classes, sizes, levels, places, boxes-per-image or flaws.</param>
/// <param name="Divergence">Jensen-Shannon divergence, base 2, in [0, 1], less what sampling alone would give; NaN where one of the two has nothing to compare.</param>
/// <param name="Low">2.5 % bound, or NaN.</param>
/// <param name="High">97.5 % bound, or NaN.</param>
/// <param name="Noise">What sampling alone would give; it is taken off already.</param>
public sealed record DriftMeasure(string Name, double Divergence, double Low, double High, double Noise);

/// <summary>How far a data set has moved from an earlier summary of it.</summary>
/// <param name="Measures">Each property.</param>
public sealed record Drift(IReadOnlyList<DriftMeasure> Measures)
{
    /// <summary>The largest divergence of all properties: what a gate's <c>drift</c> rule goes by; NaN when nothing can be compared.</summary>
    public double Largest => Measures.Select(measure => measure.Divergence).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    /// <summary>The property that drifted most, or null when nothing can be compared.</summary>
    public DriftMeasure? Most => Measures.Where(measure => double.IsFinite(measure.Divergence)).MaxBy(measure => measure.Divergence);

    /// <summary>Compares two summaries; classes are matched by name.</summary>
    /// <exception cref="InputException">They were made for different detector profiles, so sizes and levels cannot be compared.</exception>
    public static Drift Between(DatasetSummary baseline, DatasetSummary now)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(now);
        if (Census.ProfileOf(baseline.Key.Profile) != Census.ProfileOf(now.Key.Profile))
            throw new InputException("The baseline was made for another detector profile or input side, so sizes cannot be compared. Diagnose with the baseline's --profile and --input-side.");
        var divergences = Divergence.Between(new("baseline", baseline.Classes, Complete(baseline)), new("now", now.Classes, Complete(now)), LevelRule.Usual);
        return new([.. divergences.Select(each => new DriftMeasure(each.Name, each.Value.Value, each.Value.Low, each.Value.High, each.Noise)), OfFlaws(baseline, now)]);
    }

    /// <summary>Flaws by kind beside boxes without: how many there are to a box, and of which kinds. They are not resampled, so there is no interval.</summary>
    private static DriftMeasure OfFlaws(DatasetSummary baseline, DatasetSummary now)
    {
        string[] codes = [.. baseline.Flaws.Keys.Union(now.Flaws.Keys).Order(StringComparer.Ordinal)];
        double[] Vector(DatasetSummary summary)
            => [.. codes.Select(code => (double)summary.Flaws.GetValueOrDefault(code)), summary.Whole[ClassForeground.BoxTally].Total() + summary.Images];
        return new("flaws", ImbalanceMeasures.JensenShannon(Vector(baseline), Vector(now)), double.NaN, double.NaN, 0);
    }

    private static TallySet Complete(DatasetSummary summary)
    {
        string[] needed = [ClassForeground.BoxTally, ScaleLevel.SizeTally, Location.CoarseTally, DataFinding.PerImageTally];
        var missing = needed.FirstOrDefault(name => !summary.Whole.Has(name));
        return missing is null ? summary.Whole : throw new InputException($"The summary has no counts named '{missing}'. Make it again with 'ballast diagnose --save'.");
    }
}
