namespace Ballast;

internal sealed partial class ScaleBox
{
    private const int MostCurves = 6;

    private static List<Figure> Figures(DiagnosisContext context, ScaleNumbers sizes)
    {
        List<Figure> figures = [PixelFigure(context, sizes)];
        if (UnderFigure(sizes) is { } under) figures.Add(under);
        figures.AddRange(RelativeFigures(context));
        figures.Add(SidesFigure(sizes));
        figures.Add(AspectFigure(context));
        return figures;
    }

    /// <summary>Sizes after the resize on log2 pixels, with the anchors' ends and the levels' ranges marked.</summary>
    private static HistogramFigure PixelFigure(DiagnosisContext context, ScaleNumbers sizes)
    {
        var anchors = context.Profile.Anchors;
        var below = LengthScale.Quantile(context.Counts[ResizedTally].RowOf(2), 0.5) < anchors.SmallestSize;
        List<Mark> marks = [new(anchors.SmallestSize, "smallest anchor"), new(anchors.LargestSize, "largest anchor")];
        var rule = new LevelRule(context.Profile);
        for (var level = 1; level < rule.Count; level++) marks.Add(new(rule.LowerSide(level), $"{rule.Names[level - 1]} | {rule.Names[level]}"));
        var rows = context.Overlays.Count > 0 ? OverlaySizes(context) : ClassSizes(context, sizes);
        var (first, last) = Occupied(rows.Select(row => row.Values));
        return new()
        {
            Title = below ? "Half of the objects are smaller than the smallest anchor" : $"Object sizes at input side {context.Profile.Input}",
            XLabel = "square root of the box area after the resize, px",
            YLabel = context.Overlays.Count > 0 ? "share of objects" : "objects",
            Edges = [.. LengthScale.Edges.Skip(first).Take(last - first + 2)],
            Series = [.. rows.Select(row => row with { Values = [.. row.Values.Skip(first).Take(last - first + 1)] })],
            Marks = [.. marks.Where(mark => mark.At > LengthScale.Edges[first] && mark.At < LengthScale.Edges[last + 1])],
            LogX = true,
        };
    }

    private static List<Series> ClassSizes(DiagnosisContext context, ScaleNumbers sizes)
    {
        var classSizes = context.Counts[ClassSizeTally];
        if (sizes.ClassesBySmallest.Count is < 2 or > MostCurves) return [new("objects", Inner(context.Counts[ResizedTally].RowOf(2)))];
        return [.. sizes.ClassesBySmallest.Order().Select(@class => new Series(context.Classes[@class], Inner(classSizes.RowOf(@class))) { Class = @class })];
    }

    private static List<Series> OverlaySizes(DiagnosisContext context)
        => [.. context.All.Select(each => new Series(each.Name, Shares(Inner(each.Counts[ResizedTally].RowOf(2)))))];

    /// <summary>The bins between the edges; what lies outside is put into the outermost.</summary>
    private static double[] Inner(double[] counts)
    {
        var inner = counts[1..^1];
        inner[0] += counts[0];
        inner[^1] += counts[^1];
        return inner;
    }

    private static double[] Shares(double[] counts)
    {
        var total = ImbalanceMeasures.Sum(counts);
        return total == 0 ? counts : [.. counts.Select(count => count / total)];
    }

    /// <summary>First and last bin that any row has a count in, with one empty bin on either side.</summary>
    private static (int First, int Last) Occupied(IEnumerable<IReadOnlyList<double>> rows)
    {
        var (first, last) = (int.MaxValue, 0);
        foreach (var row in rows)
        {
            for (var bin = 0; bin < row.Count; bin++)
            {
                if (row[bin] > 0) (first, last) = (Math.Min(first, bin), Math.Max(last, bin));
            }
        }

        return (Math.Max(0, first - 1), Math.Min(LengthScale.Edges.Count - 2, last + 1));
    }

    private static BarFigure? UnderFigure(ScaleNumbers sizes)
    {
        var classes = sizes.ClassesBySmallest.Take(MostBars).ToArray();
        if (classes.Length < 2) return null;
        return new()
        {
            Title = sizes.ClassesBySmallest.Count > classes.Length ? $"The {classes.Length} classes with the most small objects" : "Small objects of each class",
            XLabel = $"share of the class's objects at input side {sizes.Profile.Input}",
            Categories = [.. classes.Select(@class => sizes.Classes[@class])],
            Series = [.. Limits.Select((limit, i) =>
            {
                var shares = classes.Select(@class => sizes.ClassShare(@class, i + 1)).ToArray();
                return new Series($"under {limit} px", [.. shares.Select(share => share.Value)]) { Low = [.. shares.Select(share => share.Low)], High = [.. shares.Select(share => share.High)] };
            })],
            Percent = true,
        };
    }

    /// <summary>The article's figure 7: width, height and area as fractions of the image, as densities.</summary>
    private static IEnumerable<HistogramFigure> RelativeFigures(DiagnosisContext context)
    {
        string[] names = ["width", "height", "area"];
        double[] edges = [.. Enumerable.Range(0, RelativeBins + 1).Select(i => (double)i / RelativeBins)];
        if (context.Overlays.Count == 0)
        {
            yield return Relative("Box width, height and area in the image", "fraction of the image", names.Select((name, i) => new Series(name, Density(context.Counts, i))));
            yield break;
        }

        for (var i = 0; i < names.Length; i++)
        {
            var row = i;
            yield return Relative($"Box {names[i]} in the image", $"{names[i]} / image {names[i]}", context.All.Select(each => new Series(each.Name, Density(each.Counts, row))));
        }

        HistogramFigure Relative(string title, string label, IEnumerable<Series> series)
            => new() { Title = title, XLabel = label, YLabel = "density", Edges = edges, Series = [.. series], LogY = true };
    }

    private static double[] Density(TallySet counts, int row) => [.. Shares(counts[RelativeTally].RowOf(row)).Select(share => share * RelativeBins)];

    private static CurveFigure SidesFigure(ScaleNumbers sizes) => new()
    {
        Title = "Small objects against the input side",
        XLabel = "shorter side of the input, px",
        YLabel = "share of objects",
        X = [.. Sides.Select(side => (double)side)],
        Series = [.. Limits.Select((limit, i) => new Series($"under {limit} px", [.. Sides.Select((_, side) => sizes.UnderAt(side, i))]))],
        Marks = [new(sizes.Profile.Input.Short, "now")],
        LogX = true,
    };

    private static HistogramFigure AspectFigure(DiagnosisContext context)
    {
        var rows = context.All.Select(each => new Series(each.Name, Shares(Inner(each.Counts[AspectTally].Values())))).ToArray();
        var (first, last) = Occupied(rows.Select(row => row.Values));
        return new()
        {
            Title = "Aspect of the boxes",
            XLabel = "width / height",
            YLabel = "share of objects",
            Edges = [.. LengthScale.Edges.Skip(first).Take(last - first + 2).Select(edge => edge / AspectScale)],
            Series = [.. rows.Select(row => row with { Values = [.. row.Values.Skip(first).Take(last - first + 1)] })],
            Marks = [.. new Mark[] { new(1 / 3.0, "1 : 3"), new(3, "3 : 1") }.Where(mark => mark.At * AspectScale > LengthScale.Edges[first] && mark.At * AspectScale < LengthScale.Edges[last + 1])],
            LogX = true,
        };
    }
}
