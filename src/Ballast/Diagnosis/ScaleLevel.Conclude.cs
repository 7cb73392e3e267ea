namespace Ballast;

internal sealed partial class ScaleLevel
{
    private const int MostRows = 30;

    public override Finding Conclude(DiagnosisContext context)
    {
        var frame = new Finding
        {
            Id = Id,
            Family = "scale",
            Subject = "pyramid levels",
            Verdict = Verdict.CannotTell,
            Headline = UsableObjects.Missing(context) ?? "",
            Meaning = "A level that few objects fall on learns from few examples, while the level that most fall on decides what the shared layers become.",
        };
        var rule = new LevelRule(context.Profile);
        var sizes = context.Counts[SizeTally];
        var evenness = Intervals.Centered(sizes, bins => ImbalanceMeasures.Evenness(rule.Levels(bins)));
        var shares = Shares(rule.Levels(sizes.Values()));
        if (frame.Headline.Length == 0 && rule.Count == 1) frame = frame with { Headline = $"cannot tell: profile {context.Profile.Name} has one level, {rule.Names[0]}" };
        if (frame.Headline.Length > 0) return frame with { Measures = Measures(rule, sizes, shares, evenness) };

        var judgement = Verdicts.LevelEvenness.Judge(evenness);
        var few = UsableObjects.TooFew(context);
        return frame with
        {
            Verdict = few is null ? judgement.Verdict : Verdict.CannotTell,
            Headline = few ?? Headline(rule, sizes, shares, judgement),
            Deciding = "evenness",
            Measures = Measures(rule, sizes, shares, evenness),
            Figures = Figures(context, rule),
            Tables = [LevelTable(context, rule, shares)],
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context, rule, evenness.Value),
        };
    }

    private static string Headline(LevelRule rule, Tally sizes, double[] shares, Judgement judgement)
    {
        var starved = Starved(rule, shares);
        var few = starved.Count > 0 ? $"; {Phrases.List(starved)} {(starved.Count == 1 ? "gets" : "get")} under {Phrases.Percent(Verdicts.StarvedLevelFraction)}" : "";
        var doubt = judgement.Doubt((long)ImbalanceMeasures.Sum(sizes.Values()), "boxes");
        if (judgement.Verdict == Verdict.Balanced)
            return $"boxes spread over the levels: {string.Join(", ", rule.Names.Select((name, i) => $"{name} {Phrases.Percent(shares[i])}"))}";
        var largest = Array.IndexOf(shares, shares.Max());
        var share = LevelShare(rule, sizes, largest);
        return $"{Phrases.Percent(share.Value)} of boxes fall on {rule.Names[largest]}{Phrases.Interval(share, Phrases.Percent)}{few}{doubt}";
    }

    private static List<Measure> Measures(LevelRule rule, Tally sizes, double[] shares, Estimate evenness) =>
    [
        evenness.As("evenness", "entropy of boxes over pyramid levels, over its maximum, in [0, 1]; 1 is even") with { Label = "evenness over pyramid levels" },
        Intervals.Centered(sizes, bins => ImbalanceMeasures.EffectiveClasses(rule.Levels(bins))).As("effective-levels", $"exp of the entropy: as many levels as evenly filled, 1 to {rule.Count}"),
        new("starved-levels", Starved(rule, shares).Count, null, null, $"levels that get under {Phrases.Percent(Verdicts.StarvedLevelFraction)} of the boxes"),
        .. rule.Names.Select((name, i) => LevelShare(rule, sizes, i).As($"share-{name.ToLowerInvariant()}", $"share of boxes on {name}, in [0, 1]")),
    ];

    private static List<string> Starved(LevelRule rule, double[] shares) => [.. rule.Names.Where((_, i) => shares[i] < Verdicts.StarvedLevelFraction)];

    private static Estimate LevelShare(LevelRule rule, Tally sizes, int level) => Intervals.Of(sizes, bins => Shares(rule.Levels(bins))[level]);

    private static double[] Shares(double[] counts)
    {
        var total = ImbalanceMeasures.Sum(counts);
        return [.. counts.Select(count => count / total)];
    }

    private static Table LevelTable(DiagnosisContext context, LevelRule rule, double[] shares)
    {
        var matched = Matched(context.Counts);
        var counts = rule.Levels(context.Counts[SizeTally].Values());
        return new(
            "pyramid levels",
            matched is null ? ["level", "box sizes", "boxes", "share"] : ["level", "box sizes", "boxes", "share", "share of positive anchors"],
            [.. rule.Names.Select((name, i) => (IReadOnlyList<string>)
            [
                name,
                i == 0 ? $"under {Phrases.Pixels(rule.LowerSide(1))}" : i == rule.Count - 1 ? $"from {Phrases.Pixels(rule.LowerSide(i))}" : $"{rule.LowerSide(i):N0} - {Phrases.Pixels(rule.LowerSide(i + 1))}",
                $"{counts[i]:N0}",
                Phrases.Percent(shares[i]),
                .. matched is null ? (string[])[] : [Phrases.Percent(matched[i])],
            ])]);
    }

    private static List<Figure> Figures(DiagnosisContext context, LevelRule rule)
    {
        List<Figure> figures = [ShareFigure(context, rule)];
        if (context.Classes.Count > 1) figures.Add(ClassFigure(context, rule));
        return figures;
    }

    private static BarFigure ShareFigure(DiagnosisContext context, LevelRule rule)
    {
        List<Series> series = [.. context.All.Select(each => LevelSeries(context.Overlays.Count == 0 ? "boxes" : each.Name, rule, each.Counts[SizeTally]))];
        if (context.Overlays.Count == 0 && Matched(context.Counts) is { } matched) series.Add(new("positive anchors", matched));
        return new()
        {
            Title = "Boxes on each pyramid level",
            XLabel = "share of boxes",
            Categories = rule.Names,
            Series = series,
            Percent = true,
        };
    }

    /// <summary>Shares of the positive anchors on each level: where the detector really learns; null when anchors were not matched.</summary>
    private static double[]? Matched(TallySet counts)
    {
        if (!counts.Has(ClassBackground.LevelTally)) return null;
        var anchors = counts[ClassBackground.LevelTally];
        return Shares([.. Enumerable.Range(0, anchors.Shape[0]).Select(level => (double)anchors[level, ClassBackground.Positive])]);
    }

    private static Series LevelSeries(string name, LevelRule rule, Tally sizes)
    {
        var shares = Enumerable.Range(0, rule.Count).Select(level => LevelShare(rule, sizes, level)).ToArray();
        return new(name, [.. shares.Select(share => share.Value)]) { Low = [.. shares.Select(share => share.Low)], High = [.. shares.Select(share => share.High)] };
    }

    /// <summary>Levels of each class in per cent: all classes, or of many the commonest and the rarest.</summary>
    private static HeatFigure ClassFigure(DiagnosisContext context, LevelRule rule)
    {
        var sizes = context.Counts[ClassSizeTally];
        var counts = Enumerable.Range(0, context.Classes.Count).Select(@class => rule.Levels(sizes.RowOf(@class))).ToArray();
        int[] classes = [.. Enumerable.Range(0, counts.Length).Where(@class => ImbalanceMeasures.Sum(counts[@class]) > 0).OrderByDescending(@class => ImbalanceMeasures.Sum(counts[@class]))];
        var bounded = classes.Length > MostRows ? [.. classes.Take(MostRows / 2), .. classes.TakeLast(MostRows / 2)] : classes;
        return new()
        {
            Title = bounded.Length < classes.Length ? $"Levels of the {MostRows / 2} commonest and the {MostRows / 2} rarest classes" : "Levels of each class",
            Columns = rule.Names,
            Rows = [.. bounded.Select(@class => context.Classes[@class])],
            Values = [.. bounded.Select(@class => Shares(counts[@class]))],
            Percent = true,
        };
    }
}
