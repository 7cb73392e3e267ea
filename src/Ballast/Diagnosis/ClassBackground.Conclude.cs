namespace Ballast;

internal sealed partial class ClassBackground
{
    public override Finding Conclude(DiagnosisContext context)
    {
        if (!context.Counts.Has(AnchorTally)) return WithoutAnchors(context);
        var view = new AnchorView(context);
        if (view.Anchors == 0) return Unknown(context, "no image has a known size, so no anchor grid can be laid: give the images with --images");
        if (view.Usable == 0) return Unknown(context, $"every one of {view.Anchors:N0} anchors is background: there is no usable box");
        var ratio = Verdicts.BackgroundOverUsual.Judge(view.OverUsual);
        var matched = view.Worst < 0 ? ratio : Verdicts.MatchedFraction.Judge(view.WorstMatched);
        var judgement = view.Images < Verdicts.FewestImages ? new(Verdict.CannotTell, Verdict.Balanced, Verdict.Severe) : Judgement.WorseOf(ratio, matched);
        return new()
        {
            Id = Id,
            Family = "class",
            Subject = "foreground-background",
            Verdict = judgement.Verdict,
            Headline = Headline(view, judgement),
            Meaning = "Anchors that match no object are background; a class whose objects match hardly any anchor gives the detector nothing to learn from, whatever the loss.",
            Deciding = view.Worst >= 0 && Judgement.WorseOf(ratio, matched) == matched ? "matched-worst" : "background-per-positive",
            Measures = Measures(view),
            Figures = AnchorFigures.Of(view),
            Tables = [AnchorFigures.Objects(view)],
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : [.. AnchorRemedies.Of(context), .. SamplingRemedies(view, ratio.Worst)],
            Examples = AnchorExamples.Of(view),
        };
    }

    private static string Headline(AnchorView view, Judgement judgement)
    {
        var start = $"1 : {Phrases.Number(view.BackgroundPerPositive.Value)} anchors";
        if (view.Worst < 0) return $"{start}{judgement.Doubt(view.Usable, "objects")}";
        var name = view.Context.Classes[view.Worst];
        var share = $"{Phrases.Percent(view.WorstMatched.Value)} of class {name} match an anchor{Phrases.Interval(view.WorstMatched, Phrases.Percent)}";
        return view.WorstMatched.Value >= 0.995
            ? $"{start}; every class finds its anchors, {Phrases.Number(view.PositivesPerObject(view.Worst))} for an object of {name}{judgement.Doubt(view.Usable, "objects")}"
            : $"{start}; {(view.WorstMatched.Value < 0.5 ? "only " : "")}{share}{judgement.Doubt(view.ObjectsOf(view.Worst), $"objects of {name}")}";
    }

    private static List<Measure> Measures(AnchorView view) =>
    [
        view.BackgroundPerPositive.As("background-per-positive", "Background anchors for one positive anchor, over all images."),
        view.OverUsual.As("background-over-usual", $"The same over what is usual for {view.Context.Profile.Name} ({view.Context.Profile.UsualBackground:N0})."),
        new("ignored-fraction", view.State(Ignored) / (double)view.Anchors, null, null, "Share of anchors between the thresholds, left out of training."),
        new("positive-fraction", view.State(Positive) / (double)view.Anchors, null, null, "Share of anchors that are positive."),
        new("anchors-per-image", view.Anchors / (double)view.Images, null, null, "Anchors of an average image."),
        view.Matched.As("matched", "Share of objects with an anchor at the assigner's threshold."),
        view.WorstMatched.As("matched-worst", $"The same for the class where it is lowest, of those with at least {Verdicts.FewestObjects} objects."),
        new("unmatched-objects", view.Column(Unmatched), null, null, "Objects without any positive anchor."),
        new("positives-per-object", view.State(Positive) / (double)view.Usable, null, null, "Positive anchors of an average object."),
        view.ObjectArea.As("object-area", "Share of the images' area that objects cover (their union)."),
    ];

    private static IEnumerable<Advice> SamplingRemedies(AnchorView view, Verdict ratio)
    {
        var (before, gain) = (view.BackgroundPerPositive.Value, ratio == Verdict.Balanced ? 0.05 : 0.5);
        var mined = view.MinedBackground(3) / (double)view.State(Positive);
        // What the kind of detector does anyway is no advice.
        var kind = view.Context.Kind.Name;
        var slot = view.Context.Kind.PoolsRegions ? "detector.proposals" : "detector";
        if (kind != DetectorProfile.Ssd.Name)
        {
            yield return new()
            {
                Title = "hard negative mining 3 : 1",
                Effect = $"positive to background in the loss 1 : {Phrases.Number(before)} -> 1 : {Phrases.Number(mined)}",
                Computed = true,
                Gain = gain,
                Cost = "a sort of the losses in each step; images without objects add nothing",
                Command = view.Context.Train($"{slot}.sampler.type=hard-negative-mining"),
                Remedy = "hard-negative-mining",
            };
        }

        var (positives, background) = view.RandomSample(256, 0.5);
        if (kind != DetectorProfile.FasterRCNN.Name)
        {
            yield return new()
            {
                Title = "random sampling, 256 anchors an image, half positive",
                Effect = $"positive to background in the loss 1 : {Phrases.Number(before)} -> 1 : {Phrases.Number(background / (double)positives)}",
                Computed = true,
                Gain = gain * 0.8,
                Cost = "most background is never looked at in a step",
                Command = view.Context.Train($"{slot}.sampler.type=random"),
                Remedy = "random",
            };
        }

        if (view.Context.IsFocal) yield break;
        yield return new()
        {
            Title = "focal loss",
            Effect = "easy background weighs (1 - p)^2 of its cross entropy; all anchors stay",
            Cost = "none",
            Command = view.Context.Train($"{slot}.classificationLoss.type=focal"),
            Remedy = "focal",
        };
    }

    private Finding WithoutAnchors(DiagnosisContext context) => Unknown(context, "anchors were not matched (--no-anchors)");

    private Finding Unknown(DiagnosisContext context, string why)
    {
        var area = context.Counts[AreaTally];
        return new()
        {
            Id = Id,
            Family = "class",
            Subject = "foreground-background",
            Verdict = Verdict.CannotTell,
            Headline = why,
            Meaning = "How many anchors are objects and how many background shows when a detector's anchor grid is laid over the images.",
            Measures = [new("object-area", area[0] / (double)area[1], null, null, "Share of the images' area that objects cover (their union).")],
        };
    }
}
