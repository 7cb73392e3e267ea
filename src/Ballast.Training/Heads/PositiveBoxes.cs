using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The predicted boxes of a batch's objects beside their truths.</summary>
internal sealed class PositiveBoxes
{
    private const float UnionFloor = 1e-6f;

    private readonly Lazy<(Tensor Predicted, Tensor Target)> _corners;

    /// <summary>Picks the boxes of the positives.</summary>
    /// <param name="coder">How they are told from anchors.</param>
    /// <param name="deltas">[N, A, 4 + extra outputs].</param>
    /// <param name="device">Where the positives are.</param>
    /// <param name="targets">Their anchors and truths.</param>
    public PositiveBoxes(BoxCoder coder, Tensor deltas, DenseTargets device, AnchorTargets targets)
    {
        var picked = deltas.flatten(0, 1).index_select(0, device.Positives);
        var (anchors, truths) = (Upload(targets.PositiveAnchors, deltas), Upload(targets.TruthBoxes, deltas));
        var predicted = picked.narrow(1, 0, 4);
        _corners = new(() =>
        {
            // Whoever asks first may do so without gradient (the quality that a classification loss learns); the box loss gets the same corners and needs theirs.
            using var open = enable_grad();
            return (coder.Decode(anchors, predicted), truths);
        });
        var extra = picked.shape[1] > 4 ? picked.narrow(1, 4, picked.shape[1] - 4) : null;
        Pairs = new(predicted, coder.Encode(anchors, truths), () => _corners.Value, extra);
    }

    /// <summary>[P] pairs.</summary>
    public BoxPairs Pairs { get; }

    /// <summary>[P]: IoU of each predicted box with its truth, without gradient.</summary>
    public Tensor Quality()
    {
        using var frozen = no_grad();
        return new PairedBoxes(_corners.Value.Predicted.detach(), _corners.Value.Target, OverlapRule.Clamped).IoUOver(UnionFloor);
    }

    private static Tensor Upload(BoxArray boxes, Tensor like)
    {
        var numbers = new float[boxes.Count * 4];
        for (var i = 0; i < boxes.Count; i++) (numbers[4 * i], numbers[(4 * i) + 1], numbers[(4 * i) + 2], numbers[(4 * i) + 3]) = boxes[i];
        return tensor(numbers, [boxes.Count, 4]).to(like.dtype, like.device);
    }
}
