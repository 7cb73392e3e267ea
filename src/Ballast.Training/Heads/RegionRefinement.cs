using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// What a stage makes of its regions for the next one: the boxes it predicts, clipped to the image (Cascade R-CNN, Cai and Vasconcelos 2018, arXiv:1712.00726, section 4.1).
/// Without gradient, and with one copy to the host.
/// </summary>
public static class RegionRefinement
{
    /// <summary>
    /// The refined regions of a training step. An object's region is moved by the box of its class, one of background by that of the most probable class, or by the one box
    /// that all classes share; truths among the regions are dropped, for the next stage adds them itself.
    /// </summary>
    /// <param name="predictions">Of R regions.</param>
    /// <param name="targets">Of the same regions.</param>
    /// <param name="coder">How boxes are told from regions.</param>
    /// <param name="batch">N images.</param>
    /// <returns>[N]: the regions of each image, in their order, pixels of the batch.</returns>
    public static BoxArray[] Of(RegionPredictions predictions, RegionTargets targets, BoxCoder coder, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var classes = new long[targets.Targets.Anchors];
        Array.Fill(classes, -1);
        for (var i = 0; i < targets.Targets.Positives.Count; i++) classes[targets.Targets.Positives[i]] = targets.Targets.PositiveClasses[i];
        return Of(predictions, targets.Boxes, targets.Targets.Classes, coder, batch, classes, targets.TruthRows);
    }

    /// <summary>The refined regions at inference: each is moved by the box of its most probable class.</summary>
    /// <param name="predictions">Of R regions.</param>
    /// <param name="regions">[N]: R regions in all, pixels of the batch.</param>
    /// <param name="classes">Number of classes, K.</param>
    /// <param name="coder">How boxes are told from regions.</param>
    /// <param name="batch">N images.</param>
    /// <returns>[N]: the regions of each image, in their order.</returns>
    public static BoxArray[] Of(RegionPredictions predictions, IReadOnlyList<BoxArray> regions, int classes, BoxCoder coder, Batch batch)
        => Of(predictions, regions, classes, coder, batch, null, []);

    /// <summary>Moves regions by the boxes of their <c>known</c> classes, or of the most probable where that is -1 or null, and leaves out those that are <c>dropped</c>, ascending.</summary>
    private static BoxArray[] Of(
        RegionPredictions predictions, IReadOnlyList<BoxArray> regions, int classes, BoxCoder coder, Batch batch, long[]? known, IReadOnlyList<int> dropped)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(regions);
        ArgumentNullException.ThrowIfNull(coder);
        ArgumentNullException.ThrowIfNull(batch);
        var offsets = Offsets(predictions, classes, known);
        var (images, row, next) = (new BoxArray[batch.Count], 0, 0);
        for (var image = 0; image < images.Length; image++)
        {
            images[image] = new(regions[image].Count);
            for (var i = 0; i < regions[image].Count; i++, row++)
            {
                if (next < dropped.Count && dropped[next] == row)
                {
                    next++;
                    continue;
                }

                var delta = new BoxDelta(offsets[4 * row], offsets[(4 * row) + 1], offsets[(4 * row) + 2], offsets[(4 * row) + 3]);
                images[image].Add(coder.Decode(regions[image][i], delta).Clip(batch.Items[image].InputWidth, batch.Items[image].InputHeight));
            }
        }

        return images;
    }

    /// <summary>[R x 4]: the offsets of each region on the host.</summary>
    private static float[] Offsets(RegionPredictions predictions, int classes, long[]? known)
    {
        // A batch without regions has no most probable class.
        if (predictions.Logits.shape[0] == 0) return [];
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var best = predictions.Logits.detach().narrow(-1, 0, classes).argmax(-1);
        if (known is not null)
        {
            var own = tensor(known, dtype: ScalarType.Int64).to(best.device);
            best = where(own >= 0, own, best);
        }

        return HostNumbers.Of(predictions.BoxesOf(best).narrow(-1, 0, 4));
    }
}
