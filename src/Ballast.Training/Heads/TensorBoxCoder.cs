using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The box coder on a device, with gradient; the same formulas as on spans.</summary>
public static class TensorBoxCoder
{
    /// <summary>The offsets of truths from anchors.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="anchors">[N, 4]: corners, of positive width and height.</param>
    /// <param name="truths">[N, 4]: corners, of positive width and height.</param>
    /// <returns>[N, 4].</returns>
    public static Tensor Encode(this BoxCoder coder, Tensor anchors, Tensor truths)
    {
        ArgumentNullException.ThrowIfNull(coder);
        var (anchorCenters, anchorSides) = Centered(anchors);
        var (centers, sides) = Centered(truths);
        var deltas = cat([(centers - anchorCenters) / anchorSides, (sides / anchorSides).log()], -1);
        return (deltas - Row(coder.Means, deltas)) / Row(coder.Deviations, deltas);
    }

    /// <summary>The boxes at offsets from anchors, not clipped to the image.</summary>
    /// <param name="coder">The coder.</param>
    /// <param name="anchors">[N, 4]: corners.</param>
    /// <param name="deltas">[N, 4].</param>
    /// <returns>[N, 4]: corners.</returns>
    public static Tensor Decode(this BoxCoder coder, Tensor anchors, Tensor deltas)
    {
        ArgumentNullException.ThrowIfNull(coder);
        ArgumentNullException.ThrowIfNull(deltas);
        var (centers, sides) = Centered(anchors);
        var scaled = (deltas * Row(coder.Deviations, deltas)) + Row(coder.Means, deltas);
        var moved = scaled.narrow(-1, 0, 2) * sides;
        if (coder.CenterClampPixels is { } farthest) moved = moved.clamp(-farthest, farthest);
        var most = -MathF.Log(coder.LeastRatio);
        var grown = scaled.narrow(-1, 2, 2);
        grown = coder is { ClampShrinking: true, CenterClampPixels: null } ? grown.clamp(-most, most) : grown.clamp(max: most);
        var (middle, half) = (centers + moved, 0.5 * sides * grown.exp());
        return cat([middle - half, middle + half], -1);
    }

    private static (Tensor Centers, Tensor Sides) Centered(Tensor boxes)
    {
        var (least, most) = (boxes.narrow(-1, 0, 2), boxes.narrow(-1, 2, 2));
        var sides = most - least;
        return (least + (0.5 * sides), sides);
    }

    private static Tensor Row(Values<float> values, Tensor like) => tensor([.. values], dtype: like.dtype, device: like.device);
}
