namespace Ballast;

/// <summary>Spatial imbalance of IoU as training meets it: how well the candidates of each stage overlap the objects they are positives of, and what the stage makes of them.</summary>
internal sealed class RunOverlaps : RunDiagnostic
{
    private const int Bins = ProbeLine.Bins;
    private const int Half = Bins / 2;

    public override string Id => "iou-distribution-run";

    protected override Finding Conclude(DiagnosisContext context, RunTelemetry run)
    {
        var settled = run.Settled;
        var frame = new Finding
        {
            Id = Id,
            Family = "spatial",
            Subject = "IoU by stage",
            Verdict = Verdict.CannotTell,
            Headline = TooFew(settled.Count) ?? "",
            Meaning = "A stage whose positives barely pass the threshold learns to mend poor boxes and hardly sees good ones, so good boxes are not made better.",
        };
        var estimates = new ProbeEstimates(settled, context.Options.Seed);
        string[] stages = [.. StagesOf(settled).Where(stage => ImbalanceMeasures.Sum(estimates.Sum(probe => Starts(probe, stage))) > 0)];
        if (stages.Length == 0) return frame with { Headline = frame.Headline.Length > 0 ? frame.Headline : "cannot tell: the run recorded no positives" };
        var last = stages[^1];
        var evenness = estimates.Of(probe => Starts(probe, last), Evenness);
        var judgement = Judge(Verdicts.StageIoUEvenness, evenness, settled.Count);
        return frame with
        {
            Verdict = judgement.Verdict,
            Headline = frame.Headline.Length > 0 ? frame.Headline : Headline(estimates, stages, judgement, settled.Count),
            Deciding = "iou-evenness",
            Measures =
            [
                evenness.As("iou-evenness", $"Shannon evenness of the positives of stage {last} over IoU 0.5 to 1, before its regression; 1 is uniform") with { Label = $"evenness over IoU, stage {last}" },
                .. stages.SelectMany(stage => Measures(estimates, stage)),
            ],
            Figures = [Figure("IoU of candidates with their objects, by stage", estimates, stages, Starts), Figure("IoU of predicted boxes with their objects, by stage", estimates, stages, Ends)],
            Tables = [Candidates(settled, StagesOf(settled))],
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context),
        };
    }

    private static double[] Starts(ProbeLine probe, string stage) => Numbers(StageOf(probe, stage)?.StartOverlaps);

    private static double[] Ends(ProbeLine probe, string stage) => Numbers(StageOf(probe, stage)?.EndOverlaps);

    private static double Evenness(ReadOnlySpan<double> counts) => ImbalanceMeasures.Evenness(counts[Half..]);

    private static double Mean(ReadOnlySpan<double> counts)
    {
        var sum = 0.0;
        for (var bin = 0; bin < counts.Length; bin++) sum += counts[bin] * (bin + 0.5) / Bins;
        return sum / ImbalanceMeasures.Sum(counts);
    }

    private static IEnumerable<Measure> Measures(ProbeEstimates estimates, string stage)
    {
        yield return estimates.Of(probe => Starts(probe, stage), Mean).As($"{stage}-candidates", $"mean IoU of the positives of stage {stage} with their objects") with { Label = $"IoU of candidates, {stage}" };
        yield return estimates.Of(probe => Ends(probe, stage), Mean).As($"{stage}-predictions", $"mean IoU of the boxes that stage {stage} predicts for them") with { Label = $"IoU of predictions, {stage}" };
    }

    private static string Headline(ProbeEstimates estimates, string[] stages, Judgement judgement, int looks)
    {
        var steps = string.Join("; ", stages.Select(stage => $"{stage} {Mean(estimates.Sum(probe => Starts(probe, stage))):0.00} -> {Mean(estimates.Sum(probe => Ends(probe, stage))):0.00}"));
        var good = estimates.Of(probe => Starts(probe, stages[^1]), counts => ImbalanceMeasures.Sum(counts[(Bins * 3 / 4)..]) / ImbalanceMeasures.Sum(counts));
        return $"mean IoU of positives, before and after regression: {steps}; {Phrases.Percent(good.Value)}{Phrases.Interval(good, Phrases.Percent)} start at 0.75 or better{judgement.Doubt(looks, "looks inside a step")}";
    }

    private static HistogramFigure Figure(string title, ProbeEstimates estimates, string[] stages, Func<ProbeLine, string, double[]> counts) => new()
    {
        Title = title,
        XLabel = "IoU with the truth",
        YLabel = "share of the stage's positives",
        Edges = [.. Enumerable.Range(0, Bins + 1).Select(bin => bin / (double)Bins)],
        Series = [.. stages.Select(stage =>
        {
            var sum = estimates.Sum(probe => counts(probe, stage));
            return new Series(stage, [.. sum.Select(count => count / Math.Max(1, ImbalanceMeasures.Sum(sum)))]);
        })],
        Percent = true,
    };

    private static Table Candidates(IReadOnlyList<ProbeLine> settled, string[] stages) => new(
        "candidates of a step, before and after sampling",
        ["stage", "objects assigned", "background assigned", "left out", "background for one object", "objects sampled", "background sampled", "after sampling"],
        [.. stages.Select(stage =>
        {
            var seen = settled.Select(probe => StageOf(probe, stage)).OfType<StageProbe>().ToArray();
            var (assigned, sampled) = (seen.Select(each => each.Assigned).ToArray(), seen.Select(each => each.Sampled).ToArray());
            return (IReadOnlyList<string>)
            [
                stage, Each(assigned, each => each.Foreground), Each(assigned, each => each.Background), Each(assigned, each => each.LeftOut), Ratio(assigned),
                Each(sampled, each => each.Foreground), Each(sampled, each => each.Background), Ratio(sampled),
            ];
        })]);

    private static string Each(CandidateCounts[] counts, Func<CandidateCounts, long> count) => Phrases.Number(counts.Average(each => (double)count(each)));

    private static string Ratio(CandidateCounts[] counts) => Phrases.Number((double)counts.Sum(each => each.Background) / counts.Sum(each => each.Foreground));

    private static IReadOnlyList<Advice> Remedies(DiagnosisContext context) =>
    [
        new()
        {
            Title = "Cascade R-CNN",
            Effect = "three heads at IoU 0.5, 0.6, 0.7, each fed by the boxes of the one before",
            Cost = "about 1.2 times the time of Faster R-CNN",
            Command = context.TrainAs(DetectorProfile.FasterRCNN, "detector.cascade={}"),
            Paper = "Cai and Vasconcelos 2018, arXiv:1712.00726",
        },
        new()
        {
            Title = "IoU-uniform R-CNN",
            Effect = "regression trains on boxes drawn evenly over IoU",
            Cost = "a generator of boxes in training; none at inference",
            Command = $"ballast train {context.DataArgument} --detector iou-uniform-rcnn",
            CommandExists = false,
            Paper = "Zhu et al. 2020, arXiv:1912.05190",
        },
    ];
}
