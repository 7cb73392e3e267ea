using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The targets of a batch's anchors on a device. Only what is not background is uploaded.</summary>
internal sealed class DenseTargets
{
    private readonly AnchorTargets _targets;
    private readonly Tensor _like;
    private readonly LossDivisor _divisor;
    private readonly Tensor? _rows;

    /// <summary>Uploads targets.</summary>
    /// <param name="targets">On the host.</param>
    /// <param name="like">What gives type and device.</param>
    /// <param name="divisor">What the losses are divided by.</param>
    public DenseTargets(AnchorTargets targets, Tensor like, LossDivisor divisor)
    {
        (_targets, _like, _divisor) = (targets, like, divisor);
        Positives = Indices(targets.Positives);
        Classes = Indices(targets.PositiveClasses);
        var all = full([(long)targets.Images * targets.Anchors], targets.Classes, dtype: ScalarType.Int64, device: like.device);
        if (targets.Ignored.Count > 0) all.index_fill_(0, Indices(targets.Ignored), -1);
        all.index_copy_(0, Positives, Classes);
        _rows = targets.Samples is { } samples ? Indices(samples) : null;
        Labels = Of(all);
        PositiveRows = targets.Samples is { } sampled ? Indices([.. targets.Positives.Select(positive => sampled.BinarySearch(positive))]) : Positives;
        SampleWeights = targets.SampleWeights is { } weights ? tensor(weights.ToArray()).to(like.dtype, like.device) : null;
    }

    /// <summary>[P]: anchors that are objects.</summary>
    public Tensor Positives { get; }

    /// <summary>[P]: class of each.</summary>
    public Tensor Classes { get; }

    /// <summary>[P]: the row of each among those that are sampled; the anchor's number when all are.</summary>
    public Tensor PositiveRows { get; }

    /// <summary>[R]: the class of each row, K for background, -1 for left out.</summary>
    public Tensor Labels { get; }

    /// <summary>[R]: what the sampler gave each row; null for 1.</summary>
    public Tensor? SampleWeights { get; }

    /// <summary>The rows of what is given for every anchor that are sampled; all without a sampler.</summary>
    public Tensor Of(Tensor all) => _rows is null ? all : all.index_select(0, _rows);

    /// <summary>[R]: a value for each positive, and one for all other rows.</summary>
    public Tensor Spread(Tensor positives, float otherwise)
        => full_like(Labels, otherwise, dtype: positives.dtype).index_copy_(0, PositiveRows, positives);

    /// <summary>[R]: the weights of a classification loss; null for 1.</summary>
    public Tensor? Weights(LossScale scale)
    {
        if (scale != LossScale.Objects || _divisor != LossDivisor.PositivesOfImage) return SampleWeights;
        var each = Of(PerImage().repeat_interleave(_targets.Anchors));
        return SampleWeights is null ? each : each * SampleWeights;
    }

    /// <summary>[P]: the weights of a loss of the positives; null for 1.</summary>
    public Tensor? PositiveWeights(LossScale scale) => Weights(scale)?.index_select(0, PositiveRows);

    /// <summary>[N]: 1 / positives of each image.</summary>
    private Tensor PerImage() => tensor(_targets.PositivesOf.Select(count => 1f / Math.Max(1, count)).ToArray()).to(_like.dtype, _like.device);

    private Tensor Indices(List<int> values)
    {
        var wide = new long[values.Count];
        for (var i = 0; i < wide.Length; i++) wide[i] = values[i];
        return tensor(wide, dtype: ScalarType.Int64).to(_like.device);
    }
}
