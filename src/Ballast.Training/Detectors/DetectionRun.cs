using System.Diagnostics;

namespace Ballast.Training;

/// <summary>What a detector found in one image of a set.</summary>
/// <param name="Image">Its place in the set.</param>
/// <param name="Objects">Most probable first.</param>
public sealed record ImageObjectsFound(int Image, IReadOnlyList<FoundObject> Objects);

/// <summary>Looks at a set of images: decodes the next one while the network runs, paints pictures where they are wanted, and measures how long it takes.</summary>
public sealed class DetectionRun
{
    private readonly TrainedDetector _detector;
    private readonly ImageSet _images;
    private readonly DetectOptions _options;
    private readonly List<ImageObjectsFound> _found = [];
    private readonly List<string> _skipped = [];

    private DetectionRun(TrainedDetector detector, ImageSet images, DetectOptions options) => (_detector, _images, _options) = (detector, images, options);

    /// <summary>The images that were looked at, in order.</summary>
    public IReadOnlyList<ImageObjectsFound> Found => _found;

    /// <summary>A sentence for each image that could not be decoded.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>The pictures that were written.</summary>
    public IReadOnlyList<string> Pictures { get; private set; } = [];

    /// <summary>How long it took, decoding and painting included.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>How long the network and what follows it took: resizing, suppression, seams.</summary>
    public TimeSpan Detecting { get; private set; }

    /// <summary>Images a second, decoding and painting included.</summary>
    public double ImagesPerSecond => _found.Count / Math.Max(Elapsed.TotalSeconds, 1e-9);

    /// <summary>Number of objects of each class, [K].</summary>
    public IReadOnlyList<int> Counts
    {
        get
        {
            var counts = new int[_detector.Classes.Count];
            foreach (var each in _found.SelectMany(image => image.Objects)) counts[each.Class]++;
            return counts;
        }
    }

    /// <summary>Looks at every image.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">How to look.</param>
    /// <param name="pictures">A folder for pictures of what was found, or null.</param>
    /// <param name="strict">Whether an image that cannot be decoded ends the run; else it is skipped and named.</param>
    /// <param name="progress">Told the share of images done, in [0, 1].</param>
    /// <exception cref="InputException">An image cannot be decoded and <paramref name="strict"/> is set, no image can be, or the pictures cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; pictures written so far are deleted.</exception>
    public static DetectionRun Of(
        TrainedDetector detector, ImageSet images, DetectOptions? options = null, string? pictures = null, bool strict = false, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(images);
        var run = new DetectionRun(detector, images, options ?? new());
        using var painted = pictures is null ? null : new PictureFolder(pictures, images, detector);
        run.Look(painted, strict, progress);
        if (images.Count > 0 && run._found.Count == 0)
            throw new InputException(images.Count == 1 ? run._skipped[0] : $"None of the {images.Count:N0} images can be looked at: {run._skipped[0]}");
        run.Pictures = painted?.Keep() ?? [];
        return run;
    }

    /// <summary>Writes the detections as COCO results: a list of image_id, category_id, bbox and score, file_name and category_name beside them.</summary>
    /// <param name="path">A .json file; one that exists is replaced only by what starts as a list does.</param>
    /// <exception cref="InputException">The file cannot be written, or another kind of file stands there.</exception>
    public void Save(string path) => AtomicFile.Replace(path, "["u8, "list of detections", stream => CocoDetections.Write(stream, _images, _detector.Classes, _found));

    private void Look(PictureFolder? pictures, bool strict, IProgress<double>? progress)
    {
        var clock = Stopwatch.StartNew();
        var next = Decode(0);
        for (var image = 0; image < _images.Count; image++)
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            var current = next;
            next = Decode(image + 1);
            if (Decoded(current!, strict) is { } pixels) LookAt(image, pixels, pictures);
            progress?.Report((image + 1.0) / _images.Count);
        }

        Elapsed = clock.Elapsed;
    }

    /// <summary>The image, or null, with a sentence more, when it cannot be decoded.</summary>
    private Pixels? Decoded(Task<Pixels> decoding, bool strict)
    {
        try
        {
            return decoding.GetAwaiter().GetResult();
        }
        catch (InputException e) when (!strict)
        {
            _skipped.Add(e.Message);
            return null;
        }
    }

    private void LookAt(int image, Pixels pixels, PictureFolder? pictures)
    {
        var clock = Stopwatch.StartNew();
        var objects = _detector.Detect(pixels, _options);
        Detecting += clock.Elapsed;
        pictures?.Write(image, pixels, objects);
        _found.Add(new(image, objects));
    }

    /// <summary>Decodes an image beside whatever runs; null after the last.</summary>
    private Task<Pixels>? Decode(int image) => image >= _images.Count ? null : Task.Run(() =>
    {
        using var stream = _images.Open(image);
        return ImageFile.Decode(stream, new() { Name = $"'{_images.Display(image)}'", MaxMegapixels = _options.MaxMegapixels }).Pixels;
    });
}
