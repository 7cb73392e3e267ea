using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Makes detections of what a box head predicts for proposals: every class of every region is a candidate; decoded, clipped, the worse of overlapping ones of a
/// class suppressed, in pixels of the image as it is.
/// </summary>
internal sealed class RegionDetection(RegionDetectionOptions options, DenseLossOptions losses, int classes)
{
    /// <summary>The detections of each image.</summary>
    /// <param name="probabilities">[R, K].</param>
    /// <param name="deltas">[R, B, numbers]: B boxes, one for each class or one for all.</param>
    /// <param name="regions">[N]: R regions in all.</param>
    /// <param name="batch">N images.</param>
    public Detections[] Of(Tensor probabilities, Tensor deltas, IReadOnlyList<BoxArray> regions, Batch batch)
    {
        var (scores, numbers) = (HostNumbers.Of(probabilities), HostNumbers.Of(deltas));
        var (result, each, first) = (new Detections[batch.Count], (int)(deltas.shape[1] * deltas.shape[2]), 0);
        for (var image = 0; image < result.Length; image++)
        {
            var count = regions[image].Count;
            result[image] = Of(scores.AsSpan(first * classes, count * classes), numbers.AsSpan(first * each, count * each), (int)deltas.shape[2], regions[image], batch.Items[image]);
            first += count;
        }

        return result;
    }

    private Detections Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> deltas, int numbers, BoxArray regions, BatchImage image)
    {
        var candidates = new CandidateBoxes(losses.Coder, options.Voting, losses.Box.LogVariances);
        for (var pair = 0; pair < scores.Length; pair++)
        {
            if (!(scores[pair] > options.MinimumScore)) continue;
            var (region, label) = (pair / classes, pair % classes);
            var own = deltas.Slice(region * (deltas.Length / regions.Count), deltas.Length / regions.Count);
            candidates.Add(regions[region], own.Slice(own.Length == numbers ? 0 : numbers * label, numbers), scores[pair], label, image, options.MinimumSidePixels);
        }

        return candidates.Kept(image, options.IoU, options.Most);
    }
}
