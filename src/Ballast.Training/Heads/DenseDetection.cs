using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Makes detections of what a head predicts for anchors: of each level the most probable (anchor, class) pairs, decoded, clipped, the worse of overlapping ones
/// suppressed, in pixels of the image as it is.
/// </summary>
internal sealed class DenseDetection(DenseDetectionOptions options, DenseLossOptions losses, int classes)
{
    /// <summary>The detections of each image.</summary>
    /// <param name="predictions">Of N images with the grid's A anchors each.</param>
    /// <param name="grid">The anchors.</param>
    /// <param name="batch">N images.</param>
    public Detections[] Of(DensePredictions predictions, AnchorGrid grid, Batch batch)
    {
        using var scope = NewDisposeScope();
        var probabilities = losses.Classification.Probabilities(predictions.Logits.flatten(0, 1)).narrow(-1, 0, classes);
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
        var candidates = new CandidateBoxes();
        foreach (var level in grid.Levels)
        {
            foreach (var pair in MostProbable(scores.Slice(level.First * classes, level.Count * classes)))
            {
                var anchor = level.First + (pair / classes);
                var predicted = deltas.Slice(anchor * numbers, numbers);
                var (box, delta) = (grid[anchor], Delta(predicted));
                var decoded = losses.Coder.Decode(box, delta).Clip(image.InputWidth, image.InputHeight);
                candidates.Add(decoded, scores[(anchor * classes) + (pair % classes)], pair % classes, Deviations(box, delta, predicted));
            }
        }

        return options.Voting is { } voting ? candidates.Voted(image, voting, options.Most) : candidates.Suppressed(image, options.IoU, options.Most);
    }

    private SideDeviations Deviations(in Box anchor, in BoxDelta delta, ReadOnlySpan<float> predicted)
        => options.Voting is not null && losses.Box.LogVariances is { } first ? SideDeviations.Of(losses.Coder, anchor, delta, Delta(predicted[(4 + first)..])) : default;

    private static BoxDelta Delta(ReadOnlySpan<float> numbers) => new(numbers[0], numbers[1], numbers[2], numbers[3]);

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
