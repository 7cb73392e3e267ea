namespace Ballast;

internal sealed partial class ScaleLevel
{
    // Input sides looked at: half to twice the side (a quarter to four times the pixels), in quarters of an octave.
    private const int MostQuarters = 4;

    private static List<Advice> Remedies(DiagnosisContext context, LevelRule rule, double evenness)
    {
        var bins = context.Counts[SizeTally].Values();
        var shares = Shares(rule.Levels(bins));
        Advice?[] computed = [FinerLevel(context, rule, bins, shares, evenness), OtherAnchors(context, rule, bins, shares, evenness), OtherInput(context, rule, bins, shares, evenness)];
        return
        [
            .. computed.OfType<Advice>().OrderByDescending(advice => advice.Gain),
            new()
            {
                Title = "balanced feature pyramid",
                Effect = "each level gets the mean of all levels, so starved levels share what the full ones learn",
                Cost = "a few convolutions in the neck",
                Command = context.Train("detector.neck.type=balanced-feature-pyramid"),
                Remedy = "balanced-feature-pyramid",
            },
            new()
            {
                Title = "PANet",
                Effect = "a bottom-up path and pooling from all levels bring fine detail to every object",
                Cost = "a second pyramid in the neck",
                Command = context.Train("detector.neck.type=path-aggregation"),
                Remedy = "path-aggregation",
            },
        ];
    }

    private static Advice? FinerLevel(DiagnosisContext context, LevelRule rule, double[] bins, double[] before, double evenness)
    {
        if (rule.First < 3) return null;
        var finer = rule.WithFinerLevel();
        var after = finer.Levels(bins);
        var gain = Gain(evenness, ImbalanceMeasures.Evenness(after));
        return gain <= 0 ? null : new()
        {
            Title = "one finer pyramid level",
            Effect = Effect(rule, before, finer, Shares(after)),
            Computed = true,
            Gain = gain,
            Cost = "about four times the anchors, and the memory of a feature map of four times the finest",
            Command = context.Train("detector.profile.anchors=finer-level"),
        };
    }

    /// <summary>Anchors of half (or twice) the size move every object up (or down) one level.</summary>
    private static Advice? OtherAnchors(DiagnosisContext context, LevelRule rule, double[] bins, double[] before, double evenness)
    {
        var (half, twice) = (rule.Levels(bins, 4), rule.Levels(bins, -4));
        var halves = ImbalanceMeasures.Evenness(half) >= ImbalanceMeasures.Evenness(twice);
        var after = halves ? half : twice;
        var gain = Gain(evenness, ImbalanceMeasures.Evenness(after));
        if (gain <= 0) return null;
        return new()
        {
            Title = halves ? "all anchors half as large" : "all anchors twice as large",
            Effect = Effect(rule, before, rule, Shares(after)),
            Computed = true,
            Gain = gain,
            Cost = halves ? "none in time; the largest objects lose their anchors" : "none in time; the smallest objects lose their anchors",
            Command = context.Train($"detector.profile.anchors={(halves ? "half" : "double")}"),
        };
    }

    private static Advice? OtherInput(DiagnosisContext context, LevelRule rule, double[] bins, double[] before, double evenness)
    {
        var best = Enumerable.Range(-MostQuarters, (2 * MostQuarters) + 1).OrderByDescending(quarters => ImbalanceMeasures.Evenness(rule.Levels(bins, quarters))).ThenBy(Math.Abs).First();
        var after = rule.Levels(bins, best);
        var gain = Gain(evenness, ImbalanceMeasures.Evenness(after));
        if (best == 0 || gain <= 0) return null;
        var factor = Math.Pow(2, best / 4.0);
        var input = context.Profile.Input with { Short = (int)Math.Round(context.Profile.Input.Short * factor), Long = (int)Math.Round(context.Profile.Input.Long * factor) };
        return new()
        {
            Title = $"input side {input}",
            Effect = Effect(rule, before, rule, Shares(after)),
            Computed = true,
            Gain = gain,
            Cost = $"{Phrases.Number(factor * factor)} times the pixels, so about as many times the time and memory",
            Command = context.Train($"detector.profile.input={input}"),
        };
    }

    private static string Effect(LevelRule rule, double[] before, LevelRule then, double[] after)
        => $"most boxes on one level: {Largest(rule, before)} -> {Largest(then, after)}";

    private static string Largest(LevelRule rule, double[] shares) => $"{Phrases.Percent(shares.Max())} ({rule.Names[Array.IndexOf(shares, shares.Max())]})";

    private static double Gain(double before, double after) => before >= 1 ? 0 : Math.Max(0, (after - before) / (1 - before));
}
