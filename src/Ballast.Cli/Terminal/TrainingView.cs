using System.Globalization;
using Ballast.Training;
using Spectre.Console;

namespace Ballast.Cli;

/// <summary>
/// A training as it goes, on stderr: what the labels foretell, losses, time left, images a second and memory drawn over after each step, AP after each epoch. Where stderr is
/// no terminal, a line every few seconds.
/// </summary>
internal sealed class TrainingView(Terminal terminal, TimeProvider time) : ITrainingView, IDisposable
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);
    private const int MostClasses = 6;
    private const int Cells = 30;
    private const int Indent = 2;

    private readonly LiveLines _lines = terminal.Live();
    private long _last;
    private bool _isFirst = true;

    /// <inheritdoc/>
    public void Note(string text) => _lines.Keep([terminal.Safe(text)]);

    /// <inheritdoc/>
    public void Foretold(TrainingOutlook outlook)
    {
        var profile = outlook.Diagnosis.Options.Profile;
        _lines.Keep(Wrapped($"Before the first step, by the labels alone, at input side {profile.Input} with the anchors of {profile.Name}:", 0));
        if (outlook.Concerns.Count == 0) _lines.Keep(Wrapped("nothing holds the training back.", Indent));
        foreach (var finding in outlook.Concerns)
        {
            _lines.Keep(Wrapped($"{(finding.Verdict == Verdict.Severe ? "SEVERE" : "mild")}  {finding.Subject}: {finding.Headline}", Indent));
            foreach (var (_, advice) in outlook.Helps.Where(pair => pair.Finding == finding)) _lines.Keep(Wrapped($"helps: {advice.Title}: {advice.Effect}", Indent * 3));
        }

        if (!outlook.IsOfAssigner) _lines.Keep(Wrapped($"This recipe assigns anchors in another way ({RecipeKind.Of(outlook.Assigner!)}); what is said of anchors holds for thresholds on IoU.", Indent));
    }

    /// <inheritdoc/>
    public void Began(int epochs, long steps, long done)
        => Note(done == 0 ? $"training: {Plural.Of(epochs, "epoch", "epochs")}, {Plural.Of(steps, "step", "steps")}" : $"training: goes on after step {done:N0} of {steps:N0}");

    /// <inheritdoc/>
    public void Stepped(in TrainingPace pace)
    {
        if (!_isFirst && time.GetElapsedTime(_last) < (_lines.IsLive ? LiveInterval : LineInterval)) return;
        (_isFirst, _last) = (false, time.GetTimestamp());
        if (_lines.IsLive) _lines.Draw(Block(pace));
        else Note($"step {pace.Line.Step:N0}/{pace.Steps:N0}, epoch {pace.Epoch}/{pace.Epochs}: {Losses(pace.Line)}; {Speed(pace)}");
    }

    /// <inheritdoc/>
    public void Estimated(in TrainingEstimate estimate)
        => Note($"estimate from {Plural.Of(estimate.Measured, "step", "steps")}: {Duration(estimate.Seconds)} for the {Plural.Of(estimate.Steps, "step", "steps")} left, validation not counted; memory so far {estimate.PeakMiB:N0} MiB");

    /// <inheritdoc/>
    public ITrainingProgress Progress(string what)
    {
        _lines.Draw([]);
        return new Part(terminal.Progress(what));
    }

    /// <inheritdoc/>
    public void Measured(EpochLine line, IReadOnlyList<string> classes)
    {
        var worst = Enumerable.Range(0, classes.Count).OrderBy(k => line.ClassAP50[k]).Take(MostClasses).Select(k => $"{classes[k]} {Figure(line.ClassAP50[k])}");
        var which = classes.Count > MostClasses ? $"the {MostClasses} lowest: " : "";
        _lines.Keep(Wrapped($"epoch {line.Epoch}: AP {Figure(line.AP)}, AP50 {Figure(line.AP50)} ({which}{string.Join(", ", worst)})", 0));
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private string[] Block(in TrainingPace pace)
    {
        var share = (double)pace.Line.Step / pace.Steps;
        var full = (int)(share * Cells);
        return
        [
            Cut($"[{new string('#', full)}{new string('.', Cells - full)}] {share * 100:0} %  epoch {pace.Epoch} of {pace.Epochs}, step {pace.Line.Step:N0} of {pace.Steps:N0}"),
            Cut($"  {Losses(pace.Line)}"),
            Cut(string.Create(CultureInfo.InvariantCulture, $"  rate {pace.Line.Rate:g3}, gradient {pace.Line.GradientNorm:g3}; {Speed(pace)}")),
        ];
    }

    private static string Losses(StepLine line) => $"loss {Figure(line.Loss)} ({string.Join(", ", line.Terms.Select(term => $"{term.Name} {Figure(term.Weighted)}"))})";

    private static string Speed(in TrainingPace pace)
    {
        var speed = double.IsNaN(pace.ImagesPerSecond) ? "" : string.Create(CultureInfo.InvariantCulture, $"{pace.ImagesPerSecond:0.0} images a second, ");
        return $"{speed}{pace.PeakMiB:N0} MiB{(double.IsNaN(pace.SecondsLeft) ? "" : $", {Duration(pace.SecondsLeft)} left")}";
    }

    /// <summary>A terminal would wrap a longer line, and the next drawing would miss by one.</summary>
    private string Cut(string text)
    {
        var safe = terminal.Safe(text);
        return safe.Length < terminal.Info.Width ? safe : safe[..(terminal.Info.Width - 1)];
    }

    private IReadOnlyList<string> Wrapped(string text, int indent) => terminal.Render(new Padder(terminal.Text(text), new Padding(indent, 0, 0, 0)));

    private static string Duration(double seconds) => seconds switch
    {
        < 99 => $"{Math.Ceiling(seconds):0} s",
        < 99 * 60 => $"{Math.Ceiling(seconds / 60):0} min",
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    private static string Figure(double value) => double.IsNaN(value) ? "undefined" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private sealed class Part(ProgressDisplay display) : ITrainingProgress
    {
        public void Report(double value) => display.Report(value);

        public void Dispose() => display.Dispose();
    }
}
