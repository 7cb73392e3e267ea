namespace Ballast;

internal sealed partial class Location
{
    private const int MostRows = 40;

    public override Finding Conclude(DiagnosisContext context)
    {
        var frame = new Finding
        {
            Id = Id,
            Family = "spatial",
            Subject = "location",
            Verdict = Verdict.CannotTell,
            Headline = UsableObjects.Missing(context) ?? "",
            Meaning = "Places where training shows no objects train only the background there; a detector that has learned the place instead of the object fails when the camera moves.",
        };
        var coarse = context.Counts[CoarseTally];
        var objects = UsableObjects.Of(context.Counts);
        var divergence = Intervals.Centered(coarse, cells => PlaceGrid.Divergence(cells, objects));
        if (frame.Headline.Length > 0) return frame with { Measures = Measures(context, divergence, objects) };

        var judgement = Verdicts.LocationKl.Judge(divergence);
        var few = UsableObjects.TooFew(context, PlaceGrid.FewestObjects);
        return frame with
        {
            Verdict = few is null ? judgement.Verdict : Verdict.CannotTell,
            Headline = few ?? Headline(context, divergence, judgement, objects),
            Deciding = "kl",
            Measures = Measures(context, divergence, objects),
            Figures = Figures(context),
            Tables = context.Classes.Count > 1 ? [ClassTable(context)] : [],
            Remedies = few is null && judgement.Verdict != Verdict.Balanced ? Remedies(context, objects) : [],
        };
    }

    private static string Headline(DiagnosisContext context, Estimate divergence, Judgement judgement, long objects)
    {
        var kl = $"KL {divergence.Value:0.00}, bias-corrected";
        if (judgement.Verdict == Verdict.Balanced) return $"centres spread evenly over the image ({kl})";
        var interval = double.IsFinite(divergence.Low) ? $"; 95 %: {divergence.Low:0.00}-{divergence.High:0.00}" : "";
        var bias = Bias(context.Counts[SumTally]).Value;
        var where = bias switch
        {
            < 0.9 => $"lie {Phrases.Percent(1 - bias)} nearer to the centre of the image than even places would",
            > 1.1 => $"lie {Phrases.Percent(bias - 1)} farther from the centre of the image than even places would",
            _ => "crowd in parts of the image",
        };
        return $"objects {where} ({kl}{interval}){judgement.Doubt(objects, "boxes")}";
    }

    private static List<Measure> Measures(DiagnosisContext context, Estimate divergence, long objects)
    {
        var sums = context.Counts[SumTally];
        var side = PlaceGrid.SideFor(objects);
        var cells = PlaceGrid.Fold(context.Counts[CoarseTally].Values(), side);
        var g = 2 * objects * ImbalanceMeasures.KlToUniform(cells);
        return
        [
            divergence.As("kl", $"KL divergence of centres to uniform on {side} x {side} cells, nats, bias-corrected; 0 is even") with { Label = "KL of centres to even" },
            new("g-test-p", double.IsNaN(g) ? double.NaN : ChiSquare.Survival(g, cells.Length - 1), null, null, "p of the G test against even places, boxes taken as independent (they are not); shown, never decides"),
            Bias(sums).As("centre-bias", "mean distance to the image's centre over that of even places; under 1 is centred"),
            Intervals.OfShare(sums, 2, 0).As("edge-share", $"share of centres in the outer tenth of the image; even places give {UniformEdge:0.00}"),
            Intervals.OfShare(sums, 3, 0).As("touching-edge", "share of boxes within a pixel of the image's edge"),
        ];
    }

    private static Estimate Bias(Tally sums)
    {
        var distance = Intervals.OfShare(sums, 1, 0);
        return new(Scale(distance.Value), Scale(distance.Low), Scale(distance.High));

        static double Scale(double value) => value / DistanceUnit / UniformDistance;
    }

    private static Table ClassTable(DiagnosisContext context)
    {
        var (sums, centers) = (context.Counts[ClassSumTally], context.Counts[ClassTally]);
        var rows = ByCount(context.Counts).Take(MostRows).Select(@class => (IReadOnlyList<string>)
        [
            context.Classes[@class],
            $"{sums[@class, 0]:N0}",
            PlaceGrid.Divergence(CellsOf(centers, @class)) is var kl && double.IsNaN(kl) ? $"under {PlaceGrid.FewestObjects} objects" : $"{kl:0.00}",
            $"{sums[@class, 1] / DistanceUnit / UniformDistance / sums[@class, 0]:0.00}",
            Phrases.Percent((double)sums[@class, 2] / sums[@class, 0]),
            Phrases.Percent((double)sums[@class, 3] / sums[@class, 0]),
        ]);
        return new("places of each class", ["class", "objects", "KL to even", "centre bias", "centres in the outer tenth", "boxes at the edge"], [.. rows]);
    }

    /// <summary>Classes with usable objects, the commonest first.</summary>
    private static IEnumerable<int> ByCount(TallySet counts)
    {
        var sums = counts[ClassSumTally];
        return Enumerable.Range(0, sums.Shape[0]).Where(@class => sums[@class, 0] > 0).OrderByDescending(@class => sums[@class, 0]);
    }

    private static double[] CellsOf(Tally centers, int @class)
    {
        var cells = new double[ClassSide * ClassSide];
        for (var cell = 0; cell < cells.Length; cell++) cells[cell] = centers[(@class * cells.Length) + cell];
        return cells;
    }

    private static List<Figure> Figures(DiagnosisContext context)
    {
        var aspect = ImageAspect(context.Counts);
        List<Figure> figures = [];
        if (context.Overlays.Count == 0) figures.Add(Heat("Where object centres lie", Density(context.Counts[CenterTally].Values()), FineSide, aspect));
        foreach (var each in context.Overlays.Count == 0 ? [] : context.All)
        {
            if (UsableObjects.Of(each.Counts) == 0) continue;
            figures.Add(Heat(each.Name, Density(each.Counts[CenterTally].Values()), FineSide, ImageAspect(each.Counts)) with { Multiples = "where object centres lie" });
        }

        var centers = context.Counts[ClassTally];
        foreach (var @class in Shown(context.Counts))
            figures.Add(Heat(context.Classes[@class], Density(CellsOf(centers, @class)), ClassSide, aspect) with { Multiples = "where the centres of each class lie" });
        return figures;
    }

    /// <summary>The classes drawn apart: all when they are few, else the five commonest and the four rarest of those with enough objects.</summary>
    private static int[] Shown(TallySet counts)
    {
        var sums = counts[ClassSumTally];
        int[] classes = [.. ByCount(counts).Where(@class => sums[@class, 0] >= Verdicts.FewestObjects)];
        return classes.Length < 2 ? [] : classes.Length <= 9 ? classes : [.. classes.Take(5), .. classes.TakeLast(4)];
    }

    private static double[] Density(double[] cells)
    {
        var total = ImbalanceMeasures.Sum(cells);
        return [.. cells.Select(count => count * cells.Length / total)];
    }

    private static HeatFigure Heat(string title, double[] cells, int side, double aspect) => new()
    {
        Title = title,
        XLabel = "from left to right",
        YLabel = "density of centres from top to bottom; 1 is even",
        Columns = [],
        Rows = [],
        Values = [.. cells.Chunk(side)],
        Aspect = aspect,
    };

    /// <summary>Median width / height of the images.</summary>
    private static double ImageAspect(TallySet counts) => LengthScale.Quantile(counts[AspectTally].Values(), 0.5) / ScaleBox.AspectScale;
}
