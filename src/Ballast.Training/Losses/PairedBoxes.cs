using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What the losses of the IoU family are made of, for N predicted boxes and their truths. Each quantity is [N].</summary>
internal sealed class PairedBoxes
{
    private readonly Tensor[] _p;
    private readonly Tensor[] _g;

    public PairedBoxes(Tensor predicted, Tensor target, OverlapRule rule)
    {
        (_p, _g) = (predicted.unbind(-1), target.unbind(-1));
        (Width, Height, TargetWidth, TargetHeight) = (_p[2] - _p[0], _p[3] - _p[1], _g[2] - _g[0], _g[3] - _g[1]);
        Intersection = rule == OverlapRule.Clamped ? Overlap(0).clamp(min: 0) * Overlap(1).clamp(min: 0) : Masked(Overlap(0), Overlap(1));
        Areas = (Width * Height) + (TargetWidth * TargetHeight) - Intersection;
        (HullWidth, HullHeight) = (Hull(0), Hull(1));
    }

    public Tensor Width { get; }

    public Tensor Height { get; }

    public Tensor TargetWidth { get; }

    public Tensor TargetHeight { get; }

    public Tensor Intersection { get; }

    /// <summary>The union.</summary>
    public Tensor Areas { get; }

    /// <summary>Width of the smallest box around both.</summary>
    public Tensor HullWidth { get; }

    public Tensor HullHeight { get; }

    /// <summary>Truth's centre minus the prediction's, in x.</summary>
    public Tensor OffsetX => ((_g[0] + _g[2]) - (_p[0] + _p[2])) / 2;

    public Tensor OffsetY => ((_g[1] + _g[3]) - (_p[1] + _p[3])) / 2;

    /// <summary>Squared distance of the centres.</summary>
    public Tensor CenterDistance => OffsetX.pow(2) + OffsetY.pow(2);

    /// <summary>IoU with the union raised to a floor.</summary>
    public Tensor IoUOver(float floor) => Intersection / Floored(Areas, floor);

    /// <summary>IoU with a small number added to the union.</summary>
    public Tensor IoUPlus(float epsilon) => Intersection / (Areas + epsilon);

    /// <summary>The larger of a quantity and a number; no gradient under it.</summary>
    public static Tensor Floored(Tensor quantity, float floor) => maximum(quantity, full_like(quantity, floor));

    private static Tensor Masked(Tensor width, Tensor height) => where((width > 0).logical_and(height > 0), width * height, 0);

    private Tensor Overlap(int axis) => minimum(_p[axis + 2], _g[axis + 2]) - maximum(_p[axis], _g[axis]);

    private Tensor Hull(int axis) => (maximum(_p[axis + 2], _g[axis + 2]) - minimum(_p[axis], _g[axis])).clamp(min: 0);
}
