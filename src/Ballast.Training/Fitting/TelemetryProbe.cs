using System.Diagnostics;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Looks inside a step every so often: counts what the stages were shown, and takes the gradients of all classification losses and of all box losses at the shared maps
/// and at the heads' outputs, by two backward passes that end there. Parts of a step that share its normalisers add up, since their images do not meet.
/// </summary>
public sealed class TelemetryProbe : IStepObserver, IDisposable
{
    private readonly Detector _detector;
    private readonly TelemetryOptions _options;
    private readonly DenseLosses[] _losses;
    private readonly string[] _levels;
    private readonly List<StageView> _views = [];
    private readonly List<StageSums> _stages = [];
    private double[] _maps = [];
    private TimeSpan _elapsed;
    private long _step;
    private bool _isLooking;

    /// <summary>Begins to watch a detector; only one may at a time.</summary>
    /// <param name="detector">What is trained.</param>
    /// <param name="options">How often it is looked at.</param>
    /// <exception cref="InvalidOperationException">Another one watches it.</exception>
    public TelemetryProbe(Detector detector, TelemetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(options);
        if (detector.Observer is not null) throw new InvalidOperationException("Something watches the detector already; dispose it first.");
        (_detector, _options) = (detector, options);
        _levels = [.. detector.Options.Profile.Anchors.Levels.Select(level => level.Name)];
        _losses = [.. detector.modules().OfType<DenseLosses>()];
        foreach (var losses in _losses) losses.Observer = this;
        detector.Observer = this;
    }

    /// <summary>Says which step comes, and so whether it is looked at: the first one, and then one in <see cref="TelemetryOptions.Every"/>.</summary>
    /// <param name="step">Steps that will be done when it is over, from 1.</param>
    public void Begin(long step)
    {
        (_step, _isLooking, _elapsed, _maps) = (step, _options.Every > 0 && (step == 1 || step % _options.Every == 0), TimeSpan.Zero, []);
        _stages.Clear();
        _views.Clear();
    }

    /// <summary>What was seen since <see cref="Begin"/>; null when nothing was looked at.</summary>
    public ProbeLine? Take()
    {
        if (!_isLooking || _stages.Count == 0) return null;
        _isLooking = false;
        return new()
        {
            Step = _step,
            Levels = [.. _levels],
            ClassificationGradients = [.. Maps(0).Select(Math.Sqrt)],
            BoxGradients = [.. Maps(1).Select(Math.Sqrt)],
            Cosines = [.. Maps(2).Select((product, level) => product / Math.Sqrt(Maps(0)[level] * Maps(1)[level]))],
            Stages = [.. _stages.Select(stage => stage.ToLine())],
            Seconds = _elapsed.TotalSeconds,
        };
    }

    /// <inheritdoc/>
    public void Saw(StageView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (_isLooking) _views.Add(view);
    }

    /// <inheritdoc/>
    public void Measure(Batch batch, IReadOnlyList<LossTerms> stages, TotalLoss total, IReadOnlyList<Tensor> shared)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(total);
        ArgumentNullException.ThrowIfNull(shared);
        if (!_isLooking) return;
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        var (classification, box) = PartialLosses.Of(stages, total);
        var taught = _views.Where(view => view.BoxesTeachClasses).Select(view => view.Predictions.Logits).ToArray();
        var first = PartialLosses.Gradients(classification, [.. shared, .. _views.Select(view => view.Predictions.Logits)]);
        var second = PartialLosses.Gradients(box, [.. shared, .. _views.Select(view => view.Predictions.Deltas), .. taught]);
        using (no_grad())
        {
            AddMaps(first.AsSpan(0, shared.Count), second.AsSpan(0, shared.Count));
            var levels = new CandidateLevels(_detector.Options.Profile, batch);
            var nextTaught = shared.Count + _views.Count;
            for (var i = 0; i < _views.Count; i++)
            {
                var (logits, deltas) = (first[shared.Count + i], second[shared.Count + i]);
                if (_views[i].BoxesTeachClasses) logits += second[nextTaught++];
                if (_stages.Count == i) _stages.Add(new(_views[i], _levels.Length));
                _stages[i].Add(_views[i], levels, logits, deltas, PartialLosses.OfObjects(_views[i], stages, total));
            }
        }

        _views.Clear();
        _elapsed += clock.Elapsed;
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        if (ReferenceEquals(_detector.Observer, this)) _detector.Observer = null;
        foreach (var losses in _losses) losses.Observer = null;
    }

    private void AddMaps(ReadOnlySpan<Tensor> first, ReadOnlySpan<Tensor> second)
    {
        if (first.Length != _levels.Length) return;
        var sums = new Tensor[3 * first.Length];
        for (var level = 0; level < first.Length; level++)
        {
            var (a, b) = (first[level].to(ScalarType.Float32), second[level].to(ScalarType.Float32));
            (sums[level], sums[first.Length + level], sums[(2 * first.Length) + level]) = (a.pow(2).sum(), b.pow(2).sum(), (a * b).sum());
        }

        var numbers = HostNumbers.Of(stack(sums));
        if (_maps.Length == 0) _maps = new double[numbers.Length];
        for (var i = 0; i < numbers.Length; i++) _maps[i] += numbers[i];
    }

    /// <summary>[L]: squares of classification, of boxes, or their products.</summary>
    private double[] Maps(int row) => _maps.Length == 0 ? [] : _maps[(row * _levels.Length)..((row + 1) * _levels.Length)];
}
