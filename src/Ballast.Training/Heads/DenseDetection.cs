using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Makes detections of what a head predicts for anchors: of each level the most probable (anchor, class) pairs, decoded, clipped, the worse of overlapping ones
/// suppressed, in pixels of the image as it is.
/// </summary>
internal sealed class DenseDetection(DenseDetectionOptions options, BoxCoder coder, ClassificationLoss loss, int classes)
{
    /// <summary>The detections of each image.</summary>
    /// <param name="predictions">Of N images with the grid's A anchors each.</param>
    /// <param name="grid">The anchors.</param>
    /// <param name="batch">N images.</param>
    public Detections[] Of(DensePredictions predictions, AnchorGrid grid, Batch batch)
    {
        using var scope = NewDisposeScope();
        var probabilities = loss.Probabilities(predictions.Logits.flatten(0, 1)).narrow(-1, 0, classes);
        if (predictions.Centerness is { } centerness) probabilities = probabilities * centerness.flatten().sigmoid().unsqueeze(-1);
        var (scores, deltas) = (HostNumbers.Of(probabilities), HostNumbers.Of(predictions.Deltas));
        var numbers = (int)predictions.Deltas.shape[2];
        var result = new Detections[batch.Count];
        for (var image = 0; image < result.Length; image++)
        {
            result[image] = Of(
                scores.AsSpan(image * grid.Count * classes, grid.Count * classes), deltas.AsSpan(image * grid.Count * numbers, grid.Count * numbers), numbers, grid,
                batch.Items[image]);
        }

        return result;
    }

    private Detections Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> deltas, int numbers, AnchorGrid grid, BatchImage image)
    {
        var (boxes, picked, labels) = (new BoxArray(), new List<float>(), new List<int>());
        foreach (var level in grid.Levels)
        {
            foreach (var pair in MostProbable(scores.Slice(level.First * classes, level.Count * classes)))
            {
                var anchor = level.First + (pair / classes);
                var delta = deltas.Slice(anchor * numbers, 4);
                boxes.Add(coder.Decode(grid[anchor], new BoxDelta(delta[0], delta[1], delta[2], delta[3])).Clip(image.InputWidth, image.InputHeight));
                picked.Add(scores[(anchor * classes) + (pair % classes)]);
                labels.Add(pair % classes);
            }
        }

        var keep = new List<int>();
        NonMaximumSuppression.Batched(boxes, CollectionsMarshal.AsSpan(picked), CollectionsMarshal.AsSpan(labels), options.IoU, keep);
        return InImage(boxes, picked, labels, keep, image);
    }

    /// <summary>The most probable pairs of a level, best first; equal ones in order.</summary>
    private int[] MostProbable(ReadOnlySpan<float> scores)
    {
        var found = new List<(float Falling, int Pair)>();
        for (var pair = 0; pair < scores.Length; pair++)
        {
            if (scores[pair] > options.MinimumScore) found.Add((-scores[pair], pair));
        }

        found.Sort();
        return [.. found.Take(options.MostOfLevel).Select(candidate => candidate.Pair)];
    }

    private Detections InImage(BoxArray boxes, List<float> scores, List<int> labels, List<int> keep, BatchImage image)
    {
        var detections = new Detections();
        foreach (var i in keep.Take(options.Most)) detections.Add(image.ToImage(boxes[i]), scores[i], labels[i]);
        return detections;
    }
}
