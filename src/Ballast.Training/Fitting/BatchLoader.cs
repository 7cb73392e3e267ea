using System.Collections.Concurrent;

namespace Ballast.Training;

/// <summary>
/// Makes batches of a data set, or of views on it, ahead of the training and on threads of its own. A batch is a pure function of the seed and the step: one thread or
/// many, asked in order or not, it has the same bits. Threads touch no tensor.
/// </summary>
public sealed class BatchLoader : IBatchSource, IDisposable
{
    private const int MostThreads = 8;

    private readonly BatchImages _images;
    private readonly InputSize _input;
    private readonly LoaderOptions _options;
    private readonly ImageOrder _order;
    private readonly int _seed;
    private readonly Action<LoadedBatch>? _prepare;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, PendingBatch> _pending = [];
    private readonly BlockingCollection<(PendingBatch Batch, int Place)> _jobs = [];
    private readonly Thread[] _threads;

    /// <summary>Makes a loader and starts its threads.</summary>
    /// <param name="data">The data set; its images are looked for when they are needed.</param>
    /// <param name="transform">The detector's input.</param>
    /// <param name="options">How batches are put together.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="views">A rebalanced data set; null shows each image as it is, as often as the sampler says.</param>
    /// <param name="prepare">
    /// Called on a loader's thread with each finished batch: what depends on the objects alone, such as which anchors are matched, goes into
    /// <see cref="LoadedBatch.Prepared"/> there. It must be a pure function of the batch.
    /// </param>
    /// <exception cref="InputException">There are no images, or none is ever shown.</exception>
    public BatchLoader(
        DetectionDataset data, InputTransform transform, LoaderOptions options, int seed, IReadOnlyList<View>? views = null, Action<LoadedBatch>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(options);
        if (data.Images.Count == 0 || views is { Count: 0 }) throw new InputException("There are no images to train on. Give a data set or part that has some.");
        _images = new(data, transform, options.Augmentations, views);
        (_input, _options, _seed, _prepare) = (transform.Size, options, seed, prepare);
        var weights = options.Images.Weigh(data);
        _order = new(views is null ? weights : [.. views.Select(view => weights[view.Image])], seed);
        _threads = new Thread[options.Threads > 0 ? options.Threads : Math.Clamp(Environment.ProcessorCount, 1, MostThreads)];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new(Work) { IsBackground = true, Name = $"Ballast loader {i}" };
            _threads[i].Start();
        }
    }

    /// <inheritdoc/>
    public int StepsPerEpoch => (_order.Length + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>Images, or views, that could not be shown so far, and why; another took the place of each.</summary>
    public IReadOnlyDictionary<int, string> Skipped => _images.Skipped;

    /// <summary>The same batches made where they are asked for, one at a time: for a look back that leaves alone what is made ahead.</summary>
    public IBatchSource Rereading => new Reread(this);

    /// <inheritdoc/>
    public LoadedBatch Load(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        PendingBatch wanted;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_jobs.IsAddingCompleted, this);
            foreach (var other in _pending.Keys.Where(other => other < step || other > step + _options.Ahead).ToArray()) _pending.Remove(other, out _);
            for (var next = step; next <= step + _options.Ahead; next++) Start(next);
            _pending.Remove(step, out wanted!);
        }

        return wanted.Result.GetAwaiter().GetResult();
    }

    /// <summary>Stops the threads.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_jobs.IsAddingCompleted) return;
            _jobs.CompleteAdding();
            foreach (var pending in _pending.Values) pending.Drop();
        }

        foreach (var thread in _threads) thread.Join();
        _jobs.Dispose();
    }

    private void Start(long step)
    {
        if (_pending.ContainsKey(step)) return;
        var batch = _pending[step] = new(step, _options.BatchSize);
        for (var place = 0; place < _options.BatchSize; place++) _jobs.Add((batch, place));
    }

    private void Work()
    {
        foreach (var (batch, place) in _jobs.GetConsumingEnumerable()) batch.Run(place, Make, Assemble);
    }

    private PlacedImage Make(long step, int place)
    {
        var random = RandomState.Of(_seed, step, place);
        return _images.Make(_order[(step * _options.BatchSize) + place], ref random, _options.Strict);
    }

    private LoadedBatch Assemble(long step, PlacedImage[] images)
    {
        var (width, height) = _input.Fixed ? (_input.Long, _input.Short) : _input.Pad(images.Max(image => image.Item.InputWidth), images.Max(image => image.Item.InputHeight));
        var plane = 3 * width * height;
        var pixels = new float[images.Length * plane];
        for (var i = 0; i < images.Length; i++) _images.Write(images[i], pixels.AsSpan(i * plane, plane), width);
        var batch = new LoadedBatch(pixels, width, height, [.. images.Select(image => image.Item)], _seed, step);
        _prepare?.Invoke(batch);
        return batch;
    }

    private sealed class Reread(BatchLoader loader) : IBatchSource
    {
        public int StepsPerEpoch => loader.StepsPerEpoch;

        public LoadedBatch Load(long step) => loader.Assemble(step, [.. Enumerable.Range(0, loader._options.BatchSize).Select(place => loader.Make(step, place))]);
    }
}
