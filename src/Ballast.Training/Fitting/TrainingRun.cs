using System.Diagnostics;
using System.Globalization;

namespace Ballast.Training;

/// <summary>
/// A training from its data to its report: reads and diagnoses the data, trains epoch by epoch, measures after each, keeps checkpoints, and writes what is left of it. A run
/// that stopped at any moment goes on from its last checkpoint.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(5);

    private readonly TrainingPlan _plan;
    private readonly RunFiles _files;
    private readonly ITrainingView _view;
    private readonly CancellationToken _cancellation;
    private readonly TrainingData _data;
    private readonly TrainingOutlook _outlook;
    private readonly Detector _detector;
    private readonly Trainer _trainer;
    private readonly BatchLoader _batches;
    private readonly TelemetryRecorder _telemetry;
    private readonly Validation _validation;
    private readonly PaceKeeper _pace;

    private TrainingRun(TrainingPlan plan, RunFiles files, TrainingData data, TrainingOutlook outlook, ITrainingView view, CancellationToken cancellation)
    {
        (_plan, _files, _data, _outlook, _view, _cancellation) = (plan, files, data, outlook, view, cancellation);
        var (recipe, device) = (plan.Recipe, plan.Target);
        _detector = recipe.Detector.Build(outlook.FactsOf(data.Train), device, recipe.Training.Seed);
        var goesOn = plan.Resume && files.Checkpoints.Exists;
        // Before the trainer is made, for its average starts as a copy.
        if (recipe.Detector.Weights is { } weights && !goesOn) view.Note(StartingWeights.Load(_detector, weights));
        _trainer = new(_detector, recipe.Training);
        _batches = new(data.Train, InputTransform.Of(recipe.Detector), recipe.Loader with { Strict = recipe.Loader.Strict || plan.Loading.Flaws == FlawPolicy.Strict }, recipe.Training.Seed);
        _validation = new(data.Validation, device);
        _pace = new(recipe.Training.Epochs, _trainer.StepsPerEpoch(_batches));
        if (goesOn)
        {
            foreach (var note in files.Checkpoints.Resume(_trainer)) view.Note(note);
        }

        _telemetry = new(files.Telemetry, _detector, recipe.Telemetry, _trainer.Step);
    }

    /// <summary>Trains, or goes on training.</summary>
    /// <param name="plan">What, and where it is kept.</param>
    /// <param name="view">Is told how it goes.</param>
    /// <param name="cancellation">Stops it after the step that runs, with a checkpoint.</param>
    /// <returns>What the last checkpoint is worth on validation.</returns>
    /// <exception cref="InputException">The recipe, the data or the folder cannot be used, a loss is no longer finite, or memory is out.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrainingResult Train(TrainingPlan plan, ITrainingView view, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(view);
        plan.Recipe.Validate();
        StartingWeights.Check(plan.Recipe.Detector);
        var files = new RunFiles(plan.Folder);
        files.Check(plan);
        using var data = Open(plan, files, view, cancellation);
        foreach (var note in data.Notes) view.Note(note);
        TrainingOutlook outlook;
        using (var progress = view.Progress("diagnosing the labels")) outlook = TrainingOutlook.Of(data.Train, plan.Recipe.Detector, plan.Recipe.Training.Seed, progress, cancellation);
        view.Foretold(outlook);
        foreach (var note in plan.Recipe.Notes) view.Note(note);
        using var run = new TrainingRun(plan, files, data, outlook, view, cancellation);
        files.Begin(plan.Recipe, run._detector.Facts, data.Split);
        return run.ToTheEnd();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _telemetry.Dispose();
        _batches.Dispose();
        _trainer.Dispose();
        _detector.Dispose();
    }

    private static TrainingData Open(TrainingPlan plan, RunFiles files, ITrainingView view, CancellationToken cancellation)
    {
        using var progress = view.Progress("reading the data");
        return TrainingData.Open(plan.Recipe, plan.Loading with { Progress = progress, Cancellation = cancellation }, plan.Resume ? files.LoadSplit() : null, plan.SplitSeed ?? plan.Recipe.Training.Seed);
    }

    private TrainingResult ToTheEnd()
    {
        var (stepsPerEpoch, result) = (_trainer.StepsPerEpoch(_batches), (ValidationResult?)null);
        _view.Began(_plan.Recipe.Training.Epochs, _pace.Steps, _trainer.Step);
        var sinceCheckpoint = Stopwatch.StartNew();
        // A run that was stopped while it measured an epoch measures it now.
        if (_trainer.Step > 0 && _trainer.Step % stepsPerEpoch == 0) result = Measure(stepsPerEpoch);
        while (_trainer.Step < _pace.Steps)
        {
            if (_cancellation.IsCancellationRequested) Stop();
            Step();
            if (_trainer.Step % stepsPerEpoch == 0)
            {
                _detector.Objective.EndEpoch();
                Keep();
                result = Measure(stepsPerEpoch);
                sinceCheckpoint.Restart();
            }
            else if (sinceCheckpoint.Elapsed > CheckpointInterval)
            {
                Keep();
                sinceCheckpoint.Restart();
            }
        }

        return Finish(result!);
    }

    private void Step()
    {
        var clock = Stopwatch.StartNew();
        TrainedStep step;
        try
        {
            _telemetry.Begin(_trainer.Step + 1);
            step = _trainer.Advance(_batches);
        }
        catch (Exception e) when (OutOfMemory.Is(e))
        {
            throw OutOfMemory.Explain(e, _trainer.Step + 1, _plan.Recipe.Loader.BatchSize, _plan.Recipe.Detector.Profile.Input);
        }

        var (seconds, images) = (clock.Elapsed.TotalSeconds, _plan.Recipe.Loader.BatchSize * _plan.Recipe.Training.BatchesPerStep);
        var line = new StepLine
        {
            Step = _trainer.Step,
            Loss = step.Total,
            Terms = [.. step.Losses.Select(loss => new TermValue(loss.Stage, loss.IsBox, loss.Value, loss.Weight))],
            Rate = step.Rate,
            GradientNorm = step.GradientNorm,
            Seconds = seconds,
            Images = images,
        };
        _telemetry.Write(line);
        _pace.Stepped(seconds, images);
        _view.Stepped(_pace.Pace(line));
        if (_pace.Estimate(_trainer.Step) is { } estimate) _view.Estimated(estimate);
    }

    /// <summary>Measures the epoch that ended, and keeps the detector as it is now for use.</summary>
    private ValidationResult Measure(int stepsPerEpoch)
    {
        var epoch = (int)(_trainer.Step / stepsPerEpoch);
        var before = _files.Measured();
        ValidationResult result;
        ScoreThresholds thresholds;
        using (_trainer.Average?.Use()) (result, thresholds) = Look(epoch, before);
        if (before.HasMeasured(_trainer.Step)) return result;
        var figures = result.Evaluation;
        // Before its line is: a run that dies between the two measures the epoch again, and keeps it then.
        if (before.IsBest(figures.Overall.AP)) _files.Checkpoints.SaveBest(_trainer, thresholds);
        var line = new EpochLine
        {
            Step = _trainer.Step,
            Epoch = epoch,
            AP = figures.Overall.AP,
            AP50 = figures.Overall.AP50,
            ClassAP = [.. figures.Classes.Select(each => each.Figures.AP)],
            ClassAP50 = [.. figures.Classes.Select(each => each.Figures.AP50)],
            Seconds = result.Elapsed.TotalSeconds,
            PeakMiB = PaceKeeper.PeakMiB,
        };
        _telemetry.Write(line);
        _telemetry.Flush();
        _pace.Validated(line.Seconds);
        if (epoch == 1 && result.Skipped.Count > 0) _view.Note($"{Phrases.Count(result.Skipped.Count, "image", "images")} of validation cannot be decoded and count as if nothing was found: {result.Skipped[0]}");
        _view.Measured(line, [.. _detector.Facts.Classes]);
        Report(_files.History(_detector.Facts), null, null);
        return result;
    }

    /// <summary>What the detector finds of validation, and again of some of what it was shown.</summary>
    private (ValidationResult Result, ScoreThresholds Thresholds) Look(int epoch, MeasuredEpochs before)
    {
        ValidationResult result;
        try
        {
            using var progress = _view.Progress($"measuring epoch {epoch}");
            result = _validation.Run(_detector, progress, _cancellation);
        }
        catch (OperationCanceledException)
        {
            SayHowToGoOn();
            throw;
        }

        var thresholds = ScoreThresholds.Choose(result.Evaluation);
        _files.Folder.Save(_plan.Recipe, _detector, thresholds);
        // A run that died between the two lines writes the one that is missing.
        if (!before.HasRecalled(_trainer.Step)) _telemetry.Recall(_trainer.Step, epoch, _batches.Rereading, result.Evaluation);
        return (result, thresholds);
    }

    private TrainingResult Finish(ValidationResult measured)
    {
        if (_batches.Skipped is { Count: > 0 } skipped) _view.Note($"{Phrases.Count(skipped.Count, "image was", "images were")} skipped in training: {skipped.First().Value}; others took {(skipped.Count == 1 ? "its" : "their")} place");
        measured.Save(_files.Detections);
        EvaluationSummary summary;
        using (var progress = _view.Progress("measuring the last checkpoint"))
        {
            var options = new EvaluationSummaryOptions { Profile = _plan.Recipe.Detector.Profile, Training = _data.Train, Seed = _plan.Recipe.Training.Seed, Replicates = _plan.Replicates, Progress = progress, Cancellation = _cancellation };
            summary = EvaluationSummary.Of(_data.Validation, measured.Evaluation.Detections, options);
        }

        var (thresholds, history) = (ScoreThresholds.Choose(measured.Evaluation), _files.History(_detector.Facts));
        Report(history, summary, thresholds);
        var result = new TrainingResult(_plan.Folder, history, summary, thresholds, summary.Detections, _plan.Recipe, Math.Max(PaceKeeper.PeakMiB, history.Epochs.Max(epoch => epoch.PeakMiB)));
        AtomicFile.Write(_files.Result, result.WriteJson);
        return result;
    }

    private void Report(RunHistory history, EvaluationSummary? summary, ScoreThresholds? thresholds)
    {
        var input = new RunReportInput(_plan.Recipe.Name ?? Path.GetFileName(_files.Folder.FullPath), RecipeReader.ToJson(_plan.Recipe), _data.Train, history, _outlook.Diagnosis)
        {
            Evaluation = summary,
            Thresholds = thresholds,
            Epochs = _plan.Recipe.Training.Epochs,
            Facts =
            [
                ("device", _plan.Device), ("threads", TorchSharp.torch.get_num_threads().ToString(CultureInfo.InvariantCulture)), ("seed", _plan.Recipe.Training.Seed.ToString(CultureInfo.InvariantCulture)),
                .. _data.Split is { } split ? [("split", $"stratified, seed {split.Seed}: {string.Join(", ", split.Parts.Select(part => $"{part.Name} {part.Images.Count:N0} images"))}")] : Array.Empty<(string, string)>(),
            ],
        };
        RunReport.Save(input, _files.Report, _cancellation);
    }

    /// <summary>Telemetry reaches the disk before the checkpoint does: a resumed run then finds the line of every step it does not do again.</summary>
    private void Keep()
    {
        _telemetry.Flush();
        _files.Checkpoints.Save(_trainer);
    }

    private void Stop()
    {
        Keep();
        SayHowToGoOn();
        _cancellation.ThrowIfCancellationRequested();
    }

    private void SayHowToGoOn() => _view.Note($"stopped after step {_trainer.Step:N0} of {_pace.Steps:N0}; go on with: ballast train --resume -o {Shell.Quote(_plan.Folder)}");
}
