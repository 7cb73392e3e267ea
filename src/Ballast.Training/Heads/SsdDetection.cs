using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Makes detections of what SSD's head predicts: of each class the most probable default boxes of all maps, decoded, clipped, the worse of overlapping ones suppressed, in
/// pixels of the image as it is.
/// </summary>
internal sealed class SsdDetection(SsdDetectionOptions options, DenseLossOptions losses, int classes)
{
    /// <summary>The detections of each image.</summary>
    /// <param name="predictions">Of N images with A default boxes each.</param>
    /// <param name="anchors">[A].</param>
    /// <param name="batch">N images.</param>
    public Detections[] Of(DensePredictions predictions, BoxArray anchors, Batch batch)
    {
        using var scope = NewDisposeScope();
        // Class after class, so that a class' candidates lie side by side.
        var probabilities = losses.Classification.Probabilities(predictions.Logits.flatten(0, 1)).narrow(-1, 0, classes).view(batch.Count, anchors.Count, classes).transpose(1, 2);
        var (scores, deltas) = (HostNumbers.Of(probabilities), HostNumbers.Of(predictions.Deltas));
        var (scoresOf, deltasOf) = (scores.Length / batch.Count, deltas.Length / batch.Count);
        var result = new Detections[batch.Count];
        for (var image = 0; image < result.Length; image++)
            result[image] = Of(scores.AsSpan(image * scoresOf, scoresOf), deltas.AsSpan(image * deltasOf, deltasOf), anchors, batch.Items[image]);
        return result;
    }

    private Detections Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> deltas, BoxArray anchors, BatchImage image)
    {
        var numbers = deltas.Length / anchors.Count;
        var candidates = new CandidateBoxes(losses.Coder, options.Voting, losses.Box.LogVariances);
        for (var label = 0; label < classes; label++)
        {
            var own = scores.Slice(label * anchors.Count, anchors.Count);
            foreach (var anchor in MostProbable(own)) candidates.Add(anchors[anchor], deltas.Slice(anchor * numbers, numbers), own[anchor], label, image);
        }

        return candidates.Kept(image, options.IoU, options.Most);
    }

    /// <summary>The most probable default boxes of a class, best first; equal ones in order.</summary>
    private IEnumerable<int> MostProbable(ReadOnlySpan<float> scores)
    {
        var found = new List<(float Falling, int Anchor)>();
        for (var anchor = 0; anchor < scores.Length; anchor++)
        {
            if (scores[anchor] > options.MinimumScore) found.Add((-scores[anchor], anchor));
        }

        found.Sort();
        return found.Take(options.MostOfClass).Select(candidate => candidate.Anchor);
    }
}
