namespace Ballast;

internal sealed partial class RegressionLoss
{
    private const int Half = 9;

    /// <summary>Losses with measures of their own; the linear and the logarithmic IoU loss share a kind.</summary>
    private static IEnumerable<BoxLossCurve> Measured => BoxLossCurves.Norms.Concat(BoxLossCurves.Overlaps).Where(curve => curve != BoxLossCurves.LinearIoU);

    public override Finding Conclude(DiagnosisContext context)
    {
        var frame = new Finding
        {
            Id = Id,
            Family = "spatial",
            Subject = "regression loss",
            Verdict = Verdict.CannotTell,
            Headline = UsableObjects.Missing(context) ?? "",
            Meaning = "Norm losses measure errors in units of the anchor, so at the same overlap objects far from every anchor's size weigh less (or more) than others; under L2 the few worst predictions decide.",
        };
        if (frame.Headline.Length > 0) return frame with { Measures = [.. Measured.SelectMany(curve => Measures(curve, double.NaN, double.NaN))] };

        var study = new BoxLossStudy(context.Counts[SideTally], context.Profile.Anchors, context.Options.Seed);
        LossNumbers[] norms = [.. BoxLossCurves.Norms.Select(study.Measure)];
        LossNumbers[] overlaps = [.. BoxLossCurves.Overlaps.Select(study.Measure)];
        var verdict = Verdicts.RegressionSpread.Of(norms[0].Spread);
        var few = UsableObjects.TooFew(context);
        return frame with
        {
            Verdict = few is null ? verdict : Verdict.CannotTell,
            Headline = few ?? Headline(verdict, norms, overlaps),
            Deciding = "l1-spread",
            Measures = [.. norms.Concat(overlaps).Where(loss => Measured.Contains(loss.Curve)).SelectMany(loss => Measures(loss.Curve, loss.Spread, loss.WorstTenth))],
            Figures = Figures(context, study, norms, overlaps),
            Tables = [LossTable([.. norms, .. overlaps])],
            Remedies = verdict == Verdict.Balanced ? [] : Remedies(context, norms, overlaps),
        };
    }

    private static string Headline(Verdict verdict, LossNumbers[] norms, LossNumbers[] overlaps)
    {
        var tail = $"the worst tenth of predictions takes {Phrases.Percent(norms[1].WorstTenth)} of the L2 loss, {Phrases.Percent(norms[0].WorstTenth)} of L1";
        return verdict == Verdict.Balanced
            ? $"sizes weigh alike: at IoU 0.5 L1 differs by a factor of {norms[0].Spread:0.00} between sizes; {tail}"
            : $"at IoU 0.5 some sizes weigh {Phrases.Number(norms[0].Spread)} times as much as others under L1 ({Phrases.Number(norms[1].Spread)} under L2, {Phrases.Number(overlaps[2].Spread)} under GIoU); {tail}";
    }

    private static IEnumerable<Measure> Measures(BoxLossCurve curve, double spread, double worstTenth)
    {
        yield return new($"{curve.Kind}-spread", spread, null, null, $"{curve.Name} at IoU 0.5 between box sizes: 90 % quantile over 10 % quantile; 1 when size does not matter")
        {
            Unit = "x",
            Label = $"{curve.Name} at IoU 0.5 between sizes",
        };
        yield return new($"{curve.Kind}-worst-tenth", worstTenth, null, null, $"share of the summed {curve.Name} loss of the tenth of predictions with the largest loss, IoU 0.05 to 0.95; 0.1 when all count alike");
    }

    private static Table LossTable(LossNumbers[] losses) => new(
        "losses on predictions of this data set's box sizes",
        ["loss", "at IoU 0.5", "10-90 %", "between sizes", "worst tenth's share", "gradient at IoU 0.5", "at IoU 0.9"],
        [.. losses.Select(loss => (IReadOnlyList<string>)
        [
            loss.Curve.Name,
            $"{loss.Mean[Half]:0.000}",
            $"{loss.Low[Half]:0.000} - {loss.High[Half]:0.000}",
            $"{loss.Spread:0.00}",
            Phrases.Percent(loss.WorstTenth),
            $"{loss.Gradient[Half]:0.000}",
            $"{loss.Gradient[^2]:0.000}",
        ])]);

    private static List<Figure> Figures(DiagnosisContext context, BoxLossStudy study, LossNumbers[] norms, LossNumbers[] overlaps) =>
    [
        Against("Norm losses against IoU, 10-90 % of this set's boxes", "loss", norms, LossSeries),
        Against("IoU losses against IoU, 10-90 % of this set's boxes", "loss", overlaps, LossSeries),
        Against("Gradients of norm losses against IoU", "length of the gradient by the encoded deltas", norms, GradientSeries),
        Against("Gradients of IoU losses against IoU", "length of the gradient by the encoded deltas", overlaps, GradientSeries),
        BySize(context, study),
    ];

