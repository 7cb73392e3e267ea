using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a head predicts for every anchor of a batch, levels one after another, each row by row.</summary>
/// <param name="Logits">[N, A, channels of the classification loss].</param>
/// <param name="Deltas">[N, A, 4 + extra outputs of the box loss].</param>
/// <param name="Centerness">[N, A]: logits, or null.</param>
public sealed record DensePredictions(Tensor Logits, Tensor Deltas, Tensor? Centerness = null)
{
    /// <summary>Maps of all levels as one row for each anchor.</summary>
    /// <param name="maps">[N, anchors x width, H, W] for each level, the outputs of an anchor one after another.</param>
    /// <param name="width">Outputs of an anchor.</param>
    /// <returns>[N, A, width].</returns>
    public static Tensor Rows(IReadOnlyList<Tensor> maps, int width)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return cat([.. maps.Select(map => map.permute(0, 2, 3, 1).reshape(map.shape[0], -1, width))], 1);
    }
}
