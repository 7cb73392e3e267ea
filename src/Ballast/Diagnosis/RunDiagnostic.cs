namespace Ballast;

/// <summary>A finding that only a training run can show: concluded from its telemetry, beside the findings of the labels.</summary>
internal abstract class RunDiagnostic : Diagnostic
{
    /// <summary>The diagnostics of a run, in the article's order.</summary>
    public static IReadOnlyList<RunDiagnostic> All { get; } = [new RunRecall(), new RunLevels(), new RunOverlaps(), new RunBoxLoss()];

    /// <inheritdoc/>
    public sealed override Finding Conclude(DiagnosisContext context)
    {
        var run = context.Options.Run ?? throw new InvalidOperationException("There is no run to conclude from.");
        return Conclude(context, run);
    }

    /// <summary>Says what the telemetry means.</summary>
    protected abstract Finding Conclude(DiagnosisContext context, RunTelemetry run);

    /// <summary>"cannot tell: ..." for a run of too few looks; null when there are enough.</summary>
    public static string? TooFew(int looks)
        => looks == 0 ? "cannot tell: the run recorded no look inside a step"
            : looks < Verdicts.FewestProbes ? $"cannot tell from {Phrases.Count(looks, "look", "looks")} inside a step; {Verdicts.FewestProbes} are needed in the second half of the run"
            : null;

    /// <summary>The verdict of an estimate; without enough looks none.</summary>
    public static Judgement Judge(Threshold threshold, Estimate estimate, int looks)
        => TooFew(looks) is null ? threshold.Judge(estimate) : new(Verdict.CannotTell, Verdict.Balanced, Verdict.Severe);

    /// <summary>The same stage in another look; null where it is not there.</summary>
    public static StageProbe? StageOf(ProbeLine probe, string stage) => probe.Stages.FirstOrDefault(each => each.Stage == stage);

    /// <summary>The stages that have boxes, in the detector's order.</summary>
    public static string[] StagesOf(IReadOnlyList<ProbeLine> probes) => [.. probes.SelectMany(probe => probe.Stages).Select(stage => stage.Stage).Distinct()];

    /// <summary>Counts as numbers.</summary>
    public static double[] Numbers(Values<long>? counts) => counts is null ? [] : [.. counts.Select(count => (double)count)];
}
