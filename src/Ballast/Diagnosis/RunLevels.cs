namespace Ballast;

/// <summary>Scale imbalance of features as training feels it: how long the gradients are that reach each level of the pyramid.</summary>
internal sealed class RunLevels : RunDiagnostic
{
    public override string Id => "scale-level-run";

    protected override Finding Conclude(DiagnosisContext context, RunTelemetry run)
    {
        var settled = run.Settled;
        var frame = new Finding
        {
            Id = Id,
            Family = "scale",
            Subject = "gradients by level",
            Verdict = Verdict.CannotTell,
            Headline = TooFew(settled.Count) ?? "",
            Meaning = "A level that little gradient reaches learns little, whatever lies on it; the shared layers become what the level with the longest gradient asks for.",
        };
        var estimates = new ProbeEstimates(settled, context.Options.Seed);
        var lengths = estimates.Sum(Lengths);
        if (lengths.Length < 2) return frame with { Headline = frame.Headline.Length > 0 ? frame.Headline : "cannot tell: the run recorded no gradients of several levels" };
        var names = settled.First(probe => probe.Levels.Count == lengths.Length).Levels;
        var evenness = estimates.Of(Lengths, sums => ImbalanceMeasures.Evenness(sums));
        var judgement = Judge(Verdicts.GradientLevelEvenness, evenness, settled.Count);
        Estimate[] shares = [.. Enumerable.Range(0, lengths.Length).Select(level => estimates.Of(Lengths, sums => sums[level] / ImbalanceMeasures.Sum(sums)))];
        var largest = Array.IndexOf(lengths, lengths.Max());
        return frame with
        {
            Verdict = judgement.Verdict,
            Headline = frame.Headline.Length > 0 ? frame.Headline : Headline(names, shares, largest, judgement, settled.Count),
            Deciding = "evenness",
            Measures =
            [
                evenness.As("evenness", "entropy of the gradients' lengths over pyramid levels, over its maximum, in [0, 1]; 1 is even") with { Label = "evenness of gradients over levels" },
                .. names.Select((name, level) => shares[level].As($"share-{name.ToLowerInvariant()}", $"share of {name} in the lengths of the gradients at the shared maps, in [0, 1]") with { Unit = "%", Label = $"gradient on {name}" }),
            ],
            Figures = [ShareFigure(names, shares), .. Positives(context, settled)],
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context),
        };
    }

    /// <summary>[L]: lengths of the gradient of both tasks together; |a + b|^2 = a^2 + b^2 + 2 a b cos.</summary>
    private static double[] Lengths(ProbeLine probe)
    {
        return [.. Enumerable.Range(0, probe.ClassificationGradients.Count).Select(Length)];

        double Length(int level)
        {
            var (a, b, cosine) = (probe.ClassificationGradients[level], probe.BoxGradients[level], probe.Cosines[level]);
            return Math.Sqrt(Math.Max(0, (a * a) + (b * b) + (double.IsNaN(cosine) ? 0 : 2 * a * b * cosine)));
        }
    }

    private static string Headline(Values<string> names, Estimate[] shares, int largest, Judgement judgement, int looks)
    {
        if (judgement.Verdict == Verdict.Balanced) return $"gradients reach all levels: {string.Join(", ", names.Select((name, level) => $"{name} {Phrases.Percent(shares[level].Value)}"))}";
        var starved = names.Where((_, level) => shares[level].Value < Verdicts.StarvedLevelFraction).ToArray();
        var few = starved.Length > 0 ? $"; {Phrases.List(starved)} {(starved.Length == 1 ? "gets" : "get")} under {Phrases.Percent(Verdicts.StarvedLevelFraction)}" : "";
        return $"{names[largest]} gets {Phrases.Percent(shares[largest].Value)}{Phrases.Interval(shares[largest], Phrases.Percent)} of the gradients' length{few}{judgement.Doubt(looks, "looks inside a step")}";
    }

    private static BarFigure ShareFigure(Values<string> names, Estimate[] shares) => new()
    {
        Title = "Gradient that reaches each level",
        XLabel = "share of the gradients' length",
        Categories = [.. names],
        Series = [new("gradient", [.. shares.Select(share => share.Value)]) { Low = [.. shares.Select(share => share.Low)], High = [.. shares.Select(share => share.High)] }],
        Percent = true,
    };

    /// <summary>Positives of each class on each level, of the last stage that tells classes.</summary>
    private static IEnumerable<Figure> Positives(DiagnosisContext context, IReadOnlyList<ProbeLine> settled)
    {
        var stage = settled.SelectMany(probe => probe.Stages).LastOrDefault(stage => stage.OwnGradients.Count == context.Classes.Count);
        if (stage is null) yield break;
        var levels = settled[0].Levels;
        var counts = new ProbeEstimates(settled, 0).Sum(probe => probe.Levels.Count == levels.Count ? Numbers(StageOf(probe, stage.Stage)?.Positives) : []);
        if (counts.Length != context.Classes.Count * levels.Count || ImbalanceMeasures.Sum(counts) == 0) yield break;
        int[] classes = [.. Enumerable.Range(0, context.Classes.Count).Where(@class => ImbalanceMeasures.Sum(Row(@class)) > 0)];
        yield return new HeatFigure
        {
            Title = $"Positives of each class on each level, stage {stage.Stage}",
            Columns = [.. levels],
            Rows = [.. classes.Select(@class => context.Classes[@class])],
            Values = [.. classes.Select(@class => Row(@class).ToArray().Select(count => count / ImbalanceMeasures.Sum(Row(@class))).ToArray())],
            Percent = true,
        };

        ReadOnlySpan<double> Row(int @class) => counts.AsSpan(@class * levels.Count, levels.Count);
    }

    private static IReadOnlyList<Advice> Remedies(DiagnosisContext context) =>
    [
        new()
        {
            Title = "balanced feature pyramid",
            Effect = "each level gets the mean of all levels, so gradients of one reach all",
            Cost = "a few convolutions in the neck",
            Command = context.Train("detector.neck.type=balanced-feature-pyramid"),
            Paper = "Pang et al. 2019, arXiv:1904.02701",
        },
        new()
        {
            Title = "PANet",
            Effect = "a bottom-up path carries gradients of the coarse levels to the fine ones",
            Cost = "a second pyramid in the neck",
            Command = context.Train("detector.neck.type=path-aggregation"),
            Paper = "Liu et al. 2018, arXiv:1803.01534",
        },
    ];
}
