using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Makes detections of what a head predicts for anchors: of each level the most probable (anchor, class) pairs, decoded, clipped, the worse of overlapping ones
/// suppressed, in pixels of the image as it is.
/// </summary>
internal sealed class DenseDetection(DenseDetectionOptions options, DenseLossOptions losses, int classes)
{
    /// <summary>The detections of each image.</summary>
    /// <param name="predictions">Of N images with A anchors each.</param>
    /// <param name="anchors">[N]: the anchors of each image.</param>
    /// <param name="batch">N images.</param>
    /// <param name="kept">[N, A]: 1 for anchors that count, 0 for those that are dropped; null for all.</param>
    public Detections[] Of(DensePredictions predictions, IReadOnlyList<AnchorSet> anchors, Batch batch, Tensor? kept = null)
    {
        using var scope = NewDisposeScope();
        var probabilities = losses.Classification.Probabilities(predictions.Logits.flatten(0, 1)).narrow(-1, 0, classes);
        if (predictions.Centerness is { } centerness) probabilities = probabilities * centerness.flatten().sigmoid().unsqueeze(-1);
        if (kept is not null) probabilities = probabilities * kept.flatten().unsqueeze(-1);
        var (scores, deltas) = (HostNumbers.Of(probabilities), HostNumbers.Of(predictions.Deltas));
        var (count, numbers) = ((int)predictions.Deltas.shape[1], (int)predictions.Deltas.shape[2]);
        var result = new Detections[batch.Count];
        for (var image = 0; image < result.Length; image++)
        {
            result[image] = Of(
                scores.AsSpan(image * count * classes, count * classes), deltas.AsSpan(image * count * numbers, count * numbers), numbers, anchors[image],
                batch.Items[image]);
        }

        return result;
    }

    private Detections Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> deltas, int numbers, AnchorSet anchors, BatchImage image)
    {
        var (candidates, first) = (new CandidateBoxes(losses.Coder, options.Voting, losses.Box.LogVariances), 0);
        foreach (var count in anchors.LevelCounts)
        {
            foreach (var pair in MostProbable(scores.Slice(first * classes, count * classes)))
            {
                var anchor = first + (pair / classes);
                candidates.Add(anchors[anchor], deltas.Slice(anchor * numbers, numbers), scores[(anchor * classes) + (pair % classes)], pair % classes, image);
            }

            first += count;
        }

        return candidates.Kept(image, options.IoU, options.Most);
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
}
