namespace Ballast;

internal sealed partial class ClassForeground
{
    public override Finding Conclude(DiagnosisContext context)
    {
        var view = new ClassView(context);
        var judgement = Judge(view);
        return new()
        {
            Id = Id,
            Family = "class",
            Subject = "foreground-foreground",
            Verdict = judgement.Verdict,
            Headline = Headline(view, judgement),
            Meaning = "A detector sees a rare class as rarely as the data set shows it: its loss is a small part of every step, so the common classes rule the features.",
            Deciding = "evenness",
            Measures = Measures(view),
            Figures = ClassFigures.Of(view),
            Tables = ClassFigures.Tables(view),
            Remedies = judgement.Best == Verdict.Balanced && judgement.Verdict == Verdict.Balanced ? [] : ClassRemedies.Of(view),
            Examples = ClassExamples.Of(view),
        };
    }

    private static Judgement Judge(ClassView view)
    {
        if (view.Boxes.Length == 1 && view.Total >= Verdicts.FewestObjects) return new(Verdict.Balanced, Verdict.Balanced, Verdict.Balanced);
        if (view.Total < Verdicts.FewestObjects || view.Images < Verdicts.FewestImages) return new(Verdict.CannotTell, Verdict.Balanced, Verdict.Severe);
        return Verdicts.Evenness.Judge(view.Evenness);
    }

    private static string Headline(ClassView view, Judgement judgement)
    {
        var empty = view.Empty.Count == 0 ? "" : $"; {Phrases.List(view.Empty)} {(view.Empty.Count == 1 ? "has" : "have")} no box";
        if (view.Total == 0) return "there is no box: nothing can be said of classes";
        if (view.Boxes.Length == 1) return $"one class, {view.Name(0)}, with {Phrases.Count(view.Total, "box", "boxes")}: nothing to balance";
        var doubt = judgement.Verdict != Verdict.CannotTell ? "" : judgement.Doubt(view.Total, "boxes");
        if (view.Present == 1) return $"all {Phrases.Count(view.Total, "box is", "boxes are")} of {view.Name(view.Order[0])}{empty}{doubt}";
        var (most, least) = (view.Order[0], view.Order[view.Present - 1]);
        return view.Ratio.Value < 1.5
            ? $"classes have {view.Boxes[least]:N0} to {view.Boxes[most]:N0} boxes{empty}{doubt}"
            : $"{view.Name(most)} has {Phrases.Number(view.Ratio.Value)} times the boxes of {view.Name(least)}{Phrases.Interval(view.Ratio)}{empty}{doubt}";
    }

    private static List<Measure> Measures(ClassView view) =>
    [
        view.Ratio.As("ratio", "Boxes of the commonest class over boxes of the rarest that has any; 1 is balanced."),
        view.Of("median-ratio", ClassView.MedianRatio, "Boxes of the commonest class over the median class."),
        view.Of("gini", ImbalanceMeasures.Gini, "Gini coefficient of boxes over classes: 0 is balanced, (K-1)/K is one class only."),
        view.Of("cv", ImbalanceMeasures.VariationCoefficient, "Standard deviation of boxes over classes, by their mean; 0 is balanced."),
        view.Evenness.As("evenness", "Shannon evenness of boxes over classes: 1 is balanced, 0 is one class only."),
        view.Centered(ImbalanceMeasures.KlToUniform, 0, double.PositiveInfinity).As("kl", "Kullback-Leibler divergence to equal classes, nats; 0 is balanced."),
        view.Of("effective-classes", ImbalanceMeasures.EffectiveClasses, "exp(entropy): as many equally frequent classes would be as mixed."),
        new("classes", view.Boxes.Length, null, null, "Classes the data set defines."),
        new("empty-classes", view.Empty.Count, null, null, "Classes without a box."),
        new("boxes", view.Total, null, null, "Objects; crowds and ignore regions are not counted."),
        new("smallest-class", view.Total == 0 ? double.NaN : view.Boxes.Where(n => n > 0).DefaultIfEmpty(double.NaN).Min(), null, null, "Boxes of the rarest class that has any."),
        new("rare-classes", view.InGroup(ClassView.RareGroup), null, null, "Classes with boxes in 1 to 10 images (LVIS: rare)."),
        new("common-classes", view.InGroup(ClassView.CommonGroup), null, null, "Classes with boxes in 11 to 100 images (LVIS: common)."),
        new("frequent-classes", view.InGroup(ClassView.FrequentGroup), null, null, "Classes with boxes in over 100 images (LVIS: frequent)."),
        new("objects-per-image", view.Images == 0 ? double.NaN : (double)view.Total / view.Images, null, null, "Mean number of objects in an image."),
        new("empty-images", view.Images == 0 ? double.NaN : view.Context.Counts[PerImageTally][0] / (double)view.Images, null, null, "Share of images without an object."),
    ];
}
