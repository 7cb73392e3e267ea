using System.Globalization;

namespace Ballast;

/// <summary>The course of a training as sections of its report.</summary>
internal sealed class RunCourse(RunHistory history, int epochs)
{
    /// <summary>Points of a curve over steps.</summary>
    public const int MostPoints = 200;
    private const int MostClasses = 12;

    /// <summary>AP after each epoch, of all classes and of each.</summary>
    public Finding Progress()
    {
        var measured = history.Epochs;
        return new()
        {
            Id = "progress",
            Family = "training",
            Subject = "AP over the epochs",
            Verdict = Verdict.CannotTell,
            Headline = measured.Count == 0 ? $"{Phrases.Count(history.Steps.Count, "step", "steps")} done, not yet measured" : $"AP {Written(measured[^1].AP)} (AP50 {Written(measured[^1].AP50)}) after {measured[^1].Epoch} of {Phrases.Count(epochs, "epoch", "epochs")}{Best(measured)}",
            Meaning = "The last epoch is what is reported: the best on validation is chosen by what it is measured with, and so too good.",
            Deciding = measured.Count == 0 ? null : "AP",
            Measures = measured.Count == 0 ? [] : [new("AP", measured[^1].AP, null, null, "average precision over IoU 0.50 to 0.95, mean over classes, after the last epoch") { Unit = EvaluationReport.Digits }, new("AP50", measured[^1].AP50, null, null, "average precision at IoU 0.50, mean over classes, after the last epoch") { Unit = EvaluationReport.Digits }],
            Figures = measured.Count == 0 ? [] : [Overall(measured), .. history.Classes.Count > 1 ? [OfClasses(measured)] : Array.Empty<Figure>()],
            Tables = measured.Count == 0 ? [] : [EpochTable(measured)],
        };
    }

    /// <summary>Losses, learning rate, gradient norm.</summary>
    public Finding Losses()
    {
        var (x, loss) = history.Curve(step => step.Loss, MostPoints);
        return new()
        {
            Id = "losses",
            Family = "training",
            Subject = "losses",
            Verdict = Verdict.CannotTell,
            Headline = x.Length == 0 ? "no step was done" : $"the loss went from {Written(loss[0])} to {Written(loss[^1])} in {Phrases.Count(history.Steps.Count, "step", "steps")}",
            Meaning = "A loss that falls says that training runs; whether the detector is good is said by AP on images it never saw.",
            Deciding = x.Length == 0 ? null : "loss",
            Measures = x.Length == 0 ? [] : [new("loss", loss[^1], null, null, "the sum that is minimised, mean of the last steps") { Unit = EvaluationReport.Digits }],
            Figures = x.Length == 0 ? [] :
            [
                new CurveFigure { Title = "Losses as they enter the sum", XLabel = "step", YLabel = "loss", Unit = EvaluationReport.Digits, X = x, Series = [new("sum", loss), .. history.Terms.Select(name => new Series(name, history.Curve(step => Weighted(step, name), MostPoints).Y))] },
                Single("Learning rate", "rate", step => step.Rate),
                Single("L2 norm of all gradients, before clipping", "norm", step => step.GradientNorm),
            ],
        };
    }

    /// <summary>Which loss weighs most, over time: objective imbalance.</summary>
    public Finding Balance()
    {
        var (x, share) = history.Curve(BoxShare, MostPoints);
        var known = x.Length > 0 && share.Any(double.IsFinite);
        return new()
        {
            Id = "balance",
            Family = "objective",
            Subject = "classification against regression",
            Verdict = Verdict.CannotTell,
            Headline = known ? $"boxes make {Phrases.Percent(share.Last(double.IsFinite))} of the loss at the end, {Phrases.Percent(share.First(double.IsFinite))} at the start" : "the losses of classes and boxes are not both there",
            Meaning = "Where one task is nearly all of the loss, the other is learned by what is left of the gradient; an objective that weighs them (detector.objective) is the remedy.",
            Deciding = known ? "boxShare" : null,
            Measures = known ? [new("boxShare", share.Last(double.IsFinite), null, null, "share of the box losses in the sum, mean of the last steps") { Unit = "%", Label = "boxes in the loss" }] : [],
            Figures = known ? [new CurveFigure { Title = "Share of the box losses in the sum", XLabel = "step", YLabel = "share", Percent = true, Unit = "%", X = x, Series = [new("boxes", share)] }] : [],
        };
    }

