using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// What N candidates are: a class each (0..K-1, K for background, -1 for left out), with the quality of the box where a loss learns it; or, for losses of
/// sigmoids, a matrix of probabilities.
/// </summary>
public sealed class ClassTargets
{
    private readonly Tensor? _labels;
    private readonly Tensor? _matrix;

    private ClassTargets(int classes, Tensor? labels, Tensor? matrix, Tensor? scores, Tensor? weights)
    {
        Classes = classes >= 1 ? classes : throw new InputException($"ClassTargets: there are {classes} classes; at least one is needed.");
        (_labels, _matrix, Scores, Weights) = (labels, matrix, scores, weights);
        foreach (var (what, numbers) in (ReadOnlySpan<(string, Tensor?)>)[("probabilities", matrix), ("scores", scores), ("weights", weights)])
        {
            if (numbers is not null) Checks.IsFinite(nameof(ClassTargets), what, numbers);
        }
    }

    /// <summary>Number of classes, K.</summary>
    public int Classes { get; }

    /// <summary>[N], 64-bit: 0..K-1, K for background, -1 for left out.</summary>
    public Tensor Labels => _labels
        ?? throw new InvalidOperationException("These targets are a matrix of probabilities; this loss needs one class for each candidate.");

    /// <summary>Whether they are a class each; else a matrix of probabilities.</summary>
    internal bool AreByClass => _labels is not null;

    /// <summary>[N]: quality of each candidate's box, usually its IoU with its truth; null where every object counts as 1.</summary>
    public Tensor? Scores { get; }

    /// <summary>[N] or [N, K]; null where every candidate weighs 1. Losses only look at where it is 0: weighing is the objective's.</summary>
    public Tensor? Weights { get; }

    /// <summary>Number of candidates, N.</summary>
    public long Count => (_labels ?? _matrix!).shape[0];

    /// <summary>Targets by class.</summary>
    /// <param name="labels">[N], 64-bit.</param>
    /// <param name="classes">K.</param>
    /// <param name="scores">[N], in [0, 1].</param>
    /// <param name="weights">[N].</param>
    public static ClassTargets Of(Tensor labels, int classes, Tensor? scores = null, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.dim() != 1 || labels.dtype != ScalarType.Int64)
            throw new InputException($"ClassTargets: labels are {labels.dtype} {Checks.Shape(labels)}; they must be Int64 [N].");
        if (scores is not null) Checks.SameShape(nameof(ClassTargets), "labels", labels, "scores", scores);
        if (weights is not null) Checks.SameShape(nameof(ClassTargets), "labels", labels, "weights", weights);
        return new(classes, labels, null, scores, weights);
    }

    /// <summary>Targets by probability.</summary>
    /// <param name="probabilities">[N, K], in [0, 1].</param>
    /// <param name="weights">[N, K].</param>
    public static ClassTargets OfMatrix(Tensor probabilities, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (probabilities.dim() != 2) throw new InputException($"ClassTargets: probabilities have shape {Checks.Shape(probabilities)}; it must be [N, K].");
        if (weights is not null) Checks.SameShape(nameof(ClassTargets), "probabilities", probabilities, "weights", weights);
        return new((int)probabilities.shape[1], null, probabilities, null, weights);
    }

    /// <summary>The targets of sigmoids: 1, or the score, at each object's class.</summary>
    /// <param name="like">What gives type and device.</param>
    /// <param name="channels">K, or more for a channel of background.</param>
    /// <param name="scored">Whether the scores stand for 1.</param>
    internal Tensor Matrix(Tensor like, int channels, bool scored = false)
    {
        if (_matrix is not null)
        {
            return channels == Classes ? _matrix.to(like.dtype, like.device)
                : throw new InvalidOperationException("These targets are a matrix of probabilities; a loss with a channel of background needs one class for "
                    + "each candidate.");
        }

        var result = zeros([Count, Math.Max(channels, Classes + 1)], dtype: like.dtype, device: like.device);
        var values = scored && Scores is not null ? Scores.to(like.dtype, like.device).unsqueeze(-1) : ones([Count, 1], dtype: like.dtype, device: like.device);
        result.scatter_(1, Labels.clamp(min: 0).unsqueeze(-1), values * (Labels >= 0).unsqueeze(-1).to(like.dtype));
        return result.narrow(1, 0, channels);
    }

    /// <summary>Which elements of a loss count: not left out, and of weight above 0.</summary>
    internal Tensor Counted(Tensor elements)
    {
        var counted = ones_like(elements, dtype: ScalarType.Bool);
        if (_labels is not null) counted = counted.logical_and(Rows(_labels >= 0, elements));
        return Weights is null ? counted : counted.logical_and(Rows(Weights > 0, elements));
    }

    /// <summary>The loss with 0, and no gradient, for candidates that are left out.</summary>
    internal Tensor WithoutIgnored(Tensor elements) => _labels is null ? elements : where(Rows(_labels >= 0, elements), elements, 0);

    private static Tensor Rows(Tensor flags, Tensor elements) => flags.dim() < elements.dim() ? flags.unsqueeze(-1) : flags;
}
