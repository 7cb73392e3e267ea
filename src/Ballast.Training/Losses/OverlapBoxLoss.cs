using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What the references do differently at the edges of the IoU family.</summary>
public enum OverlapRule
{
    /// <summary>mmdetection: sides of the intersection are held at 0 or more, so boxes that just touch still learn to overlap; areas have a floor.</summary>
    Clamped,

    /// <summary>torchvision: boxes that do not overlap have no gradient through the intersection; epsilon is added to areas.</summary>
    Masked,
}

/// <summary>A loss of decoded boxes: their corners in pixels. All four coordinates are learned together, and the size of the object does not matter.</summary>
public abstract record OverlapBoxLoss : BoxLoss
{
    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool OnCorners => true;

    /// <inheritdoc/>
    public sealed override Tensor Compute(BoxPairs boxes, nn.Module? state = null)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        return Compute(new PairedBoxes(boxes.Corners, boxes.TargetCorners, EdgeRule), boxes);
    }

    private protected virtual OverlapRule EdgeRule => OverlapRule.Clamped;

    private protected abstract Tensor Compute(PairedBoxes pair, BoxPairs boxes);
}
