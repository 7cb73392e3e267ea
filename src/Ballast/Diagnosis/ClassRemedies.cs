namespace Ballast;

/// <summary>Remedies of the class finding, with the class shares each would give on this data set.</summary>
internal static class ClassRemedies
{
    private const double KeptMajority = 0.25;
    private const double Beta = 0.999;

    /// <summary>Weighing shows no new box, so it counts less than showing rare classes more often by as much.</summary>
    private const double OfWeighing = 0.6;

    /// <summary>A merge changes the task, so it counts least.</summary>
    private const double OfMerging = 0.15;

    public static IReadOnlyList<Advice> Of(ClassView view)
    {
        if (view.Present < 2) return view.Empty.Count > 0 ? [Collect(view)] : [];
        var advice = new List<Advice>();
        if (view.Context.Data is { } data && view.Context.Options.Remedies) advice.AddRange(Sampled(view, data));
        if (view.Present > 2) advice.Add(Merge(view));
        advice.Add(Weights(view));
        // Mining ranks candidates by losses that these losses change by what they saw.
        if (view.Context.Kind.Name != DetectorProfile.Ssd.Name) advice.Add(Losses(view));
        if (view.Empty.Count > 0) advice.Add(Collect(view));
        return [.. advice.OrderByDescending(item => item.Gain)];
    }

    private static IEnumerable<Advice> Sampled(ClassView view, DetectionDataset data)
    {
        var presence = new ClassPresence(data);
        yield return Describe(view, "class-aware sampling", ImageSampling.OutcomeOf(data, ImageSampling.ClassAware(presence)),
            view.Context.Train("loader.images.type=class-aware"), "class-aware");
        yield return Describe(view, "repeat-factor sampling (t = median)", ImageSampling.OutcomeOf(data, ImageSampling.RepeatFactors(presence)),
            view.Context.Train("loader.images.type=repeat-factor"), "repeat-factor");
        var undersampled = ImageSampling.OutcomeOf(data, ImageSampling.DropMajorityOnly(presence, KeptMajority));
        if (undersampled.Growth < 1)
        {
            yield return Describe(view, $"drop {Phrases.Percent(1 - KeptMajority)} of the images that hold only {view.Name(view.Order[0])}", undersampled,
                $"ballast rebalance {view.Context.DataArgument} --undersample majority-only --keep {KeptMajority}", "drop-majority") with { CommandExists = false };
        }
    }

    private static Advice Describe(ClassView view, string title, SamplingOutcome outcome, string command, string remedy)
    {
        var rarest = view.Order[view.Present - 1];
        var total = ImbalanceMeasures.Sum(outcome.Boxes);
        return new()
        {
            Title = title,
            Effect = $"{view.Name(rarest)} {Phrases.Percent(view.Boxes[rarest] / view.Total)} -> {Phrases.Percent(outcome.Boxes[rarest] / total)} of the boxes seen; evenness {Phrases.Number(view.Evenness.Value)} -> {Phrases.Number(outcome.Evenness)}",
            Computed = true,
            Gain = Removed(view.Evenness.Value, outcome.Evenness),
            Cost = outcome.Growth < 1
                ? $"{Phrases.Percent(1 - outcome.Growth)} of the images are not used"
                : $"{(outcome.Growth < 1.005 ? "an epoch as long as before" : $"an epoch {Phrases.Number(outcome.Growth)} times as long")}; one image up to {Phrases.Number(outcome.LargestWeight)} times; worth {outcome.EffectiveImages:N0} of {view.Images:N0} images",
            Command = command,
            Remedy = remedy,
        };
    }

    /// <summary>The smallest merge: the two rarest classes become one.</summary>
    private static Advice Merge(ClassView view)
    {
        var (a, b) = (view.Order[view.Present - 1], view.Order[view.Present - 2]);
        var merged = view.Boxes.Where((count, c) => c != b && count > 0).Select(count => count).ToList();
        merged[Array.IndexOf([.. Enumerable.Range(0, view.Boxes.Length).Where(c => c != b && view.Boxes[c] > 0)], a)] += view.Boxes[b];
        var ratio = ImbalanceMeasures.Ratio(merged.ToArray());
        return new()
        {
            Title = $"merge {view.Name(a)} and {view.Name(b)}, when telling them apart does not matter",
            Effect = $"ratio {Phrases.Number(view.Ratio.Value)} -> {Phrases.Number(ratio)}",
            Computed = true,
            Gain = Math.Max(0, 1 - (Math.Log(ratio) / Math.Log(view.Ratio.Value))) * OfMerging,
            Cost = "the two classes are no longer told apart",
            Command = $"ballast rebalance {view.Context.DataArgument} --merge {Shell.Quote($"{view.Name(b)},{view.Name(a)}={view.Name(b)}+{view.Name(a)}")}",
            CommandExists = false,
        };
    }

    /// <summary>Class weights by the effective number of samples: E_c = (1 - beta^N_c) / (1 - beta), w_c proportional to 1 / E_c.</summary>
    private static Advice Weights(ClassView view)
    {
        var rarest = view.Order[view.Present - 1];
        var weighed = Array.ConvertAll(view.Boxes, count => count == 0 ? 0 : count / EffectiveNumber(count));
        var total = ImbalanceMeasures.Sum(weighed);
        var evenness = ImbalanceMeasures.Evenness(weighed);
        return new()
        {
            Title = "weigh classes in the loss by their effective number (beta 0.999)",
            Effect = $"{view.Name(rarest)} {Phrases.Percent(view.Boxes[rarest] / view.Total)} -> {Phrases.Percent(weighed[rarest] / total)} of the positives' loss; evenness {Phrases.Number(view.Evenness.Value)} -> {Phrases.Number(evenness)}",
            Computed = true,
            Gain = Removed(view.Evenness.Value, evenness) * OfWeighing,
            Cost = "none in time; the images seen stay the same, so the few boxes of a rare class are learned by heart sooner",
            Command = view.Context.Train(view.Context.ClassBalanced),
            Remedy = "class-balanced",
        };
    }

    private static double EffectiveNumber(double count) => (1 - Math.Pow(Beta, count)) / (1 - Beta);

    private static Advice Losses(ClassView view) => new()
    {
        Title = "a loss that spares rare classes (seesaw, equalization v2)",
        Effect = "common classes push rare ones down less; the images seen stay the same",
        Cost = "none in time",
        Command = view.Context.Train("detector.classificationLoss.type=seesaw"),
        Remedy = "seesaw",
        Paper = $"{Remedies.Named("seesaw").Citation}; {Remedies.Named("equalization-v2").Citation}",
    };

    private static Advice Collect(ClassView view) => new()
    {
        Title = $"label some {Phrases.List(view.Empty)}, or take {(view.Empty.Count == 1 ? "the class" : "the classes")} out",
        Effect = $"{Phrases.Count(view.Empty.Count, "class has", "classes have")} no box and cannot be learned",
        Cost = "labelling",
        Command = $"ballast check {view.Context.DataArgument} --max-empty-classes 0",
    };

    /// <summary>How much of what is missing to evenness 1 is made up.</summary>
    private static double Removed(double before, double after) => before >= 1 ? 0 : Math.Clamp((after - before) / (1 - before), 0, 1);
}
