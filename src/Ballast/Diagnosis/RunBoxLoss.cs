namespace Ballast;

/// <summary>Spatial imbalance of the regression loss on the detector's own predictions: which of its boxes the gradient goes to.</summary>
internal sealed class RunBoxLoss : RunDiagnostic
{
    private const int Bins = ProbeLine.Bins;
    private const double Tenth = 0.1;

    public override string Id => "regression-loss-run";

    protected override Finding Conclude(DiagnosisContext context, RunTelemetry run)
    {
        var settled = run.Settled;
        var frame = new Finding
        {
            Id = Id,
            Family = "spatial",
            Subject = "loss on own predictions",
            Verdict = Verdict.CannotTell,
            Headline = TooFew(settled.Count) ?? "",
            Meaning = "Where the few worst boxes take most of the gradient, the many that are nearly right learn little; where good boxes send none, they stay as loose as they are.",
        };
        var estimates = new ProbeEstimates(settled, context.Options.Seed);
        string[] stages = [.. StagesOf(settled).Where(stage => ImbalanceMeasures.Sum(estimates.Sum(probe => Gradients(probe, stage))) > 0)];
        if (stages.Length == 0) return frame with { Headline = frame.Headline.Length > 0 ? frame.Headline : "cannot tell: the run recorded no gradient of a box loss" };
        Estimate[] worst = [.. stages.Select(stage => estimates.Of(probe => Both(probe, stage), WorstTenth))];
        var deciding = Array.IndexOf(worst, worst.MaxBy(estimate => estimate.Value));
        var judgement = Judge(Verdicts.WorstTenthGradient, worst[deciding], settled.Count);
        return frame with
        {
            Verdict = judgement.Verdict,
            Headline = frame.Headline.Length > 0 ? frame.Headline
                : $"the tenth of boxes that lies worst sends {Phrases.Percent(worst[deciding].Value)}{Phrases.Interval(worst[deciding], Phrases.Percent)} of the box gradient of stage {stages[deciding]}{judgement.Doubt(settled.Count, "looks inside a step")}",
            Deciding = $"{stages[deciding]}-worst-tenth",
            Measures =
            [
                .. stages.Select((stage, i) => worst[i].As($"{stage}-worst-tenth", $"share of the tenth of predictions with the lowest IoU in |dL/ddelta| of stage {stage}; 0.1 when all count alike") with { Unit = "%", Label = $"gradient of the worst tenth, {stage}" }),
                .. stages.Select(stage => estimates.Of(probe => Both(probe, stage), GoodOverMean).As($"{stage}-good-over-mean", $"|dL/ddelta| of a prediction of IoU 0.75 and more over the mean of stage {stage}; 1 when all count alike") with { Unit = "x", Label = $"gradient of good boxes over the mean, {stage}" }),
            ],
            Figures = [.. Figures(context, settled, estimates, stages)],
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context),
        };
    }

    private static double[] Gradients(ProbeLine probe, string stage) => StageOf(probe, stage) is { } seen ? [.. seen.BoxGradients] : [];

    /// <summary>Counts by IoU, then gradients by IoU.</summary>
    private static double[] Both(ProbeLine probe, string stage) => StageOf(probe, stage) is { } seen ? [.. Numbers(seen.EndOverlaps), .. seen.BoxGradients] : [];

    /// <summary>Share of the gradient that the tenth of predictions with the lowest IoU sends; inside a bin all count alike.</summary>
    private static double WorstTenth(ReadOnlySpan<double> sums)
    {
        var counts = sums[..Bins];
        var gradients = sums[Bins..];
        var (left, taken) = (Tenth * ImbalanceMeasures.Sum(counts), 0.0);
        for (var bin = 0; bin < Bins && left > 0; bin++)
        {
            if (counts[bin] == 0) continue;
            var part = Math.Min(1, left / counts[bin]);
            taken += part * gradients[bin];
            left -= part * counts[bin];
        }

        return taken / ImbalanceMeasures.Sum(gradients);
    }

    private static double GoodOverMean(ReadOnlySpan<double> sums)
    {
        var counts = sums[..Bins];
        var gradients = sums[Bins..];
        var good = Bins * 3 / 4;
        return ImbalanceMeasures.Sum(gradients[good..]) / ImbalanceMeasures.Sum(counts[good..]) / (ImbalanceMeasures.Sum(gradients) / ImbalanceMeasures.Sum(counts));
    }

    private static IEnumerable<Figure> Figures(DiagnosisContext context, IReadOnlyList<ProbeLine> settled, ProbeEstimates estimates, string[] stages)
    {
        double[] middles = [.. Enumerable.Range(0, Bins).Select(bin => (bin + 0.5) / Bins)];
        yield return new CurveFigure
        {
            Title = "Gradient that a box sends, against how well it lies",
            XLabel = "IoU of the predicted box with the truth",
            YLabel = "mean |dL/ddelta|, over the stage's mean",
            X = middles,
            Series = [.. stages.Select(stage => new Series(stage, Relative(estimates.Sum(probe => Both(probe, stage)))))],
        };
        yield return new HistogramFigure
        {
            Title = "Where the box gradient comes from",
            XLabel = "IoU of the predicted box with the truth",
            YLabel = "share of the gradient",
            Edges = [.. Enumerable.Range(0, Bins + 1).Select(bin => bin / (double)Bins)],
            Series = [.. stages.Select(stage =>
            {
                var sum = estimates.Sum(probe => Gradients(probe, stage));
                return new Series(stage, [.. sum.Select(length => length / ImbalanceMeasures.Sum(sum))]);
            })],
            Percent = true,
        };
        var classes = settled.SelectMany(probe => probe.Stages).LastOrDefault(stage => stage.OwnGradients.Count == context.Classes.Count)?.Stage;
        if (classes is not null && Pull(context, estimates, classes) is { } pull) yield return pull;
    }

    /// <summary>What pushes each class's score down over what pulls it up: the classification side, class by class.</summary>
    private static BarFigure? Pull(DiagnosisContext context, ProbeEstimates estimates, string stage)
    {
        var own = estimates.Sum(probe => StageOf(probe, stage) is { } seen ? [.. seen.OwnGradients] : []);
        var others = estimates.Sum(probe => StageOf(probe, stage) is { } seen ? [.. seen.OtherGradients] : []);
        int[] classes = [.. Enumerable.Range(0, Math.Min(own.Length, context.Classes.Count)).Where(@class => own[@class] > 0).OrderByDescending(@class => others[@class] / own[@class])];
        return classes.Length == 0 ? null : new()
        {
            Title = "Gradient that lowers a class's score, over what raises it",
            XLabel = "|dL/dlogit| of everything else over that of the class's objects",
            Categories = [.. classes.Select(@class => context.Classes[@class])],
            Series = [new("lowers over raises", [.. classes.Select(@class => others[@class] / own[@class])])],
        };
    }

    private static double[] Relative(double[] sums)
    {
        var mean = ImbalanceMeasures.Sum(sums.AsSpan(Bins)) / ImbalanceMeasures.Sum(sums.AsSpan(0, Bins));
        return [.. Enumerable.Range(0, Bins).Select(bin => sums[bin] < Verdicts.FewestObjects ? double.NaN : sums[Bins + bin] / sums[bin] / mean)];
    }

    private static IReadOnlyList<Advice> Remedies(DiagnosisContext context) =>
    [
        new()
        {
            Title = "balanced L1 loss",
            Effect = "boxes that are nearly right send more gradient, far ones are held at a limit",
            Cost = "none in time",
            Command = context.Train("detector.boxLoss.type=balanced-l1"),
            Paper = "Pang et al. 2019, arXiv:1904.02701",
        },
        new()
        {
            Title = "GIoU loss",
            Effect = "the loss is the overlap itself, so boxes of all sizes count alike",
            Cost = "none in time; its weight must be set anew",
            Command = context.Train("detector.boxLoss.type=giou"),
            Paper = "Rezatofighi et al. 2019, arXiv:1902.09630",
        },
        new()
        {
            Title = "gradient harmonizing (GHM-R)",
            Effect = "boxes whose gradients many others share weigh less, outliers are not favoured",
            Cost = "a histogram of gradients, every step",
            Command = context.Train("detector.boxLoss.type=ghm-r"),
            Paper = "Li et al. 2019, arXiv:1811.05181",
        },
    ];
}
