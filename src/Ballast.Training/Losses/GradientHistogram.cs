using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The gradient harmonizing mechanism's memory: a moving average of how many examples fall into each bin of the gradient's length.</summary>
public sealed class GradientHistogram : nn.Module
{
    internal GradientHistogram(int bins)
        : base(nameof(GradientHistogram))
        => register_buffer("counts", zeros(bins).DetachFromDisposeScope());

    /// <summary>[bins]: the moving average.</summary>
    public Tensor Counts => get_buffer("counts")!;

    /// <summary>The weight of each example: total / (its bin's count x number of bins that are not empty); 0 where it is left out.</summary>
    /// <param name="lengths">Gradient lengths of any shape, in [0, 1], detached.</param>
    /// <param name="counted">Of the same shape: which count.</param>
    /// <param name="total">What the weights sum to.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="lastEdge">Where the last bin ends, above 1.</param>
    /// <param name="memory">The moving average to update, or null to count anew.</param>
    /// <param name="momentum">How much of it is kept.</param>
    internal static Tensor Weigh(Tensor lengths, Tensor counted, Tensor total, int bins, double lastEdge, GradientHistogram? memory, float momentum)
    {
        using var frozen = no_grad();
        var bin = Bins(lengths, bins, lastEdge);
        counted = counted.logical_and(bin < bins);
        var counts = zeros(bins, dtype: lengths.dtype, device: lengths.device).scatter_add(0, bin[counted], ones_like(lengths)[counted]);
        var present = counts > 0;
        var divisor = memory is null ? counts : memory.Update(counts, present, momentum);
        var perBin = where(present, total / (where(present, divisor, 1) * present.sum().clamp(min: 1)), 0);
        return where(counted, perBin.index_select(0, bin.clamp(max: bins - 1).flatten()).reshape(lengths.shape), 0);
    }

    /// <summary>The bin of each length by the edges i / bins, compared as the reference compares them.</summary>
    private static Tensor Bins(Tensor lengths, int bins, double lastEdge)
    {
        var edges = arange(1, bins + 1, dtype: ScalarType.Float32, device: lengths.device) / bins;
        edges[bins - 1] = lastEdge;
        return searchsorted(edges.to(lengths.dtype), lengths.contiguous(), right: true);
    }

    private Tensor Update(Tensor counts, Tensor present, float momentum)
    {
        Counts.copy_(where(present, (momentum * Counts) + ((1 - momentum) * counts), Counts));
        return Counts.to(counts.dtype);
    }
}