    /// <summary>Time and memory.</summary>
    public Finding Speed()
    {
        var peak = history.Epochs.Select(epoch => epoch.PeakMiB).DefaultIfEmpty(double.NaN).Max();
        return new()
        {
            Id = "speed",
            Family = "data",
            Subject = "time and memory",
            Verdict = Verdict.CannotTell,
            Headline = history.Steps.Count == 0 ? "no step was done" : $"{history.SecondsPerStep.ToString("0.000", CultureInfo.InvariantCulture)} s a step, {Phrases.Number(history.ImagesPerSecond)} images a second{(double.IsFinite(peak) ? $", at most {Phrases.Number(peak)} MiB" : "")}",
            Meaning = "Time of a step includes the wait for its images; memory is the most the process has held.",
            Figures = history.Steps.Count == 0 ? [] : [Single("Seconds a step", "s", step => step.Seconds)],
        };
    }

    private CurveFigure Single(string title, string label, Func<StepLine, double> value)
    {
        var (x, y) = history.Curve(value, MostPoints);
        return new() { Title = title, XLabel = "step", YLabel = label, X = x, Series = [new(label, y)] };
    }

    private static CurveFigure Overall(IReadOnlyList<EpochLine> measured) => new()
    {
        Title = "AP after each epoch",
        XLabel = "epoch",
        YLabel = "AP",
        Unit = EvaluationReport.Digits,
        X = [.. measured.Select(epoch => (double)epoch.Epoch)],
        Series = [new("AP", [.. measured.Select(epoch => epoch.AP)]), new("AP50", [.. measured.Select(epoch => epoch.AP50)])],
    };

    private CurveFigure OfClasses(IReadOnlyList<EpochLine> measured)
    {
        // Many classes: those that end worst are what a person must see.
        var shown = Enumerable.Range(0, history.Classes.Count).Where(k => k < measured[^1].ClassAP50.Count).OrderBy(k => measured[^1].ClassAP50[k]).Take(MostClasses).Order().ToArray();
        return new()
        {
            Title = shown.Length < history.Classes.Count ? $"AP50 of the {shown.Length} classes that end lowest" : "AP50 of each class",
            XLabel = "epoch",
            YLabel = "AP50",
            Unit = EvaluationReport.Digits,
            X = [.. measured.Select(epoch => (double)epoch.Epoch)],
            Series = [.. shown.Select(k => new Series(history.Classes[k], [.. measured.Select(epoch => epoch.ClassAP50[k])]) { Class = k })],
        };
    }

    private static Table EpochTable(IReadOnlyList<EpochLine> measured) => new(
        "Epochs",
        ["epoch", "step", "AP", "AP50", "measured in", "memory"],
        [.. measured.Select(epoch => (IReadOnlyList<string>)
        [
            $"{epoch.Epoch}", $"{epoch.Step:N0}", Written(epoch.AP), Written(epoch.AP50), $"{epoch.Seconds.ToString("0.0", CultureInfo.InvariantCulture)} s", $"{epoch.PeakMiB:N0} MiB",
        ])]);

    private static string Best(IReadOnlyList<EpochLine> measured)
    {
        var best = measured.MaxBy(epoch => epoch.AP)!;
        return best.Epoch == measured[^1].Epoch || double.IsNaN(best.AP) ? "" : $"; it was highest after epoch {best.Epoch} with {Written(best.AP)}";
    }

    private static double Weighted(StepLine step, string name)
    {
        var own = step.Terms.Where(term => term.Name == name).ToArray();
        return own.Length == 0 ? double.NaN : own.Sum(term => term.Weighted);
    }

    private static double BoxShare(StepLine step)
    {
        var (all, boxes) = (step.Terms.Sum(term => Math.Abs(term.Weighted)), step.Terms.Where(term => term.Box).Sum(term => Math.Abs(term.Weighted)));
        return all > 0 && step.Terms.Any(term => term.Box) && step.Terms.Any(term => !term.Box) ? boxes / all : double.NaN;
    }

    private static string Written(double figure) => double.IsNaN(figure) ? "undefined" : figure.ToString(EvaluationReport.Digits, CultureInfo.InvariantCulture);
}
