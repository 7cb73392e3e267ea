using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Numbers of a step's losses as a matrix [stages, 2], classification first: what objectives that learn compute with.</summary>
internal static class LossMatrix
{
    /// <summary>A number of each loss; 0 where there is none.</summary>
    /// <param name="values">The losses of each stage.</param>
    /// <param name="like">[stages, 2]: gives type and device.</param>
    /// <param name="number">Of a loss.</param>
    /// <exception cref="InputException">The objective was built for another number of stages.</exception>
    public static Tensor Of(IReadOnlyList<StageLosses> values, Tensor like, Func<Tensor, Tensor> number)
    {
        Check(values.Count, like);
        var none = zeros([], dtype: like.dtype, device: like.device);
        return stack(Each(values).Select(value => value is null ? none : number(value).to(like.dtype, like.device)), 0).reshape(like.shape);
    }

    /// <summary>Which losses there are.</summary>
    public static Tensor Present(IReadOnlyList<StageLosses> values, Tensor like)
    {
        Check(values.Count, like);
        return tensor([.. Each(values).Select(value => value is not null)], like.shape, device: like.device);
    }

    /// <summary>The mean over losses that there are.</summary>
    public static Tensor Mean(Tensor numbers, Tensor present) => where(present, numbers, 0).sum() / present.sum().clamp(min: 1);

    /// <summary>The weight of a loss as a number of its own: the matrix is written over before the backward pass, which must see the old one.</summary>
    public static Tensor? Weight(Tensor weights, int stage, int part, Tensor? loss)
    {
        if (loss is null) return null;
        Check(Math.Max(stage + 1, (int)weights.shape[0]), weights);
        return weights[stage, part].clone().to_type(loss.dtype);
    }

    private static IEnumerable<Tensor?> Each(IReadOnlyList<StageLosses> values) => values.SelectMany(value => new[] { value.Classification, value.Box });

    private static void Check(int stages, Tensor like)
    {
        if (stages != like.shape[0])
            throw new InputException($"The objective was built for {like.shape[0]} stages and is given the losses of {stages}; build it with the detector's number "
                + "of stages.");
    }
}
