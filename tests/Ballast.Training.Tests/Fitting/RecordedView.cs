namespace Ballast.Training.Tests;

/// <summary>Keeps what a run says, and can stop it after a step.</summary>
internal sealed class RecordedView : ITrainingView, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public List<string> Notes { get; } = [];

    public List<StepLine> Steps { get; } = [];

    public List<EpochLine> Epochs { get; } = [];

    public List<TrainingEstimate> Estimates { get; } = [];

    public TrainingOutlook? Outlook { get; private set; }

    /// <summary>Stops after this step; 0 for never.</summary>
    public long StopAfter { get; init; }

    /// <summary>Stops when something of this name begins.</summary>
    public string? StopIn { get; init; }

    public CancellationToken Cancellation => _source.Token;

    public void Note(string text) => Notes.Add(text);

    public void Foretold(TrainingOutlook outlook) => Outlook = outlook;

    public void Began(int epochs, long steps, long done)
    {
    }

    public void Stepped(in TrainingPace pace)
    {
        Steps.Add(pace.Line);
        if (pace.Line.Step == StopAfter) _source.Cancel();
    }

    public void Estimated(in TrainingEstimate estimate) => Estimates.Add(estimate);

    public ITrainingProgress Progress(string what)
    {
        if (what == StopIn) _source.Cancel();
        return new Nothing();
    }

    public void Measured(EpochLine line, IReadOnlyList<string> classes) => Epochs.Add(line);

    public void Dispose() => _source.Dispose();

    private sealed class Nothing : ITrainingProgress
    {
        public void Report(double value)
        {
        }

        public void Dispose()
        {
        }
    }
}
