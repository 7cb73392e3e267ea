namespace Ballast;

/// <summary>What the counts of <see cref="ScaleBox"/> say, in numbers.</summary>
internal sealed class ScaleNumbers
{
    /// <summary>Most classes in a table or chart.</summary>
    public const int MostRows = 40;

    private readonly Tally _small;
    private readonly Tally _sides;
    private readonly Tally _tiled;
    private readonly Tally _pixels;
    private readonly Tally _classSizes;
    private readonly Tally _coco;
    private readonly double[] _sizes;

    public ScaleNumbers(DiagnosisContext context)
    {
        Profile = context.Profile;
        Classes = context.Classes;
        var counts = context.Counts;
        _small = counts[ScaleBox.SmallTally];
        _sides = counts[ScaleBox.SidesTally];
        _tiled = counts[ScaleBox.TiledTally];
        _pixels = counts[ScaleBox.PixelsTally];
        _classSizes = counts[ScaleBox.ClassSizeTally];
        _coco = counts[ScaleBox.CocoTally];
        _sizes = counts[ScaleBox.ResizedTally].RowOf(2);
        Objects = UsableObjects.Of(counts);
        Under = [Share(1), Share(2), Share(3)];
        Elongated = Share(4);
        ClassesBySmallest = [.. Enumerable.Range(0, Classes.Count).Where(@class => ClassCount(@class) > 0)
            .OrderByDescending(@class => (double)_small[@class, 2] / _small[@class, 0]).ThenByDescending(ClassCount)];
        Worst = ClassesBySmallest.FirstOrDefault(@class => ClassCount(@class) >= Verdicts.FewestObjects, -1);
        WorstUnder16 = Worst < 0 ? new(double.NaN, double.NaN, double.NaN) : ClassShare(Worst, 2);
    }

    public DetectorProfile Profile { get; }

    public IReadOnlyList<string> Classes { get; }

    /// <summary>Objects whose size is known.</summary>
    public long Objects { get; }

    /// <summary>Shares of objects under 8, 16, 32 px.</summary>
    public Estimate[] Under { get; }

    public Estimate Elongated { get; }

    /// <summary>Classes with objects, those with the largest share under 16 px first.</summary>
    public IReadOnlyList<int> ClassesBySmallest { get; }

    /// <summary>The class with the largest share under 16 px among those with enough objects, or -1.</summary>
    public int Worst { get; }

    public Estimate WorstUnder16 { get; }

    /// <summary>Whether one class is worse off than all objects together.</summary>
    public bool ClassDecides { get; private set; }

    /// <summary>Standard deviation of log2 of the size, octaves.</summary>
    public double SpreadInOctaves
    {
        get
        {
            var (mean, squares) = (0.0, 0.0);
            for (var bin = 0; bin < _sizes.Length; bin++) mean += _sizes[bin] / Objects * Math.Log2(LengthScale.Middle(bin));
            for (var bin = 0; bin < _sizes.Length; bin++) squares += _sizes[bin] / Objects * Math.Pow(Math.Log2(LengthScale.Middle(bin)) - mean, 2);
            return Math.Sqrt(squares);
        }
    }

    public long ClassCount(int @class) => _small[@class, 0];

    /// <summary>The worse of two verdicts: tiny objects in all, small objects in the worst class.</summary>
    public Judgement Judge()
    {
        var all = Verdicts.TinyFraction.Judge(Under[0]);
        if (Worst < 0) return all;
        var worst = Verdicts.SmallFraction.Judge(WorstUnder16);
        var both = Judgement.WorseOf(all, worst);
        ClassDecides = both != all;
        return both;
    }

    /// <summary>The share of a class's objects in a column of <see cref="ScaleBox.SmallTally"/>.</summary>
    public Estimate ClassShare(int @class, int column)
        => Intervals.OfShare(_small, (@class * ScaleBox.Columns) + column, @class * ScaleBox.Columns);

    public Estimate Coco(int row, int bin)
        => Intervals.Of(_coco, counts => counts[(row * 3) + bin] / (counts[row * 3] + counts[(row * 3) + 1] + counts[(row * 3) + 2]));

    /// <summary>The size below which a share of the objects lies, pixels; of one class, or of all.</summary>
    public double Quantile(double share, int @class = -1) => LengthScale.Quantile(@class < 0 ? _sizes : _classSizes.RowOf(@class), share);

    /// <summary>Share of objects (of one class, or of all) under a limit at one of <see cref="ScaleBox.Sides"/>.</summary>
    public double UnderAt(int side, int limit, int @class = -1) => ShareOf(_sides, (side * ScaleBox.Limits.Length) + limit, @class);

    /// <summary>Share of objects under a limit when images are cut in tiles.</summary>
    public double UnderTiled(int limit, int @class = -1) => ShareOf(_tiled, limit, @class);

    /// <summary>Share of objects longer than a tile.</summary>
    public double CutByTiles => ShareOf(_tiled, ScaleBox.Limits.Length, -1);

    /// <summary>Tiles for one image, and how many times the pixels they are.</summary>
    public (double Tiles, double Pixels) CostOfTiles(long images) => ((double)_pixels[1] / images, (double)_pixels[2] / _pixels[0]);

    private Estimate Share(int column) => Intervals.Of(_small, counts =>
    {
        var (part, whole) = (0.0, 0.0);
        for (var row = 0; row < counts.Length; row += ScaleBox.Columns) (part, whole) = (part + counts[row + column], whole + counts[row]);
        return part / whole;
    });

    private double ShareOf(Tally tally, int column, int @class)
    {
        if (@class >= 0) return (double)tally[@class, column] / _small[@class, 0];
        var sum = 0L;
        for (var row = 0; row < tally.Shape[0]; row++) sum += tally[row, column];
        return (double)sum / Objects;
    }
}
