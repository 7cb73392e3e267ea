namespace Ballast.Training;

/// <summary>How a run stands after a step.</summary>
/// <param name="Line">The step, as telemetry has it.</param>
/// <param name="Epoch">The epoch it belongs to, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Steps">All steps.</param>
/// <param name="SecondsLeft">Estimated from the last steps and the validations so far; NaN after the first step.</param>
/// <param name="ImagesPerSecond">Of the last steps; NaN after the first step.</param>
/// <param name="PeakMiB">The most memory the process has held, MiB.</param>
public readonly record struct TrainingPace(StepLine Line, int Epoch, int Epochs, long Steps, double SecondsLeft, double ImagesPerSecond, double PeakMiB);

/// <summary>What the first steps say of the whole run.</summary>
/// <param name="Measured">Steps it is estimated from, the first left out.</param>
/// <param name="Steps">Steps that are left.</param>
/// <param name="Seconds">Of the steps that are left, validation not counted.</param>
/// <param name="PeakMiB">The most memory the process has held so far, MiB.</param>
public readonly record struct TrainingEstimate(int Measured, long Steps, double Seconds, double PeakMiB);

/// <summary>Is told how a training goes; all calls come from the thread that trains.</summary>
public interface ITrainingView
{
    /// <summary>Something a person should know: what was taken for what, what was left out.</summary>
    void Note(string text);

    /// <summary>What the labels say before the first step.</summary>
    void Foretold(TrainingOutlook outlook);

    /// <summary>The first step is about to begin.</summary>
    /// <param name="epochs">All epochs.</param>
    /// <param name="steps">All steps.</param>
    /// <param name="done">Steps that were done before: 0 unless the run is resumed.</param>
    void Began(int epochs, long steps, long done);

    /// <summary>A step is done.</summary>
    void Stepped(in TrainingPace pace);

    /// <summary>The first steps are done.</summary>
    void Estimated(in TrainingEstimate estimate);

    /// <summary>Something long begins beside the steps, such as a validation.</summary>
    /// <returns>Takes the share done, in [0, 1], and is disposed of at its end.</returns>
    ITrainingProgress Progress(string what);

    /// <summary>An epoch was measured.</summary>
    /// <param name="line">As telemetry has it.</param>
    /// <param name="classes">K class names.</param>
    void Measured(EpochLine line, IReadOnlyList<string> classes);
}

/// <summary>Takes how far something long is.</summary>
public interface ITrainingProgress : IProgress<double>, IDisposable;
