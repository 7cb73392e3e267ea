using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Makes detections of what a box head predicts for proposals: every class of every region is a candidate; decoded, clipped, the worse of overlapping ones of a
/// class suppressed, in pixels of the image as it is.
/// </summary>
internal sealed class RegionDetection(RegionDetectionOptions options, BoxCoder coder, int classes)
{
    /// <summary>The detections of each image.</summary>
    /// <param name="probabilities">[R, K].</param>
    /// <param name="deltas">[R, B, numbers]: B boxes, one for each class or one for all.</param>
    /// <param name="regions">[N]: R regions in all.</param>
    /// <param name="batch">N images.</param>
    public Detections[] Of(Tensor probabilities, Tensor deltas, IReadOnlyList<BoxArray> regions, Batch batch)
    {
        var (scores, numbers) = (HostNumbers.Of(probabilities), HostNumbers.Of(deltas.narrow(-1, 0, 4)));
        var (result, each, first) = (new Detections[batch.Count], (int)deltas.shape[1] * 4, 0);
        for (var image = 0; image < result.Length; image++)
        {
            var count = regions[image].Count;
            result[image] = Of(scores.AsSpan(first * classes, count * classes), numbers.AsSpan(first * each, count * each), regions[image], batch.Items[image]);
            first += count;
        }

        return result;
    }

    private Detections Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> deltas, BoxArray regions, BatchImage image)
    {
        var (boxes, picked, labels) = (new BoxArray(), new List<float>(), new List<int>());
        for (var pair = 0; pair < scores.Length; pair++)
        {
            if (!(scores[pair] > options.MinimumScore)) continue;
            var (region, label) = (pair / classes, pair % classes);
            var box = Decode(regions[region], deltas.Slice(region * (deltas.Length / regions.Count), deltas.Length / regions.Count), label).Clip(image.InputWidth, image.InputHeight);
            if (box.Width < options.MinimumSidePixels || box.Height < options.MinimumSidePixels) continue;
            boxes.Add(box);
            picked.Add(scores[pair]);
            labels.Add(label);
        }

        var keep = new List<int>();
        NonMaximumSuppression.Batched(boxes, CollectionsMarshal.AsSpan(picked), CollectionsMarshal.AsSpan(labels), options.IoU, keep);
        var detections = new Detections();
        foreach (var i in keep.Take(options.Most)) detections.Add(image.ToImage(boxes[i]), picked[i], labels[i]);
        return detections;
    }

    private Box Decode(in Box region, ReadOnlySpan<float> deltas, int label)
    {
        var delta = deltas.Slice(deltas.Length == 4 ? 0 : 4 * label, 4);
        return coder.Decode(region, new BoxDelta(delta[0], delta[1], delta[2], delta[3]));
    }
}
