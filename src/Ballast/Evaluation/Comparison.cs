namespace Ballast;

/// <summary>
/// Whether detectors differ: a bootstrap on two levels, images (drawn alike for every detector, since all were measured on them) and seeds, Holm's correction over
/// the many secondary figures, and one primary endpoint named beforehand.
/// </summary>
public sealed class Comparison
{
    /// <summary>Runs a side under which nothing is said beyond these images.</summary>
    public const int FewestRuns = 3;

    private const double Level = 0.05;

    private Comparison(IReadOnlyList<ComparedPair> pairs, string primary, FrequencyGroups groups) => (Pairs, Primary, Groups) = (pairs, primary, groups);

    /// <summary>Every pair of detectors, in the order they were given.</summary>
    public IReadOnlyList<ComparedPair> Pairs { get; }

    /// <summary>Name of the endpoint that decides.</summary>
    public string Primary { get; }

    /// <summary>How classes were grouped.</summary>
    public FrequencyGroups Groups { get; }

    /// <summary>Compares detectors on a truth.</summary>
    /// <exception cref="InputException">There are fewer than two detectors, one has no detections table, or the primary endpoint does not exist.</exception>
    public static Comparison Of(DetectionDataset truth, IReadOnlyList<ComparedDetector> detectors, ComparisonOptions? options = null)
    {
        options ??= new();
        if (detectors.Count < 2) throw new InputException($"{detectors.Count} detector is nothing to compare; give two or more.");
        var groups = options.Groups ?? FrequencyGroups.By(truth);
        var (done, all) = (0, detectors.Sum(detector => detector.Runs.Count));
        var sides = detectors.Select(detector => ComparedSide.Of(truth, detector, options, () => options.Progress?.Report((double)++done / all))).ToArray();
        var endpoints = ComparisonEndpoint.All(sides[0].First, groups);
        var primary = ComparisonEndpoint.Primary(endpoints, options.Primary, groups);
        var pairs = new List<(string First, string Second, Tested Primary, ComparedFigure[] Others)>();
        for (var a = 0; a < sides.Length; a++)
        {
            for (var b = a + 1; b < sides.Length; b++)
            {
                var figures = endpoints.Where(endpoint => endpoint != primary).Select(endpoint => Compare(endpoint, sides[a], sides[b], truth)).ToArray();
                pairs.Add((detectors[a].Name, detectors[b].Name, Compare(primary, sides[a], sides[b], truth), Corrected(figures)));
            }
        }

        var decided = Corrected([.. pairs.Select(pair => pair.Primary)]);
        return new([.. pairs.Select((pair, i) => new ComparedPair(pair.First, pair.Second, decided[i], [.. pair.Others]))], primary.Name, groups);
    }

    private static Tested Compare(ComparisonEndpoint endpoint, ComparedSide a, ComparedSide b, DetectionDataset truth)
    {
        var (first, second) = (a.Values(endpoint), b.Values(endpoint));
        var difference = second.Average() - first.Average();
        var nothing = new ComparedFigure(
            endpoint.Name,
            first.Average(),
            second.Average(),
            difference,
            double.NaN,
            double.NaN,
            double.NaN,
            ComparisonVerdict.CannotTell,
            ComparisonVerdict.CannotTell,
            double.NaN,
            endpoint.Objects);
        if (double.IsNaN(difference) || endpoint.Objects < FigureInterval.FewestObjects || endpoint.Images < FigureInterval.FewestImages) return new(nothing, double.NaN);
        var usual = truth.Images.Count >= FigureInterval.UsualImages && endpoint.Objects >= FigureInterval.UsualObjects;
        var widening = usual ? 1 : Math.Sqrt(endpoint.Images / (endpoint.Images - 1.0));
        var ofImages = widening * FigureInterval.Deviation(Differences(a.ImageReplicates(endpoint), b.ImageReplicates(endpoint)));
        var ofBoth = widening * FigureInterval.Deviation(Differences(a.Replicates(endpoint), b.Replicates(endpoint)));
        if (double.IsNaN(ofImages) || double.IsNaN(ofBoth)) return new(nothing, double.NaN);
        var imageDegrees = usual ? double.PositiveInfinity : endpoint.Images - 1.0;
        var degrees = Satterthwaite(ofBoth, ofImages, imageDegrees, first.Length + second.Length - 2);
        var reach = Reach(ofBoth, degrees);
        var enough = first.Length >= FewestRuns && second.Length >= FewestRuns;
        var figure = nothing with
        {
            Low = difference - reach,
            High = difference + reach,
            PValue = Chance(difference, ofBoth, degrees),
            OnTheseImages = Judge(difference, Reach(ofImages, imageDegrees)),
            BeyondTheseImages = enough && RunsAgree(first, second) ? Judge(difference, reach) : ComparisonVerdict.CannotTell,
            Resolvable = reach + (StudentT.Normal80 * ofBoth),
        };
        return new(figure, Chance(difference, ofImages, imageDegrees));
    }

