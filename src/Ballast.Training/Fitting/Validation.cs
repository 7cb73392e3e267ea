using System.Diagnostics;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a detector found on validation, measured by the code of <c>ballast evaluate</c>.</summary>
/// <param name="Found">Every image that could be decoded, with what was found in it.</param>
/// <param name="Evaluation">COCO's figures.</param>
/// <param name="Skipped">A sentence for each image that could not be decoded; it counts as one in which nothing was found.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record ValidationResult(IReadOnlyList<ImageObjectsFound> Found, CocoEvaluation Evaluation, IReadOnlyList<string> Skipped, TimeSpan Elapsed)
{
    /// <summary>Writes the detections as COCO results, named by the ids of what was validated on.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => CocoDetections.Write(stream, ImageSet.Of(Evaluation.Truth), [.. Evaluation.Truth.Classes], Found));
}

/// <summary>Measures a detector that is being trained: the next image is decoded while the network looks at this one.</summary>
/// <param name="data">What to measure on, its classes in the detector's order.</param>
/// <param name="device">Where the detector lives.</param>
public sealed class Validation(DetectionDataset data, Device device)
{
    /// <summary>Looks at every image, without a gradient; the detector is in training mode afterwards if it was before.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="progress">Told the share of images done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two images.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ValidationResult Run(Detector detector, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        var clock = Stopwatch.StartNew();
        var wasTraining = detector.training;
        detector.eval();
        try
        {
            var (found, skipped) = Look(detector, progress, cancellation);
            var table = DetectionTable.Create(data, found.SelectMany(image => image.Objects.Select(each => new Detection(
                image.Image, each.Class, each.Box.X1, each.Box.Y1, (double)each.Box.X2 - each.Box.X1, (double)each.Box.Y2 - each.Box.Y1, each.Probability))));
            return new(found, CocoEvaluation.Of(data, table), skipped, clock.Elapsed);
        }
        finally
        {
            detector.train(wasTraining);
        }
    }

    private (List<ImageObjectsFound> Found, List<string> Skipped) Look(Detector detector, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (found, skipped) = (new List<ImageObjectsFound>(data.Images.Count), new List<string>());
        var transform = InputTransform.Of(detector.Options);
        var next = Decode(0);
        for (var image = 0; image < data.Images.Count; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            var current = next;
            next = Decode(image + 1);
            try
            {
                found.Add(new(image, LookAt(detector, transform, current!.GetAwaiter().GetResult())));
            }
            catch (InputException e)
            {
                skipped.Add(e.Message);
            }

            progress?.Report((image + 1.0) / data.Images.Count);
        }

        return (found, skipped);
    }

    private FoundObject[] LookAt(Detector detector, InputTransform transform, Pixels image)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var found = detector.Detect(transform.Apply([image]).To(device))[0];
        return [.. Enumerable.Range(0, found.Count).Where(i => IsFinite(found, i)).Select(i => new FoundObject(found.Classes[i], data.Classes[found.Classes[i]], found.Scores[i], found.Boxes[i]))];
    }

    /// <summary>A detector that diverges gives numbers that are none.</summary>
    private static bool IsFinite(Detections found, int i) => float.IsFinite(found.Scores[i]) && float.IsFinite(found.Boxes[i].X1 + found.Boxes[i].Y1 + found.Boxes[i].X2 + found.Boxes[i].Y2);

    /// <summary>Decodes an image beside whatever runs; null after the last.</summary>
    private Task<Pixels>? Decode(int image) => image >= data.Images.Count ? null : Task.Run(() =>
    {
        using var stream = data.OpenImage(image) ?? throw new InputException($"'{data.Images.File(image)}' was not found. Name its folder with --images DIR.");
        return ImageFile.Decode(stream, new() { Name = $"'{data.Images.File(image)}'" }).Pixels;
    });
}
