using System.Diagnostics;

namespace Ballast.Training;

/// <summary>
/// Records a run: its steps, what is seen inside some of them, its epochs, and what it finds of training and validation objects. Everything goes to <c>telemetry.jsonl</c>,
/// and to TensorBoard's events where they are asked for.
/// </summary>
public sealed class TelemetryRecorder : IDisposable
{
    private readonly Detector _detector;
    private readonly TelemetryOptions _options;
    private readonly TelemetryWriter _writer;
    private readonly TensorBoardFile? _events;
    private readonly TelemetryProbe _probe;

    /// <summary>Begins to record, or goes on: what stands in the file of steps that are done again is taken away.</summary>
    /// <param name="file">The telemetry file; events for TensorBoard lie beside it.</param>
    /// <param name="detector">What is trained.</param>
    /// <param name="options">What is looked at.</param>
    /// <param name="step">Steps that are done.</param>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public TelemetryRecorder(string file, Detector detector, TelemetryOptions options, long step = 0)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(options);
        (_detector, _options) = (detector, options);
        _writer = new(file, step);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";
        _events = options.TensorBoard ? new(Path.Combine(folder, TensorBoardFile.NameFor(step)), detector.Facts.Classes) : null;
        _probe = new(detector, options);
    }

    /// <summary>Says which step comes.</summary>
    /// <param name="step">Steps that will be done when it is over, from 1.</param>
    public void Begin(long step) => _probe.Begin(step);

    /// <summary>Appends a line; after that of a step, what was seen inside it.</summary>
    public void Write(TelemetryLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        Append(line);
        if (line is StepLine && _probe.Take() is { } look) Append(look);
    }

    /// <summary>Looks again at some of an epoch's training batches, beside what validation found; the detector is left evaluating.</summary>
    /// <param name="step">Steps that are done.</param>
    /// <param name="epoch">Epochs that are done, from 1.</param>
    /// <param name="source">The training batches.</param>
    /// <param name="validation">What was found after the epoch.</param>
    /// <exception cref="InputException">It was not measured at IoU 0.5.</exception>
    public void Recall(long step, int epoch, IBatchSource source, CocoEvaluation validation)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(validation);
        var half = validation.Options.IoUThresholds.ToList().IndexOf(ObjectRecall.UsualOverlap);
        if (half < 0) throw new InputException($"Validation was not measured at IoU {ObjectRecall.UsualOverlap}, at which objects count as found; add it to EvaluationOptions.IoUThresholds.");
        if (_options.RecallFraction == 0) return;
        var clock = Stopwatch.StartNew();
        var training = ObjectRecall.Of(_detector, source, ObjectRecall.Again(epoch, source.StepsPerEpoch, _options.RecallFraction));
        var objects = Enumerable.Range(0, validation.Classes.Count).Select(k => (long)validation.Objects(k)).ToArray();
        Append(new RecallLine
        {
            Step = step,
            Epoch = epoch,
            Overlap = ObjectRecall.UsualOverlap,
            TrainingObjects = training.Objects,
            TrainingFound = training.Found,
            ValidationObjects = [.. objects],
            ValidationFound = [.. objects.Select((count, k) => count == 0 ? 0 : (long)Math.Round(count * validation.Recall(k, half, 0, validation.Options.DetectionLimits.Count - 1)))],
            Seconds = clock.Elapsed.TotalSeconds,
        });
    }

    /// <summary>Hands what is buffered to the system, so that it outlives this process.</summary>
    public void Flush()
    {
        _writer.Flush();
        _events?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _probe.Dispose();
        _events?.Dispose();
        _writer.Dispose();
    }

    private void Append(TelemetryLine line)
    {
        _writer.Write(line);
        _events?.Write(line);
    }
}
