using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Makes proposals of what a region proposal network predicts: the most probable anchors of each level, decoded, clipped, the worse of overlapping ones of a
/// level suppressed, the best of all levels kept. Without gradient, and with one copy to the host.
/// </summary>
internal sealed class RegionProposals(RegionProposalOptions options)
{
    /// <summary>Numbers of a candidate on the host: its anchor, its probability, four deltas. Doubles, since they hold any anchor's number.</summary>
    private const int Numbers = 6;

    /// <summary>The proposals of each image, best first, pixels of the batch.</summary>
    /// <param name="predictions">Of N images with the grid's A anchors each.</param>
    /// <param name="grid">The anchors.</param>
    /// <param name="batch">N images.</param>
    /// <param name="limits">How many there are.</param>
    public BoxArray[] Of(DensePredictions predictions, AnchorGrid grid, Batch batch, ProposalLimits limits)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var candidates = Candidates(predictions, grid, limits.MostOfLevel);
        var each = (int)candidates.shape[1] * Numbers;
        var numbers = MemoryMarshal.Cast<byte, double>(candidates.cpu().contiguous().bytes).ToArray();
        var proposals = new BoxArray[batch.Count];
        for (var image = 0; image < proposals.Length; image++) proposals[image] = Of(numbers.AsSpan(image * each, each), grid, batch.Items[image], limits.Most);
        return proposals;
    }

    /// <summary>[N, C, <see cref="Numbers"/>]: the candidates, level after level, each level's best first.</summary>
    private Tensor Candidates(DensePredictions predictions, AnchorGrid grid, int mostOfLevel)
    {
        var logits = predictions.Logits.detach();
        // Logits of one output are ranked as they are: their sigmoids may round to the same number.
        var ranks = logits.shape[2] == 1 ? logits.squeeze(-1) : Objectness(logits);
        var anchors = cat([.. grid.Levels.Select(level => Best(ranks, level, mostOfLevel))], 1).unsqueeze(-1);
        var probabilities = Objectness(logits.gather(1, anchors.expand(-1, -1, logits.shape[2]))).unsqueeze(-1);
        var deltas = predictions.Deltas.detach().narrow(-1, 0, 4).gather(1, anchors.expand(-1, -1, 4));
        return cat([anchors.to(ScalarType.Float64), probabilities.to(ScalarType.Float64), deltas.to(ScalarType.Float64)], -1);
    }

    private static Tensor Best(Tensor ranks, AnchorLevel level, int most)
        => ranks.narrow(1, level.First, level.Count).topk(Math.Min(most, level.Count), 1).indexes + level.First;

    /// <summary>[N, C]: probability of an object.</summary>
    private Tensor Objectness(Tensor logits)
        => options.ClassificationLoss.Probabilities(logits.flatten(0, 1)).narrow(-1, 0, 1).reshape(logits.shape[0], logits.shape[1]);

    private BoxArray Of(ReadOnlySpan<double> candidates, AnchorGrid grid, BatchImage image, int most)
    {
        var (boxes, scores, levels) = (new BoxArray(), new List<float>(), new List<int>());
        for (var i = 0; i < candidates.Length; i += Numbers)
        {
            var (anchor, score) = ((int)candidates[i], (float)candidates[i + 1]);
            var delta = new BoxDelta((float)candidates[i + 2], (float)candidates[i + 3], (float)candidates[i + 4], (float)candidates[i + 5]);
            var box = options.Coder.Decode(grid[anchor], delta).Clip(image.InputWidth, image.InputHeight);
            // What is not a number is kept out of nothing: pooling it names it.
            if (box.Width < options.MinimumSidePixels || box.Height < options.MinimumSidePixels || score < options.MinimumScore) continue;
            boxes.Add(box);
            scores.Add(score);
            levels.Add(grid.LevelOf(anchor));
        }

        var keep = new List<int>();
        NonMaximumSuppression.Batched(boxes, CollectionsMarshal.AsSpan(scores), CollectionsMarshal.AsSpan(levels), options.IoU, keep);
        var proposals = new BoxArray(Math.Min(most, keep.Count));
        foreach (var i in keep.Take(most)) proposals.Add(boxes[i]);
        return proposals;
    }
}
