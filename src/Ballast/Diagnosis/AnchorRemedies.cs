namespace Ballast;

/// <summary>Other anchors and input sides, each tried on the data: what it would change for every class, and its price.</summary>
internal static class AnchorRemedies
{
    private const double WorthTelling = 0.05;
    private const double LargestGrowth = 4.5;
    private const double MuchLess = 0.6;

    /// <summary>Remedies for objects that no anchor matches, those that help most first; none when the data set is not at hand.</summary>
    public static IReadOnlyList<Advice> Of(DiagnosisContext context)
    {
        if (context.Data is not { } data || !context.Options.Remedies || !context.Options.Anchors) return [];
        var now = context.Trial(data, context.Profile);
        if (double.IsNaN(now.MacroMatched)) return [];
        return
        [
            .. Alternatives(context.Profile)
                .Select(alternative => (Alternative: alternative, Trial: context.Trial(data, alternative.Profile, alternative.Adaptive)))
                .Where(tried => tried.Trial.MacroMatched > now.MacroMatched + 0.005)
                .Select(tried => Describe(context, now, tried.Trial, tried.Alternative))
                .OrderByDescending(advice => advice.Gain),
        ];
    }

    private static IEnumerable<Alternative> Alternatives(DetectorProfile profile)
    {
        var anchors = profile.Anchors;
        yield return new("one smaller anchor size on every level", ["detector.profile.anchors=smaller-sizes"], profile with { Anchors = anchors.WithSmallerSizes() });
        yield return new("all anchors half as large", ["detector.profile.anchors=half"], profile with { Anchors = anchors.Scaled(0.5) });
        if (anchors.Levels[0].Stride > 2) yield return new("one finer pyramid level", ["detector.profile.anchors=finer-level"], profile with { Anchors = anchors.WithFinerLevel() });
        if (!profile.PoolsRegions)
        {
            yield return new(
                "a threshold for each object (ATSS), one square anchor a place",
                ["detector.assigner.type=atss", "detector.profile.anchors=one-anchor"],
                profile with { Anchors = anchors.WithOneAnchor() },
                new AtssAssigner());
        }

        if (profile.Input.Fixed) yield break;
        foreach (var factor in (double[])[1.5, 2])
        {
            var input = profile.Input with { Short = (int)(profile.Input.Short * factor), Long = (int)(profile.Input.Long * factor) };
            yield return new($"input side {input}", [$"detector.profile.input={input}"], profile with { Input = input });
        }
    }

    private static Advice Describe(DiagnosisContext context, AnchorTrial now, AnchorTrial then, Alternative alternative)
    {
        // An assigner of its own has fewer anchors at each place on purpose: an object's share of the anchors is what it may lose, not their number.
        var share = alternative.Adaptive is null ? 1 : Math.Min(1, (double)then.Anchors / now.Anchors);
        var changes = Enumerable.Range(0, now.Objects.Length).Where(c => now.Objects[c] > 0)
            .Select(c => (Class: c, Before: now.MatchedFraction(c), After: then.MatchedFraction(c)))
            .Where(change => Math.Abs(change.After - change.Before) >= WorthTelling)
            .OrderBy(change => change.Before).ThenBy(change => change.Class).ToArray();
        var lost = changes.Where(change => change.After < change.Before).ToArray();
        var told = changes.Where(change => change.After > change.Before).Take(2).Concat(lost.Take(2));
        return new()
        {
            Title = alternative.Title,
            Effect = changes.Length == 0
                ? $"objects with an anchor, mean over classes: {Phrases.Percent(now.MacroMatched)} -> {Phrases.Percent(then.MacroMatched)}"
                : $"objects with an anchor: {string.Join(", ", told.Select(change => $"{context.Classes[change.Class]} {Phrases.Percent(change.Before)} -> {Phrases.Percent(change.After)}"))}",
            Computed = true,
            Gain = Math.Clamp((then.MacroMatched - now.MacroMatched) / (1 - now.MacroMatched), 0, 1) * Math.Clamp(1 - ((Price(now, then) - 1) / (2 * LargestGrowth)), 0.3, 1) * KeptPositives(now, then, share),
            Cost = Cost(context, now, then, share),
            Command = context.Train(alternative.Settings),
        };
    }

    /// <summary>Compute for training, relative: pixels, and anchors at an eighth of their growth (heads and assigning, not the backbone).</summary>
    private static double Price(AnchorTrial now, AnchorTrial then) => Math.Max((double)then.Pixels / now.Pixels, 1 + (((double)then.Anchors / now.Anchors) - 1) / 8);

    /// <summary>Mean over classes of the share of positive anchors an object keeps: what other classes pay for larger strides under their size.</summary>
    private static double KeptPositives(AnchorTrial now, AnchorTrial then, double share)
        => Enumerable.Range(0, now.Objects.Length).Where(c => now.Positives[c] > 0).Select(c => Math.Min(1, then.PositivesPerObject(c) / share / now.PositivesPerObject(c))).DefaultIfEmpty(1).Average();

    private static string Cost(DiagnosisContext context, AnchorTrial now, AnchorTrial then, double share)
    {
        var (pixels, anchors) = ((double)then.Pixels / now.Pixels, (double)then.Anchors / now.Anchors);
        var time = pixels > 1.05 ? $"{Phrases.Number(pixels)} times the pixels to compute" : anchors > 1.05 ? $"{Phrases.Number(anchors)} times the anchors" : "no more time";
        var losers = Enumerable.Range(0, now.Objects.Length).Where(c => now.Positives[c] > 0 && then.PositivesPerObject(c) < MuchLess * share * now.PositivesPerObject(c))
            .OrderBy(c => then.PositivesPerObject(c) / now.PositivesPerObject(c)).ThenBy(c => c).Take(2)
            .Select(c => $"an object of {context.Classes[c]} keeps {Phrases.Number(then.PositivesPerObject(c))} of {Phrases.Number(now.PositivesPerObject(c))} positive anchors");
        return string.Join("; ", losers.Prepend(time));
    }

    /// <summary>Something to try.</summary>
    /// <param name="Title">What it is called.</param>
    /// <param name="Settings">The settings of a recipe that do it.</param>
    /// <param name="Profile">The anchors and the input side.</param>
    /// <param name="Adaptive">An assigner in place of the profile's.</param>
    private sealed record Alternative(string Title, string[] Settings, DetectorProfile Profile, Assigner? Adaptive = null);
}
