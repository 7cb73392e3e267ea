namespace Ballast;

/// <summary>One property of two sets of images, compared.</summary>
/// <param name="Name">What is compared: classes, sizes, levels, places, boxes-per-image.</param>
/// <param name="Value">Jensen-Shannon divergence, base 2, in [0, 1], less what sampling alone would give, with its interval.</param>
/// <param name="Noise">What sampling alone would give.</param>
internal sealed record Divergence(string Name, Estimate Value, double Noise)
{
    public const string Classes = "classes";
    public const string Sizes = "sizes";
    public const string Levels = "levels";
    public const string Places = "places";
    public const string PerImage = "boxes-per-image";

    /// <summary>The properties that are compared, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [Classes, Sizes, Levels, Places, PerImage];

    /// <summary>Compares two sets of images in every property; classes are matched by name.</summary>
    public static IReadOnlyList<Divergence> Between(Overlay a, Overlay b, LevelRule levels)
    {
        var (mapA, mapB, union) = Union(a.Classes, b.Classes);
        return
        [
            Of(Classes, a.Counts[ClassForeground.BoxTally], b.Counts[ClassForeground.BoxTally], counts => Spread(counts, mapA, union), counts => Spread(counts, mapB, union)),
            Of(Sizes, a.Counts[ScaleLevel.SizeTally], b.Counts[ScaleLevel.SizeTally]),
            Of(Levels, a.Counts[ScaleLevel.SizeTally], b.Counts[ScaleLevel.SizeTally], counts => levels.Levels(counts), counts => levels.Levels(counts)),
            Of(Places, a.Counts[Location.CoarseTally], b.Counts[Location.CoarseTally]),
            Of(PerImage, a.Counts[DataFinding.PerImageTally], b.Counts[DataFinding.PerImageTally]),
        ];
    }

    private static Divergence Of(string name, Tally a, Tally b) => Of(name, a, b, counts => counts, counts => counts);

    /// <summary>
    /// Sampling makes two halves of the same data differ. How much is seen in how far each set's replicates stray from the set itself: the two add up to what
    /// the divergence would be without a difference, and are taken off it.
    /// </summary>
    private static Divergence Of(string name, Tally a, Tally b, Func<double[], double[]> mapA, Func<double[], double[]> mapB)
    {
        var (wholeA, wholeB) = (mapA(a.Values()), mapB(b.Values()));
        var raw = ImbalanceMeasures.JensenShannon(wholeA, wholeB);
        if (double.IsNaN(raw)) return new(name, new(double.NaN, double.NaN, double.NaN), double.NaN);

        var (countsA, countsB) = (new double[a.Cells], new double[b.Cells]);
        var between = new double[PoissonWeights.Replicates];
        var noise = new double[PoissonWeights.Replicates];
        for (var replicate = 0; replicate < between.Length; replicate++)
        {
            a.Replicate(replicate + 1, countsA);
            b.Replicate(replicate + 1, countsB);
            var (drawnA, drawnB) = (mapA(countsA), mapB(countsB));
            between[replicate] = ImbalanceMeasures.JensenShannon(drawnA, drawnB);
            noise[replicate] = ImbalanceMeasures.JensenShannon(wholeA, drawnA) + ImbalanceMeasures.JensenShannon(wholeB, drawnB);
        }

        var usual = MeanOfFinite(noise);
        var value = Math.Max(0, raw - usual);
        var move = value - MeanOfFinite(between);
        for (var i = 0; i < between.Length; i++) between[i] = Math.Max(0, between[i] + move);
        return new(name, Intervals.FromReplicates(value, between), usual);
    }

    private static double MeanOfFinite(double[] values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Where each class of two lists stands in the list of all their names.</summary>
    private static (int[] A, int[] B, int Count) Union(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] Places(IReadOnlyList<string> names) => [.. names.Select(name => places.TryGetValue(name, out var place) ? place : places[name] = places.Count)];
        var (placesA, placesB) = (Places(a), Places(b));
        return (placesA, placesB, places.Count);
    }

    private static double[] Spread(double[] counts, int[] places, int length)
    {
        var spread = new double[length];
        for (var i = 0; i < counts.Length; i++) spread[places[i]] += counts[i];
        return spread;
    }
}
