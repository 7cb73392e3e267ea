namespace Ballast.Training;

/// <summary>
/// Which image stands where in training: an endless row of epochs, each of the same length, in which an image comes as often as its weight, rounded up or down, and in
/// an order of its own. A pure function of seed and place.
/// </summary>
public sealed class ImageOrder
{
    private const int Kept = 2;

    private readonly double[] _weights;
    private readonly int _seed;
    private readonly Lock _lock = new();
    private readonly List<(long Epoch, int[] Order)> _epochs = [];

    /// <summary>Makes an order.</summary>
    /// <param name="weights">Times each image comes in an epoch, in expectation; their sum, rounded, is the epoch's length.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InputException">No image has a weight, or one is negative.</exception>
    public ImageOrder(double[] weights, int seed)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (Array.Exists(weights, weight => !(weight >= 0) || double.IsInfinity(weight))) throw new InputException("ImageOrder: a weight is negative or not a number.");
        (_weights, _seed) = (weights, seed);
        var sum = weights.Sum();
        if (sum <= 0) throw new InputException("ImageOrder: no image is ever shown: all weights are 0. Give data with objects, or another sampler.");
        Length = (int)Math.Clamp(Math.Round(sum), 1, int.MaxValue / 2);
    }

    /// <summary>Images of an epoch.</summary>
    public int Length { get; }

    /// <summary>The image at a place, counted over all epochs.</summary>
    public int this[long place]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(place);
            return Epoch(place / Length)[place % Length];
        }
    }

    private int[] Epoch(long epoch)
    {
        lock (_lock)
        {
            foreach (var known in _epochs)
            {
                if (known.Epoch == epoch) return known.Order;
            }

            if (_epochs.Count == Kept) _epochs.RemoveAt(0);
            var order = Draw(epoch);
            _epochs.Add((epoch, order));
            return order;
        }
    }

    /// <summary>Systematic sampling: points at equal distances on the weights laid end to end in a random order, then a random order of what they hit.</summary>
    private int[] Draw(long epoch)
    {
        var random = RandomState.Of(_seed, epoch);
        var images = Enumerable.Range(0, _weights.Length).ToArray();
        random.Draw(images, images.Length);
        var step = _weights.Sum() / Length;
        var order = new int[Length];
        var (point, reached, count) = (random.Uniform() * step, 0.0, 0);
        foreach (var image in images)
        {
            for (reached += _weights[image]; count < Length && point < reached; point += step) order[count++] = image;
        }

        // What rounding leaves over goes to the last image that is ever shown.
        while (count < Length) order[count++] = Array.FindLast(images, image => _weights[image] > 0);
        random.Draw(order, order.Length);
        return order;
    }
}
