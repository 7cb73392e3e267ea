using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// The exponential moving average of a detector's weights (Polyak and Juditsky 1992): a += (1 - d) (w - a), with d growing to its value over the first steps, d =
/// min(decay, (1 + step) / (10 + step)). Buffers are taken over as they are.
/// </summary>
public sealed class MovingAverage : IDisposable
{
    private readonly double _decay;
    private readonly Dictionary<string, Tensor> _learned;
    private readonly Dictionary<string, Tensor> _average;

    /// <summary>Starts at a detector's weights.</summary>
    /// <param name="detector">On its device.</param>
    /// <param name="decay">What it keeps of itself, in (0, 1).</param>
    public MovingAverage(Detector detector, double decay)
    {
        ArgumentNullException.ThrowIfNull(detector);
        _decay = decay;
        _learned = detector.state_dict();
        _average = _learned.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>The averaged weights by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _average;

    /// <summary>Takes in the weights after a step.</summary>
    /// <param name="step">The step's number; 0 for the first.</param>
    public void Update(long step)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var decay = Math.Min(_decay, (1.0 + step) / (10.0 + step));
        foreach (var (name, average) in _average)
        {
            var learned = _learned[name];
            if (learned.requires_grad) average.add_(learned - average, 1 - decay);
            else average.copy_(learned);
        }
    }

    /// <summary>Gives the detector the averaged weights, until what is returned is disposed of: for validation and for export.</summary>
    public IDisposable Use()
    {
        Exchange();
        return new Lent(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var average in _average.Values) average.Dispose();
    }

    private void Exchange()
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, average) in _average)
        {
            var learned = _learned[name].clone();
            _learned[name].copy_(average);
            average.copy_(learned);
        }
    }

    private sealed class Lent(MovingAverage average) : IDisposable
    {
        private bool _returned;

        public void Dispose()
        {
            if (_returned) return;
            _returned = true;
            average.Exchange();
        }
    }
}
