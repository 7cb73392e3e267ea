namespace Ballast;

/// <summary>The class counts of a data set as the parts of the class finding look at them: sorted, grouped, with estimates.</summary>
internal sealed class ClassView
{
    public const string RareGroup = "rare";
    public const string CommonGroup = "common";
    public const string FrequentGroup = "frequent";
    private const long MostRareImages = 10;
    private const long MostCommonImages = 100;
    private readonly Tally _boxTally;

    public ClassView(DiagnosisContext context)
    {
        Context = context;
        _boxTally = context.Counts[ClassForeground.BoxTally];
        Boxes = _boxTally.Values();
        ImagesOf = context.Counts[ClassForeground.ImageTally].Values();
        Total = (long)ImbalanceMeasures.Sum(Boxes);
        Order = [.. Enumerable.Range(0, Boxes.Length).OrderByDescending(c => Boxes[c]).ThenBy(c => c)];
        Present = Boxes.Count(count => count > 0);
        Empty = [.. Enumerable.Range(0, Boxes.Length).Where(c => Boxes[c] == 0).Select(Name)];
        Ratio = Intervals.Of(_boxTally, RatioOfPresent);
        Evenness = Centered(ImbalanceMeasures.Evenness, 0, 1);
    }

    public DiagnosisContext Context { get; }

    /// <summary>Objects of each class, [K].</summary>
    public double[] Boxes { get; }

    /// <summary>Images with the class, [K].</summary>
    public double[] ImagesOf { get; }

    /// <summary>All objects of known class.</summary>
    public long Total { get; }

    public long Images => Context.Images;

    /// <summary>Classes from the commonest to the rarest; those without a box last.</summary>
    public int[] Order { get; }

    /// <summary>Classes that have a box.</summary>
    public int Present { get; }

    /// <summary>Names of the classes without a box.</summary>
    public IReadOnlyList<string> Empty { get; }

    public Estimate Ratio { get; }

    public Estimate Evenness { get; }

    public string Name(int @class) => Context.Classes[@class];

    /// <summary>The interval of one class's count.</summary>
    public Estimate CountOf(int @class) => Intervals.OfCount(_boxTally, @class);

    public Measure Of(string name, Statistic statistic, string meaning) => Intervals.Of(_boxTally, statistic).As(name, meaning);

    /// <summary>A statistic with the small-count bias of its replicates taken out, kept in its range.</summary>
    public Estimate Centered(Statistic statistic, double least, double most)
    {
        var estimate = Intervals.Centered(_boxTally, statistic);
        return estimate with { Low = Math.Clamp(estimate.Low, least, most), High = Math.Clamp(estimate.High, least, most) };
    }

    /// <summary>LVIS frequency group of a class by the number of its images; empty for a class without a box.</summary>
    public string GroupOf(int @class) => (long)ImagesOf[@class] switch
    {
        0 => "",
        <= MostRareImages => RareGroup,
        <= MostCommonImages => CommonGroup,
        _ => FrequentGroup,
    };

    public int InGroup(string group) => Enumerable.Range(0, Boxes.Length).Count(c => GroupOf(c) == group);

    /// <summary>Largest count over the median count; infinite when the median class is empty.</summary>
    public static double MedianRatio(ReadOnlySpan<double> counts)
    {
        var sorted = counts.ToArray();
        Array.Sort(sorted);
        if (sorted.Length == 0 || sorted[^1] == 0) return double.NaN;
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return sorted[^1] / median;
    }

    /// <summary>The ratio over the classes that have boxes in the data; a replicate in which one of them is not drawn counts as infinite.</summary>
    private double RatioOfPresent(ReadOnlySpan<double> counts)
    {
        var (least, most) = (double.PositiveInfinity, 0.0);
        for (var c = 0; c < counts.Length; c++)
        {
            if (Boxes[c] == 0) continue;
            least = Math.Min(least, counts[c]);
            most = Math.Max(most, counts[c]);
        }

        return most == 0 ? double.NaN : most / least;
    }
}
