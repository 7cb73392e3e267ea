using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// A detector that was trained, for use: image in, objects out. Safe to call from many threads at once; libtorch's own threads are shared between them. On the processor
/// an image gives the same objects whatever else runs.
/// </summary>
public sealed class TrainedDetector : IDisposable
{
    /// <summary>Slices that go through the network at once: more gain little on a processor and cost memory.</summary>
    private const int SlicesAtOnce = 4;

    private readonly Detector _detector;
    private readonly InputTransform _transform;
    private readonly Device _device;

    /// <summary>Takes a detector for use.</summary>
    /// <param name="detector">Is switched to evaluation, and disposed of with this object.</param>
    /// <param name="thresholds">From which score each class is reported; null for 0.5 everywhere.</param>
    /// <param name="device">Where the detector lives; null for the processor.</param>
    /// <exception cref="InputException">The thresholds are of other classes.</exception>
    public TrainedDetector(Detector detector, ScoreThresholds? thresholds = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        Classes = [.. detector.Facts.Classes];
        Thresholds = thresholds ?? ScoreThresholds.Same(Classes);
        Thresholds.Validate(Classes);
        (_detector, _transform, _device) = (detector, InputTransform.Of(detector.Options), device ?? CPU);
        _detector.eval();
    }

    /// <summary>K class names.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>From which score each class is reported, unless a call says otherwise.</summary>
    public ScoreThresholds Thresholds { get; }

    /// <summary>What is known of the data it was trained on.</summary>
    public DatasetFacts Facts => _detector.Facts;

    /// <summary>What it was built from.</summary>
    public DetectorOptions Options => _detector.Options;

    /// <summary>Opens the detector of a training run.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="device">Where to put it; null for the processor.</param>
    /// <param name="checkpoint">Which of its detectors: the last, unless said otherwise.</param>
    /// <exception cref="InputException">The folder holds no finished checkpoint, or its files contradict each other.</exception>
    public static TrainedDetector Open(string run, Device? device = null, RunCheckpoint checkpoint = RunCheckpoint.Last)
    {
        var folder = new RunFolder(run);
        var detector = folder.LoadDetector(device, checkpoint);
        try
        {
            return new(detector, folder.LoadThresholds(checkpoint), device);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Finds objects in an image file.</summary>
    /// <param name="path">The file: JPEG, PNG, GIF, BMP or WebP.</param>
    /// <param name="options">How to look, or null for the defaults.</param>
    /// <returns>The objects, most probable first.</returns>
    /// <exception cref="InputException">The file cannot be read or decoded.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<FoundObject> Detect(string path, DetectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var stream = File.OpenRead(path);
            return Detect(stream, (options ?? new()) with { Name = $"'{path}'" });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Finds objects in an encoded image.</summary>
    /// <param name="image">At the image's first byte.</param>
    /// <param name="options">How to look, or null for the defaults.</param>
    /// <returns>The objects, most probable first.</returns>
    /// <exception cref="InputException">The bytes are no image that can be decoded.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<FoundObject> Detect(Stream image, DetectOptions? options = null)
    {
        options ??= new();
        return Detect(ImageFile.Decode(image, new() { Name = options.Name, MaxMegapixels = options.MaxMegapixels }).Pixels, options);
    }

    /// <summary>Finds objects in a decoded image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">How to look, or null for the defaults.</param>
    /// <returns>The objects, most probable first.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<FoundObject> Detect(Pixels image, DetectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        options ??= new();
        var windows = options.Slices?.Windows(image.Width, image.Height) ?? [];
        var found = windows.Count > 1 ? InSlices(image, windows, options) : Whole(image, options);
        return [.. found.Where(each => each.Box.IsValid && each.Probability >= (options.MinimumProbability ?? Thresholds.Scores[each.Class]))];
    }

    /// <inheritdoc/>
    public void Dispose() => _detector.Dispose();

    private IEnumerable<FoundObject> Whole(Pixels image, DetectOptions options)
    {
        options.Cancellation.ThrowIfCancellationRequested();
        var detections = Run([image])[0];
        return Enumerable.Range(0, detections.Count).Select(i => Found(detections.Boxes[i], detections.Scores[i], detections.Classes[i]));
    }

    private IEnumerable<FoundObject> InSlices(Pixels image, IReadOnlyList<Box> windows, DetectOptions options)
    {
        var (boxes, scores, classes, slices) = (new BoxArray(), new List<float>(), new List<int>(), new List<int>());
        foreach (var group in Enumerable.Range(0, windows.Count).GroupBy(i => (windows[i].Width, windows[i].Height)).SelectMany(same => same.Chunk(SlicesAtOnce)))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var detections = Run([.. group.Select(i => Crop(image, windows[i]))]);
            foreach (var (own, slice) in detections.Zip(group))
            {
                var (x, y) = (windows[slice].X1, windows[slice].Y1);
                for (var i = 0; i < own.Count; i++)
                {
                    if (!own.Boxes[i].IsValid) continue;
                    boxes.Add(new(own.Boxes[i].X1 + x, own.Boxes[i].Y1 + y, own.Boxes[i].X2 + x, own.Boxes[i].Y2 + y));
                    scores.Add(own.Scores[i]);
                    classes.Add(own.Classes[i]);
                    slices.Add(slice);
                }
            }
        }

        return SeamMerging.Merge(boxes, [.. scores], [.. classes], [.. slices], windows, options.Slices!).Select(each => Found(each.Box, each.Score, each.Class));
    }

    /// <summary>The network's detections of images that make one batch.</summary>
    private Detections[] Run(IReadOnlyList<Pixels> images)
    {
        using var scope = NewDisposeScope();
        return _detector.Detect(_transform.Apply(images).To(_device));
    }

    private static Pixels Crop(Pixels image, in Box window)
        => window.Width == image.Width && window.Height == image.Height ? image : image.Crop((int)window.X1, (int)window.Y1, (int)window.Width, (int)window.Height);

    private FoundObject Found(in Box box, float score, int @class) => new(@class, Classes[@class], score, box);
}