    /// <summary>Verdicts after Holm's correction, for these images and beyond them apart: what it makes too likely to be chance can no longer be told.</summary>
    private static ComparedFigure[] Corrected(Tested[] tested)
    {
        var here = Holm(Array.ConvertAll(tested, test => test.ChanceHere));
        var beyond = Holm(Array.ConvertAll(tested, test => test.Figure.PValue));
        return [.. tested.Select((test, i) => test.Figure with
        {
            PValue = beyond[i],
            OnTheseImages = here[i] < Level ? test.Figure.OnTheseImages : ComparisonVerdict.CannotTell,
            BeyondTheseImages = beyond[i] < Level ? test.Figure.BeyondTheseImages : ComparisonVerdict.CannotTell,
        })];
    }

    /// <summary>Holm's step-down correction (1979); NaN stays out.</summary>
    private static double[] Holm(double[] chances)
    {
        var corrected = (double[])chances.Clone();
        var order = Enumerable.Range(0, chances.Length).Where(i => !double.IsNaN(chances[i])).OrderBy(i => chances[i]).ToArray();
        var largest = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, chances[order[rank]] * (order.Length - rank)));
            corrected[order[rank]] = largest;
        }

        return corrected;
    }

    private static double Chance(double difference, double error, double degrees)
        => error > 0 ? StudentT.TwoSided(difference / error, degrees) : difference == 0 ? 1 : 0;

    private static double Reach(double error, double degrees) => error == 0 ? 0 : error * StudentT.Quantile975(degrees);

    private static ComparisonVerdict Judge(double difference, double reach)
        => difference - reach > 0 ? ComparisonVerdict.Better : difference + reach < 0 ? ComparisonVerdict.Worse : ComparisonVerdict.CannotTell;

    /// <summary>Degrees of freedom of a variance that is the sum of two (Welch and Satterthwaite): of images, and of seeds.</summary>
    private static double Satterthwaite(double error, double images, double imageDegrees, int seedDegrees)
    {
        var seeds = (error * error) - (images * images);
        if (seedDegrees == 0 || seeds <= 0) return imageDegrees;
        var ofImages = double.IsInfinity(imageDegrees) ? 0 : Math.Pow(images, 4) / imageDegrees;
        return Math.Pow(error, 4) / (ofImages + (seeds * seeds / seedDegrees));
    }

    /// <summary>Whether every run of one side moves the same way: run by run where both sides have as many, else against the other side's mean.</summary>
    private static bool RunsAgree(double[] first, double[] second)
    {
        var signs = first.Length == second.Length
            ? first.Zip(second, (a, b) => Math.Sign(b - a))
            : first.Select(a => Math.Sign(second.Average() - a)).Concat(second.Select(b => Math.Sign(b - first.Average())));
        return signs.Distinct().Count() == 1;
    }

    private static double[] Differences(double[] first, double[] second)
    {
        var differences = new double[first.Length];
        for (var r = 0; r < differences.Length; r++) differences[r] = second[r] - first[r];
        return differences;
    }

    /// <summary>A figure before correction, and the chance of its difference when only images are drawn again.</summary>
    private sealed record Tested(ComparedFigure Figure, double ChanceHere);
}
