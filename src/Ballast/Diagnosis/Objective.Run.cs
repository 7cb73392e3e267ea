namespace Ballast;

internal sealed partial class Objective
{
    // Losses of this many stretches of the run are averaged for the curves.
    private const int Stretches = 40;
    private const double FirstShare = 0.05;

    private static Finding Conclude(DiagnosisContext context, RunTelemetry run, Finding frame)
    {
        var settled = run.Settled;
        var estimates = new ProbeEstimates(settled, context.Options.Seed);
        var weaker = estimates.Of(Lengths, WeakerShare);
        var sums = estimates.Sum(Lengths);
        if (sums.Length == 0) return frame with { Headline = RunDiagnostic.TooFew(0)!, Figures = Figures(run, settled) };
        var judgement = RunDiagnostic.Judge(Verdicts.WeakerTaskShare, weaker, settled.Count);
        var cosine = estimates.Of(Cosine, numbers => numbers[0] / numbers[1]);
        var few = RunDiagnostic.TooFew(settled.Count);
        return frame with
        {
            Verdict = judgement.Verdict,
            Headline = few ?? Headline(sums, weaker, judgement, settled.Count),
            Meaning = "The task with the shorter gradient has little say in what the shared maps become; where the two point apart, what one gains the other loses.",
            Deciding = "weaker-share",
            Measures =
            [
                weaker.As("weaker-share", "share of the weaker task in the lengths of the gradients at the shared maps, in [0, 0.5]; 0.5 when both are as long") with { Unit = "%", Label = "weaker task's share of the gradients" },
                estimates.Of(Lengths, numbers => numbers[0] / numbers[1]).As("classification-over-box", "length of the classification losses' gradient at the shared maps over that of the box losses") with { Unit = "x", Label = "gradient, classes over boxes" },
                cosine.As("cosine", "cosine of the angle between the two gradients, weighed by their lengths, in [-1, 1]; under 0 they pull apart") with { Label = "cosine of the two gradients" },
                .. Convergence(run),
            ],
            Figures = Figures(run, settled),
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context, sums, weaker.Value),
        };
    }

    /// <summary>Lengths over all maps: of classification, of boxes.</summary>
    private static double[] Lengths(ProbeLine probe)
        => probe.ClassificationGradients.Count == 0 ? [] : [Length(probe.ClassificationGradients), Length(probe.BoxGradients)];

    /// <summary>Product of the gradients of all maps, and the product of their lengths.</summary>
    private static double[] Cosine(ProbeLine probe)
    {
        if (probe.Cosines.Count == 0) return [];
        var product = Enumerable.Range(0, probe.Cosines.Count).Sum(i => double.IsNaN(probe.Cosines[i]) ? 0 : probe.Cosines[i] * probe.ClassificationGradients[i] * probe.BoxGradients[i]);
        return [product, Length(probe.ClassificationGradients) * Length(probe.BoxGradients)];
    }

    private static double Length(Values<double> lengths) => Math.Sqrt(lengths.Sum(length => length * length));

    private static double WeakerShare(ReadOnlySpan<double> sums) => Math.Min(sums[0], sums[1]) / (sums[0] + sums[1]);

    private static string Headline(double[] sums, Estimate weaker, Judgement judgement, int looks)
    {
        var (strong, weak) = sums[0] >= sums[1] ? ("classes", "boxes") : ("boxes", "classes");
        var share = $"{Phrases.Percent(weaker.Value)}{Phrases.Interval(weaker, Phrases.Percent)}";
        return judgement.Verdict == Verdict.Balanced
            ? $"both tasks shape the shared maps: {weak} have {share} of the gradients' length"
            : $"{strong} rule the shared maps: {weak} have {share} of the gradients' length{judgement.Doubt(looks, "looks inside a step")}";
    }

    /// <summary>Each loss at the end of the run over what it was at the start: the relative convergence of the tasks.</summary>
    private static IEnumerable<Measure> Convergence(RunTelemetry run)
        => from term in Terms(run)
           let values = Values(run, term)
           let width = Math.Max(1, (int)(values.Length * FirstShare))
           select new Measure($"{term.Stage}-{(term.Box ? "box" : "classification")}-left", Mean(values[^width..]) / Mean(values[..width]), null, null,
               $"the loss '{term.Name}' over the last {width:N0} of {values.Length:N0} steps, over what it was in the first {width:N0}; the task with the larger share learns more slowly")
           { Unit = "%", Label = $"left of the loss: {term.Name}" };

    private static List<Figure> Figures(RunTelemetry run, IReadOnlyList<ProbeLine> settled)
    {
        var figures = new List<Figure>();
        if (Terms(run) is { Count: > 0 } terms) figures.AddRange([Losses(run, terms), Relative(run, terms)]);
        if (run.Probes.Any(probe => probe.ClassificationGradients.Count > 0)) figures.Add(Gradients(run.Probes.Where(probe => probe.ClassificationGradients.Count > 0)));
        if (settled.Any(probe => probe.ClassificationGradients.Count > 0)) figures.Add(ByLevel(settled));
        return figures;
    }

    private static CurveFigure Losses(RunTelemetry run, IReadOnlyList<TermValue> terms) => new()
    {
        Title = "Each loss as it entered the sum",
        XLabel = "step",
        YLabel = "loss times its weight",
        X = Middles(run),
        Series = [.. terms.Select(term => new Series(term.Name, Stretch(Values(run, term, weighted: true))))],
    };

    private static CurveFigure Relative(RunTelemetry run, IReadOnlyList<TermValue> terms) => new()
    {
        Title = "What is left of each loss",
        XLabel = "step",
        YLabel = "loss over its start",
        X = Middles(run),
        Series = [.. terms.Select(term =>
        {
            var values = Values(run, term);
            var first = Mean(values[..Math.Max(1, (int)(values.Length * FirstShare))]);
            return new Series(term.Name, [.. Stretch(values).Select(value => value / first)]);
        })],
        Percent = true,
    };

    private static CurveFigure Gradients(IEnumerable<ProbeLine> probes) => new()
    {
        Title = "Gradients at the shared maps over training",
        XLabel = "step",
        YLabel = "L2 length over all levels",
        X = [.. probes.Select(probe => (double)probe.Step)],
        Series = [new("classes", [.. probes.Select(probe => Length(probe.ClassificationGradients))]), new("boxes", [.. probes.Select(probe => Length(probe.BoxGradients))])],
    };

    private static BarFigure ByLevel(IReadOnlyList<ProbeLine> settled)
    {
        var named = settled.Where(probe => probe.ClassificationGradients.Count == settled[0].Levels.Count).ToArray();
        return new()
        {
            Title = "Gradients at each level, second half of the run",
            XLabel = "mean L2 length",
            Categories = [.. settled[0].Levels],
            Series =
            [
                new("classes", [.. settled[0].Levels.Select((_, level) => named.Select(probe => probe.ClassificationGradients[level]).DefaultIfEmpty().Average())]),
                new("boxes", [.. settled[0].Levels.Select((_, level) => named.Select(probe => probe.BoxGradients[level]).DefaultIfEmpty().Average())]),
            ],
        };
    }

    private static List<Advice> Remedies(DiagnosisContext context, double[] sums, double weaker)
    {
        var (term, factor) = sums[0] >= sums[1] ? ("boxWeight", sums[0] / sums[1]) : ("classificationWeight", sums[1] / sums[0]);
        return
        [
            new()
            {
                Title = $"{(term == "boxWeight" ? "box" : "classification")} losses {Phrases.Number(factor)} times heavier",
                Effect = $"share of the weaker task in the gradients at the shared maps: {Phrases.Percent(weaker)} -> 50 % for the weights of this run",
                Computed = double.IsFinite(factor),
                Gain = double.IsFinite(factor) ? Math.Clamp((0.5 - weaker) / 0.5, 0, 1) : 0,
                Cost = "none in time; the sum grows, so the rate may have to fall",
                Command = context.Train("detector.objective.type=weighted-sum", FormattableString.Invariant($"detector.objective.{term}={factor:0.##}")),
            },
            new()
            {
                Title = "GradNorm",
                Effect = "weights are learned so that each loss sends gradients of like length",
                Cost = "one backward pass through the heads for each loss, every step",
                Command = context.Train("detector.objective.type=gradnorm"),
                Paper = "Chen et al. 2018, arXiv:1711.02257",
            },
            new()
            {
                Title = "guided loss",
                Effect = "the classification loss is held at a fixed ratio to the box loss",
                Cost = "none in time",
                Command = context.Train("detector.objective.type=guided"),
                Paper = "Chen et al. 2019, arXiv:1909.04868",
            },
            new()
            {
                Title = "uncertainty weighting",
                Effect = "each loss learns its own weight from how noisy it is",
                Cost = "two numbers more to learn",
                Command = context.Train("detector.objective.type=uncertainty"),
                Paper = "Kendall et al. 2018, arXiv:1705.07115",
            },
        ];
    }

    private static IReadOnlyList<TermValue> Terms(RunTelemetry run) => [.. run.Steps.SelectMany(step => step.Terms).DistinctBy(term => (term.Stage, term.Box))];

    private static double[] Values(RunTelemetry run, TermValue term, bool weighted = false) =>
    [
        .. run.Steps.Select(step => step.Terms.FirstOrDefault(each => each.Stage == term.Stage && each.Box == term.Box))
            .Select(each => each is null ? double.NaN : weighted ? each.Weighted : each.Value),
    ];

    private static double[] Stretch(double[] values) => [.. Stretched(values.Length).Select(range => Mean(values[range]))];

    private static double[] Middles(RunTelemetry run) => [.. Stretched(run.Steps.Count).Select(range => (run.Steps[range.Start.Value].Step + run.Steps[range.End.Value - 1].Step) / 2.0)];

    private static IEnumerable<Range> Stretched(int steps)
    {
        var parts = Math.Min(Stretches, steps);
        return Enumerable.Range(0, parts).Select(part => (int)((long)part * steps / parts)..(int)((part + 1L) * steps / parts));
    }

    private static double Mean(double[] values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
