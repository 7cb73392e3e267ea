using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The gradient of a classification loss candidate by candidate, object against background, for pictures of it that need no detector.</summary>
public static class CandidateGradient
{
    /// <summary>|dL/dz| of the loss, whose only class is "object". The quality of an object is its probability.</summary>
    public static CandidateGradients Of(ClassificationLoss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return (isObject, probabilities, weights) => Compute(loss, isObject, probabilities, weights);
    }

    private static void Compute(ClassificationLoss loss, ReadOnlySpan<bool> isObject, ReadOnlySpan<float> probabilities, Span<float> weights)
    {
        if (weights.Length == 0) return;
        using var scope = NewDisposeScope();
        var labels = new long[isObject.Length];
        for (var i = 0; i < labels.Length; i++) labels[i] = isObject[i] ? 0 : 1;
        var scores = tensor(probabilities.ToArray());
        var logits = scores.logit().unsqueeze(-1);
        var channels = loss.Channels(1);
        if (channels > 1) logits = cat([logits, -logits.expand(labels.Length, channels - 1)], 1);
        logits = logits.detach().requires_grad_();
        var facts = new DatasetFacts { Classes = ["object"], Objects = [Math.Max(1, labels.Count(label => label == 0))], ImagesWith = [1], Images = 1 };
        var state = loss.State(facts);
        loss.Compute(logits, ClassTargets.Of(tensor(labels), 1, scores), state).sum().backward();
        logits.grad!.abs().sum(-1).data<float>().CopyTo(weights);
        state?.Dispose();
    }
}
