namespace Ballast;

/// <summary>The charts and tables of the class finding.</summary>
internal static class ClassFigures
{
    private const int MostBars = 60;
    private const int MostInMatrix = 24;
    private const double LogFrom = 30;

    public static IReadOnlyList<Figure> Of(ClassView view)
    {
        if (view.Total == 0) return [];
        var figures = new List<Figure> { Frequencies(view), PerImage(view), ObjectsPerImage(view) };
        if (view.Present > 1) figures.Add(Lift(view));
        if (view.Context.Overlays.Count > 0) figures.Add(Shares(view));
        return figures;
    }

    public static IReadOnlyList<Table> Tables(ClassView view)
        => view.Present > 1 ? [Classes(view), Tied(view)] : view.Boxes.Length > 0 ? [Classes(view)] : [];

    private static BarFigure Frequencies(ClassView view)
    {
        var shown = Shown(view, MostBars);
        var counts = shown.Select(view.CountOf).ToArray();
        return new()
        {
            Title = view.Present > 1 ? $"{view.Name(view.Order[0])} leads, {view.Name(view.Order[view.Present - 1])} trails" : "Boxes and images of each class",
            XLabel = "boxes, images",
            Categories = [.. shown.Select(view.Name)],
            Series =
            [
                new("boxes", [.. counts.Select(count => count.Value)]) { Low = [.. counts.Select(count => count.Low)], High = [.. counts.Select(count => count.High)] },
                new("images", [.. shown.Select(c => view.ImagesOf[c])]),
            ],
            Log = view.Ratio.Value > LogFrom,
        };
    }

    private static BarFigure PerImage(ClassView view)
    {
        var shown = Shown(view, MostBars);
        var series = new List<Series> { new("boxes", [.. shown.Select(c => view.Boxes[c] / view.Images)]) };
        if (view.Context.Counts.Has(ClassBackground.ClassTally))
        {
            var positives = view.Context.Counts[ClassBackground.ClassTally];
            series.Add(new("positive anchors", [.. shown.Select(c => positives[c] / (double)view.Images)]));
        }

        return new()
        {
            Title = "What an average image holds of each class",
            XLabel = "per image",
            Categories = [.. shown.Select(view.Name)],
            Series = series,
            Log = ImbalanceMeasures.Ratio([.. series.SelectMany(row => row.Values)]) > LogFrom,
        };
    }

    private static BarFigure ObjectsPerImage(ClassView view)
    {
        var tally = view.Context.Counts[ClassForeground.PerImageTally];
        var last = Enumerable.Range(0, tally.Cells).Last(bin => bin == 0 || tally[bin] > 0);
        return new()
        {
            Title = tally[0] == 0 ? "Every image has an object" : $"{Phrases.Count(tally[0], "image has", "images have")} no object",
            XLabel = "images",
            YLabel = "objects in an image",
            Categories = [.. Enumerable.Range(0, last + 1).Select(BinName)],
            Series = [new("images", [.. Enumerable.Range(0, last + 1).Select(bin => (double)tally[bin])])],
        };
    }

    private static string BinName(int bin) => bin switch
    {
        0 => "0",
        1 => "1",
        ClassForeground.PerImageBins - 1 => $"{1 << (bin - 1)} and more",
        _ => $"{1 << (bin - 1)}-{(1 << bin) - 1}",
    };

    private static HeatFigure Lift(ClassView view)
    {
        var shown = Shown(view, MostInMatrix).Where(c => view.ImagesOf[c] > 0).ToArray();
        return new()
        {
            Title = "Which classes come together: above 1 more often than by chance",
            XLabel = "lift of two classes in one image",
            Columns = [.. shown.Select(view.Name)],
            Rows = [.. shown.Select(view.Name)],
            Values = [.. shown.Select(a => (IReadOnlyList<double>)[.. shown.Select(b => a == b ? double.NaN : LiftOf(view, a, b))])],
            AroundOne = true,
        };
    }

    private static BarFigure Shares(ClassView view)
    {
        var shown = Shown(view, MostBars / 2);
        var all = new List<Series> { new(view.Context.All.First().Name, [.. shown.Select(c => view.Boxes[c] / view.Total)]) };
        foreach (var overlay in view.Context.Overlays)
        {
            var boxes = overlay.Counts[ClassForeground.BoxTally].Values();
            var total = Math.Max(1, ImbalanceMeasures.Sum(boxes));
            var index = overlay.Classes.Select((name, i) => (name, i)).DistinctBy(pair => pair.name).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
            all.Add(new(overlay.Name, [.. shown.Select(c => index.TryGetValue(view.Name(c), out var i) ? boxes[i] / total : 0)]));
        }

        return new() { Title = "Share of boxes, side by side", XLabel = "share of boxes", Categories = [.. shown.Select(view.Name)], Series = all, Percent = true };
    }

    private static Table Classes(ClassView view)
        => new("Classes", ["class", "boxes", "95 %", "share", "images", "boxes an image that has it", "group"],
        [
            .. view.Order.Select(c => (IReadOnlyList<string>)
            [
                view.Name(c),
                view.Boxes[c].ToString("N0"),
                view.Boxes[c] == 0 ? "" : Phrases.Interval(view.CountOf(c)).Trim(' ', '(', ')').Replace("95 %: ", "", StringComparison.Ordinal),
                view.Total == 0 ? "" : Phrases.Percent(view.Boxes[c] / view.Total),
                view.ImagesOf[c].ToString("N0"),
                view.ImagesOf[c] == 0 ? "" : Phrases.Number(view.Boxes[c] / view.ImagesOf[c]),
                view.Boxes[c] == 0 ? "no box" : view.GroupOf(c),
            ]),
        ]);

    /// <summary>A class that mostly stands in images of the commonest class cannot be shown more often without showing that one more often.</summary>
    private static Table Tied(ClassView view)
    {
        var most = view.Order[0];
        var pairs = view.Context.Counts[ClassForeground.PairTally];
        return new($"Classes tied to {view.Name(most)}", ["class", $"share of its images that hold {view.Name(most)}", "lift", "NPMI"],
        [
            .. view.Order.Skip(1).Where(c => view.ImagesOf[c] > 0).OrderByDescending(c => pairs[c, most] / view.ImagesOf[c]).ThenBy(c => c).Take(MostBars).Select(c => (IReadOnlyList<string>)
            [
                view.Name(c),
                Phrases.Percent(pairs[c, most] / view.ImagesOf[c]),
                Phrases.Number(LiftOf(view, c, most)),
                Phrases.Number(Npmi(view, c, most)),
            ]),
        ]);
    }

    /// <summary>P(a and b) / (P(a) P(b)) over images.</summary>
    private static double LiftOf(ClassView view, int a, int b)
    {
        var together = view.Context.Counts[ClassForeground.PairTally][a, b];
        return together * (double)view.Images / (view.ImagesOf[a] * view.ImagesOf[b]);
    }

    /// <summary>ln lift / -ln P(a and b), in [-1, 1].</summary>
    private static double Npmi(ClassView view, int a, int b)
    {
        var together = view.Context.Counts[ClassForeground.PairTally][a, b] / (double)view.Images;
        return together == 0 ? -1 : together == 1 ? 1 : Math.Log(LiftOf(view, a, b)) / -Math.Log(together);
    }

    /// <summary>All classes in order, or the commonest and the rarest halves when there are too many to draw.</summary>
    private static int[] Shown(ClassView view, int most)
        => view.Order.Length <= most ? view.Order : [.. view.Order.Take(most / 2), .. view.Order.Skip(view.Order.Length - (most / 2))];
}
