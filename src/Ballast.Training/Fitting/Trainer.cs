using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Trains a detector. A step is a pure function of the weights and the step's number: rates, batches and draws follow from the number, so a training that stopped
/// goes on to the same bits.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly Device _device;

    /// <summary>Makes a trainer.</summary>
    /// <param name="detector">On its device; the optimizer's memory is keyed by where its weights lie.</param>
    /// <param name="options">How long and how fast it learns.</param>
    /// <exception cref="InputException">The options do not fit the detector, or nothing in it is trained.</exception>
    public Trainer(Detector detector, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(detector);
        (Detector, Options) = (detector, options);
        _parameters = [.. detector.parameters().Where(parameter => parameter.requires_grad)];
        if (_parameters.Length == 0) throw new InputException("Nothing in the detector is trained: all stages are frozen. Freeze fewer.");
        _device = _parameters[0].device;
        var weighing = detector.Objective.parameters().Select(parameter => parameter.Handle).ToHashSet();
        Optimizer = options.Optimizer.Build(
            [.. _parameters.Where(parameter => !weighing.Contains(parameter.Handle))], [.. _parameters.Where(parameter => weighing.Contains(parameter.Handle))]);
        Average = options.AverageDecay is { } decay ? new(detector, decay) : null;
    }

    /// <summary>What is trained.</summary>
    public Detector Detector { get; }

    /// <summary>How long and how fast it learns.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The average of the weights; null when none is kept.</summary>
    public MovingAverage? Average { get; }

    /// <summary>Steps that are done.</summary>
    public long Step { get; internal set; }

    /// <summary>The optimizer, with its memory.</summary>
    internal OptimizerHelper Optimizer { get; }

    /// <summary>Trains to the last epoch, from wherever it stands. Each epoch runs when it is asked for.</summary>
    /// <param name="source">The batches.</param>
    /// <param name="each">Is told of every step.</param>
    /// <exception cref="InputException">A loss or gradient is no longer finite.</exception>
    public IEnumerable<TrainedEpoch> Fit(IBatchSource source, Action<TrainedStep>? each = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var steps = StepsPerEpoch(source);
        while (Step < (long)Options.Epochs * steps)
        {
            var done = new List<TrainedStep>();
            do
            {
                done.Add(Advance(source));
                each?.Invoke(done[^1]);
            }
            while (Step % steps != 0);
            Detector.Objective.EndEpoch();
            yield return new((int)(Step / steps), done);
        }
    }

    /// <summary>Trains one step.</summary>
    /// <param name="source">The batches.</param>
    /// <exception cref="InputException">A loss or gradient is no longer finite; the weights are those before the step.</exception>
    public TrainedStep Advance(IBatchSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var scope = NewDisposeScope();
        Detector.train();
        TrainingProgress.Set(Detector, Math.Min(1, Step / ((double)Options.Epochs * StepsPerEpoch(source))));
        var rate = SetRate(source);
        Optimizer.zero_grad();
        var batches = Enumerable.Range(0, Options.BatchesPerStep).Select(part => source.Load((Step * Options.BatchesPerStep) + part)).ToArray();
        var losses = Backpropagate(batches);
        var norm = Gradients.Clip(_parameters, Options.ClipNorm);
        var result = new TrainedStep(Step, losses.Sum(loss => loss.Value * loss.Weight), losses, norm, rate);
        Check(result, batches);
        Optimizer.step();
        Average?.Update(Step);
        Step++;
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        Average?.Dispose();
    }

    /// <summary>Steps of an epoch.</summary>
    internal int StepsPerEpoch(IBatchSource source) => Math.Max(1, source.StepsPerEpoch / Options.BatchesPerStep);

    private double SetRate(IBatchSource source)
    {
        var rate = Options.Optimizer.Rate * Options.Schedule.Factor(Step, StepsPerEpoch(source), Options.Epochs);
        foreach (var group in Optimizer.ParamGroups) group.LearningRate = rate;
        return rate;
    }

    /// <summary>Adds the gradients of a step up and gives its losses; several batches count as one.</summary>
    private List<StepLoss> Backpropagate(LoadedBatch[] batches)
    {
        var divisors = batches.Length > 1 ? Divisors(batches) : null;
        var losses = new List<StepLoss>();
        foreach (var loaded in batches)
        {
            using var scope = NewDisposeScope();
            var total = Detector.Loss(loaded.To(_device), divisors);
            Backward.Run(total.Value);
            Collect(total, losses);
        }

        return losses;
    }

    /// <summary>What each term of a step is divided by: the sum over its batches.</summary>
    private Divisors[] Divisors(LoadedBatch[] batches)
    {
        using var scope = NewDisposeScope();
        var sums = batches.Select(batch => Detector.Divisors(batch.To(_device))).ToArray();
        return [.. Enumerable.Range(0, sums[0].Count).Select(stage => new Divisors(
            Sum(sums.Select(parts => parts[stage].Classification)), Sum(sums.Select(parts => parts[stage].Box))))];

        static double? Sum(IEnumerable<double?> parts) => parts.Any(part => part is null) ? null : parts.Sum();
    }

    private static void Collect(TotalLoss total, List<StepLoss> losses)
    {
        var numbers = HostNumbers.Of(stack([.. total.Parts.SelectMany(part => (Tensor[])[part.Value, part.Weight.to(part.Value.dtype)])]));
        for (var i = 0; i < total.Parts.Count; i++)
        {
            var (part, value) = (total.Parts[i], numbers[2 * i]);
            if (losses.Count == i) losses.Add(new(part.Stage, part.IsBox, value, numbers[(2 * i) + 1]));
            else losses[i] = losses[i] with { Value = losses[i].Value + value };
        }
    }

    private void Check(TrainedStep step, LoadedBatch[] batches)
    {
        if (double.IsFinite(step.Total) && double.IsFinite(step.GradientNorm)) return;
        var images = string.Join(", ", batches.SelectMany(batch => batch.Items).Select(item => $"'{item.Name}'"));
        var losses = string.Join(", ", step.Losses.Select(loss => FormattableString.Invariant($"{loss.Name} {loss.Value:g4}")));
        throw new InputException(FormattableString.Invariant(
            $"Step {step.Step} is not finite: {losses}, norm of the gradients {step.GradientNorm:g4}, images {images}. Lower the rate ({step.Rate:g3} here), lengthen the warm-up, or clip the gradients at less than {Options.ClipNorm?.ToString("g3", System.Globalization.CultureInfo.InvariantCulture) ?? "infinity"}."));
    }
}
