namespace Ballast.Training;

/// <summary>What a box head makes of candidates, each image on its own, for samplers that rank by it.</summary>
/// <param name="predictions">Of the candidates of all images, without gradient.</param>
/// <param name="counts">[N]: candidates of each image.</param>
/// <param name="losses">The stage's.</param>
/// <param name="loss">Its classification loss, which tells the most probable class.</param>
/// <param name="classes">K.</param>
internal sealed class RegionScores(RegionPredictions predictions, int[] counts, DenseLosses losses, ClassificationLoss loss, int classes) : ICandidateScores
{
    public void Losses(int image, ReadOnlySpan<int> truths, IReadOnlyList<int> classesOfTruths, Span<float> result)
        => Of(image).Losses(0, truths, classesOfTruths, result);

    public void Predictions(int image, AnchorSet anchors, Span<float> scores, BoxArray boxes) => Of(image).Predictions(0, anchors, scores, boxes);

    private ICandidateScores Of(int image)
    {
        var (first, count) = (counts.Take(image).Sum(), counts[image]);
        var own = new RegionPredictions(predictions.Logits.narrow(0, first, count), predictions.Deltas.narrow(0, first, count));
        var best = loss.Probabilities(own.Logits).narrow(-1, 0, classes).argmax(-1);
        return losses.Scores(new DensePredictions(own.Logits.unsqueeze(0), own.BoxesOf(best).unsqueeze(0)), classes);
    }
}
