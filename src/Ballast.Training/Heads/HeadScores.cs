using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a head that looks at anchors makes of them, copied to the host when a sampler asks.</summary>
/// <param name="predictions">The head's.</param>
/// <param name="loss">What ranks candidates; must not remember what it sees.</param>
/// <param name="state">What the loss built.</param>
/// <param name="coder">How boxes are told from anchors.</param>
/// <param name="classes">K.</param>
internal sealed class HeadScores(DensePredictions predictions, ClassificationLoss loss, nn.Module? state, BoxCoder coder, int classes) : ICandidateScores
{
    public void Losses(int image, ReadOnlySpan<int> truths, IReadOnlyList<int> classesOfTruths, Span<float> losses)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var labels = new long[truths.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = truths[i] switch { >= 0 => classes == 1 ? 0 : classesOfTruths[truths[i]], Assignment.Ignored => -1, _ => classes };
        var logits = predictions.Logits[image].detach();
        var elements = loss.Compute(logits, ClassTargets.Of(tensor(labels, dtype: ScalarType.Int64).to(logits.device), classes), state);
        HostNumbers.Of(elements.dim() > 1 ? elements.sum(-1) : elements).CopyTo(losses);
    }

    public void Predictions(int image, AnchorSet anchors, Span<float> scores, BoxArray boxes)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var probabilities = loss.Probabilities(predictions.Logits[image].detach()).narrow(-1, 0, classes);
        HostNumbers.Of(probabilities.amax([-1])).CopyTo(scores);
        var deltas = HostNumbers.Of(predictions.Deltas[image].narrow(-1, 0, 4));
        for (var i = 0; i < scores.Length; i++)
            boxes.Add(coder.Decode(anchors.Boxes[i], new BoxDelta(deltas[4 * i], deltas[(4 * i) + 1], deltas[(4 * i) + 2], deltas[(4 * i) + 3])));
    }
}