    private static CurveFigure Against(string title, string label, LossNumbers[] losses, Func<LossNumbers, Series> series)
        => new() { Title = title, XLabel = "IoU with the truth", YLabel = label, X = BoxLossStudy.Overlaps, Series = [.. losses.Select(series)] };

    private static Series LossSeries(LossNumbers loss) => new(loss.Curve.Name, loss.Mean) { Low = loss.Low, High = loss.High };

    private static Series GradientSeries(LossNumbers loss) => new(loss.Curve.Name, loss.Gradient) { Low = loss.GradientLow, High = loss.GradientHigh };

    /// <summary>Loss at IoU 0.5 over the sizes that occur: flat where the anchors reach, falling below the smallest and rising above the largest.</summary>
    private static CurveFigure BySize(DiagnosisContext context, BoxLossStudy study)
    {
        var sizes = context.Counts[ScaleBox.ResizedTally].RowOf(2);
        var (first, last) = (Array.FindIndex(sizes, count => count > 0), Array.FindLastIndex(sizes, count => count > 0));
        double[] sides = [.. Enumerable.Range(first, last - first + 1).Select(LengthScale.Middle)];
        BoxLossCurve[] losses = [BoxLossCurves.L1, BoxLossCurves.L2, BoxLossCurves.SmoothL1, BoxLossCurves.BalancedL1, BoxLossCurves.GIoULoss];
        double[][] values = [.. sides.Select(side => study.AtSide(losses, side))];
        var anchors = context.Profile.Anchors;
        return new()
        {
            Title = "Loss at IoU 0.5 against the size of a square object",
            XLabel = "side after the resize, px",
            YLabel = "mean loss",
            X = sides,
            Series = [.. losses.Select((loss, i) => new Series(loss.Name, [.. values.Select(row => row[i])]))],
            Marks = [.. new Mark[] { new(anchors.SmallestSize, "smallest anchor"), new(anchors.LargestSize, "largest anchor") }.Where(mark => mark.At >= sides[0] && mark.At <= sides[^1])],
            LogX = true,
        };
    }

    private static List<Advice> Remedies(DiagnosisContext context, LossNumbers[] norms, LossNumbers[] overlaps)
    {
        List<Advice> remedies = [];
        var smaller = new BoxLossStudy(context.Counts[SideTally], context.Profile.Anchors.WithSmallerSizes(), context.Options.Seed).Measure(BoxLossCurves.L1);
        foreach (var loss in new[] { overlaps[2], overlaps[4] }) remedies.Add(Swap(context, norms, loss));
        if (smaller.Spread < norms[0].Spread * 0.95)
        {
            remedies.Add(new()
            {
                Title = "one smaller anchor size on every level",
                Effect = $"L1 between sizes at IoU 0.5: factor {norms[0].Spread:0.00} -> {smaller.Spread:0.00}",
                Computed = true,
                Gain = Gain(norms[0].Spread, smaller.Spread),
                Cost = "more anchors on every level",
                Command = context.Train("detector.profile.anchors=smaller-sizes"),
            });
        }

        remedies.Add(new()
        {
            Title = "balanced L1 loss",
            Effect = $"loss of the worst tenth of predictions: L2 {Phrases.Percent(norms[1].WorstTenth)} -> {Phrases.Percent(norms[3].WorstTenth)}; between sizes factor {norms[3].Spread:0.00}",
            Computed = true,
            Gain = Gain(norms[0].Spread, norms[3].Spread),
            Cost = "none in time",
            Command = context.Train("detector.boxLoss.type=balanced-l1"),
            Remedy = "balanced-l1",
        });
        return [.. remedies.OrderByDescending(advice => advice.Gain)];
    }

    private static Advice Swap(DiagnosisContext context, LossNumbers[] norms, LossNumbers loss) => new()
    {
        Title = $"{loss.Curve.Name} loss",
        Effect = $"loss at IoU 0.5 between sizes: factor {norms[0].Spread:0.00} (L1) -> {loss.Spread:0.00}; worst tenth {Phrases.Percent(norms[0].WorstTenth)} -> {Phrases.Percent(loss.WorstTenth)}",
        Computed = true,
        Gain = Gain(norms[0].Spread, loss.Spread),
        Cost = "none in time; its weight must be set anew",
        Command = context.Train($"detector.boxLoss.type={loss.Curve.Kind}"),
        Remedy = loss.Curve.Kind,
    };

    private static double Gain(double before, double after) => before <= 1 ? 0 : Math.Clamp((before - after) / (before - 1), 0, 1);
}
