namespace Ballast;

/// <summary>The charts and tables of the findings about anchors.</summary>
internal static class AnchorFigures
{
    private const int MostClasses = 40;

    public static IReadOnlyList<Figure> Of(AnchorView view) => [Levels(view), Classes(view), Sides(view), PerObject(view)];

    public static Table Objects(AnchorView view) => new("Objects and anchors by class", ["class", "objects", "matched at the threshold", "95 %", "only by the low-quality rule", "without an anchor", "positive anchors an object"],
    [
        .. Order(view).Select(c =>
        {
            var objects = view.Context.Counts[ClassBackground.ObjectTally];
            var matched = view.MatchedOf(c);
            return (IReadOnlyList<string>)
            [
                view.Context.Classes[c],
                view.ObjectsOf(c).ToString("N0"),
                Phrases.Percent(matched.Value),
                Phrases.Interval(matched, Phrases.Percent).Trim(' ', '(', ')').Replace("95 %: ", "", StringComparison.Ordinal),
                objects[c, ClassBackground.Weak].ToString("N0"),
                objects[c, ClassBackground.Unmatched].ToString("N0"),
                Phrases.Number(view.PositivesPerObject(c)),
            ];
        }),
    ]);

    /// <summary>The article's figure 3, by level.</summary>
    private static BarFigure Levels(AnchorView view)
    {
        var tally = view.Context.Counts[ClassBackground.LevelTally];
        var levels = view.Context.Profile.Anchors.Levels;
        Series Row(string name, int state) => new(name, [.. Enumerable.Range(0, levels.Count).Select(level => tally[level, state] / (double)view.Images)]);
        return new()
        {
            Title = $"1 anchor in {Phrases.Number(view.Anchors / (double)Math.Max(1, view.State(ClassBackground.Positive)))} is an object",
            XLabel = "anchors in an average image",
            Categories = [.. levels.Select(level => level.Name)],
            Series = [Row("positive", ClassBackground.Positive), Row("ignored", ClassBackground.Ignored), Row("background", ClassBackground.Background)],
            Log = true,
        };
    }

    private static BarFigure Classes(AnchorView view)
    {
        var objects = view.Context.Counts[ClassBackground.ObjectTally];
        var shown = Order(view).Take(MostClasses).ToArray();
        Series Row(string name, int column) => new(name, [.. shown.Select(c => objects[c, column] / (double)view.ObjectsOf(c))]);
        return new()
        {
            Title = view.Worst >= 0 && view.WorstMatched.Value < 0.95 ? $"Objects of {view.Context.Classes[view.Worst]} find the fewest anchors" : "Objects find their anchors",
            XLabel = "share of the class's objects",
            Categories = [.. shown.Select(c => view.Context.Classes[c])],
            Series = [Row("anchor at the threshold", ClassBackground.Strong), Row("only by the low-quality rule", ClassBackground.Weak), Row("no anchor", ClassBackground.Unmatched)],
            Stacked = true,
            Percent = true,
        };
    }

    private static HistogramFigure Sides(AnchorView view)
    {
        var tally = view.Context.Counts[ClassBackground.SizeTally];
        var used = Enumerable.Range(1, LengthScale.Bins - 2).Where(bin => Enumerable.Range(0, 3).Any(column => tally[bin, column] > 0)).DefaultIfEmpty(1).ToArray();
        var (first, last) = (used[0], used[^1]);
        var bins = Enumerable.Range(first, last - first + 1).ToArray();
        Series Row(string name, int column) => new(name, [.. bins.Select(bin => (double)tally[bin, column])]);
        var anchors = view.Context.Profile.Anchors;
        return new()
        {
            Title = HardlyMatchedBelow(tally, anchors.SmallestSize) ? "Objects below the smallest anchor are hardly matched" : "Sides of the objects, by how they match",
            XLabel = "side of the object at the input (square root of its area), px",
            YLabel = "objects",
            Edges = [.. bins.Select(bin => LengthScale.Edges[bin - 1]), LengthScale.Edges[last]],
            Series = [Row("anchor at the threshold", ClassBackground.Strong), Row("only by the low-quality rule", ClassBackground.Weak), Row("no anchor", ClassBackground.Unmatched)],
            Marks = [new(anchors.SmallestSize, "smallest anchor"), new(anchors.LargestSize, "largest anchor")],
            LogX = true,
        };
    }

    /// <summary>Whether most objects whose side is under the smallest anchor find none at the threshold.</summary>
    private static bool HardlyMatchedBelow(Tally tally, float smallest)
    {
        var (strong, all) = (0L, 0L);
        for (var bin = 0; bin < LengthScale.Bin(smallest); bin++)
        {
            strong += tally[bin, ClassBackground.Strong];
            all += tally[bin, ClassBackground.Strong] + tally[bin, ClassBackground.Weak] + tally[bin, ClassBackground.Unmatched];
        }

        return all > 0 && strong * 2 < all;
    }

    private static BarFigure PerObject(AnchorView view)
    {
        var shown = Order(view).Take(MostClasses).ToArray();
        return new()
        {
            Title = "How many anchors learn from one object",
            XLabel = "positive anchors an object",
            Categories = [.. shown.Select(c => view.Context.Classes[c])],
            Series = [new("positive anchors", [.. shown.Select(view.PositivesPerObject)])],
        };
    }

    /// <summary>Classes that have objects, those that match least first.</summary>
    private static IEnumerable<int> Order(AnchorView view)
    {
        var objects = view.Context.Counts[ClassBackground.ObjectTally];
        return Enumerable.Range(0, view.Context.Classes.Count).Where(c => view.ObjectsOf(c) > 0)
            .OrderBy(c => objects[c, ClassBackground.Strong] / (double)view.ObjectsOf(c)).ThenByDescending(view.ObjectsOf).ThenBy(c => c);
    }
}
