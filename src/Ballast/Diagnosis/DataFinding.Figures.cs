namespace Ballast;

internal sealed partial class DataFinding
{
    private const int MostClasses = 20;

    private static List<Figure> Figures(PartsView parts)
    {
        List<Figure> figures = [];
        if (ClassFigure(parts) is { } classes) figures.Add(classes);
        if (parts.Compared.Count > 0)
        {
            figures.Add(new BarFigure
            {
                Title = $"How each {parts.Word} differs from {parts.Largest!.Name}",
                XLabel = "Jensen-Shannon divergence beyond noise, base 2",
                Categories = [.. Divergence.Names.Select(Said)],
                Series = [.. parts.Compared.Take(MostClasses).Select(pair => new Series(pair.Part.Name, [.. pair.Divergences.Select(each => each.Value.Value)])
                {
                    Low = [.. pair.Divergences.Select(each => each.Value.Low)],
                    High = [.. pair.Divergences.Select(each => each.Value.High)],
                })],
            });
        }

        return figures;
    }

    /// <summary>Shares of each class in every part, and in data sets drawn beside this one; classes are matched by name.</summary>
    private static BarFigure? ClassFigure(PartsView parts)
    {
        var context = parts.Context;
        var sets = context.Options.By == SliceBy.None && context.Overlays.Count > 0 ? [.. context.All] : parts.Parts;
        if (sets.Count < 2) return null;
        var totals = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var set in sets)
        {
            foreach (var (name, share) in ClassShares(set)) totals[name] = totals.GetValueOrDefault(name) + share;
        }

        string[] classes = [.. totals.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)];
        string[] shown = classes.Length > MostClasses ? [.. classes.Take(MostClasses / 2), .. classes.TakeLast(MostClasses / 2)] : classes;
        return new()
        {
            Title = shown.Length < classes.Length ? $"Shares of the {MostClasses / 2} commonest and the {MostClasses / 2} rarest classes" : "Share of each class",
            XLabel = "share of boxes",
            Categories = shown,
            Series = [.. sets.Select(set =>
            {
                var shares = ClassShares(set);
                return new Series(set.Name, [.. shown.Select(name => shares.GetValueOrDefault(name))]);
            })],
            Percent = true,
        };
    }

    private static Dictionary<string, double> ClassShares(Overlay set)
    {
        var boxes = set.Counts[ClassForeground.BoxTally];
        var total = Math.Max(1, boxes.Total());
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var @class = 0; @class < boxes.Cells; @class++) shares[set.Classes[@class]] = shares.GetValueOrDefault(set.Classes[@class]) + ((double)boxes[@class] / total);
        return shares;
    }

    private static List<Table> Tables(PartsView parts, LeakedImages? leaks, Drift? drift)
    {
        List<Table> tables = [];
        if (parts.Parts.Count > 1) tables.Add(PartTable(parts));
        if (parts.Compared.Count > 0) tables.Add(DivergenceTable(parts));
        if (leaks is { Images: > 0 }) tables.Add(new("images in more than one part", ["file", "also as"], [.. leaks.Pairs.Take(MostRows).Select(pair => (IReadOnlyList<string>)[pair.First, pair.Second])]));
        if (drift is not null) tables.Add(DriftTable(drift));
        var (now, baseline) = (parts.Context.Summary.Flaws, parts.Context.Options.Baseline?.Flaws);
        if (now.Count + (baseline?.Count ?? 0) > 0) tables.Add(FlawTable(now, baseline));
        return tables;
    }

    private static Table PartTable(PartsView parts) => new(
        $"{parts.Word}s",
        [parts.Word, "images", "boxes", "empty images", "evenness of classes", "classes without a box", "median size"],
        [.. parts.Parts.Take(MostRows).Select(part =>
        {
            var boxes = part.Counts[ClassForeground.BoxTally].Values();
            return (IReadOnlyList<string>)
            [
                part.Name,
                $"{PartsView.ImagesOf(part):N0}",
                $"{PartsView.BoxesOf(part):N0}",
                $"{part.Counts[PerImageTally][0]:N0}",
                Phrases.Number(ImbalanceMeasures.Evenness(boxes)),
                $"{boxes.Count(count => count == 0):N0}",
                Phrases.Pixels(LengthScale.Quantile(part.Counts[ScaleBox.ResizedTally].RowOf(2), 0.5)),
            ];
        })]);

    private static Table DivergenceTable(PartsView parts) => new(
        $"divergence from {parts.Largest!.Name}, beyond noise (and the noise that was taken off)",
        [parts.Word, .. Divergence.Names.Select(Said)],
        [.. parts.Compared.Take(MostRows).Select(pair => (IReadOnlyList<string>)
            [pair.Part.Name, .. pair.Divergences.Select(each => double.IsNaN(each.Value.Value) ? "no boxes" : $"{each.Value.Value:0.000} ({each.Noise:0.000})")])]);

    private static Table DriftTable(Drift drift) => new(
        "drift from the baseline",
        ["property", "divergence beyond noise", "95 %", "noise"],
        [.. drift.Measures.Select(each => (IReadOnlyList<string>)
        [
            Said(each.Name),
            double.IsNaN(each.Divergence) ? "nothing to compare" : $"{each.Divergence:0.000}",
            double.IsFinite(each.Low) ? $"{each.Low:0.000} - {each.High:0.000}" : "",
            double.IsNaN(each.Noise) ? "" : $"{each.Noise:0.000}",
        ])]);

    private static Table FlawTable(IReadOnlyDictionary<string, long> now, IReadOnlyDictionary<string, long>? baseline) => new(
        "flaws",
        baseline is null ? ["flaw", "count"] : ["flaw", "count", "in the baseline"],
        [.. now.Keys.Union(baseline?.Keys ?? []).Order(StringComparer.Ordinal).Select(code => (IReadOnlyList<string>)
            [code, $"{now.GetValueOrDefault(code):N0}", .. baseline is null ? (string[])[] : [$"{baseline.GetValueOrDefault(code):N0}"]])]);
}
