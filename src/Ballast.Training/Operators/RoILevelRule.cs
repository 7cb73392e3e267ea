using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Which map of a pyramid a region of interest is pooled from, by its size.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(CanonicalLevelRule), "canonical")]
[JsonDerivedType(typeof(FinestScaleRule), "finest-scale")]
public abstract record RoILevelRule
{
    /// <summary>The index of each region's map, [R] int64; regions too small or too large for the pyramid get its first or last.</summary>
    /// <param name="rois">[R, 5]: index of the image, x1, y1, x2, y2 in pixels.</param>
    /// <param name="finestStride">Pixels a cell of the first map.</param>
    /// <param name="count">How many maps there are, each with twice the stride of the one before.</param>
    public Tensor Levels(Tensor rois, int finestStride, int count)
    {
        ArgumentNullException.ThrowIfNull(rois);
        using var scope = NewDisposeScope();
        using var gradless = no_grad();
        var sides = rois.detach().to(rois.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        sides = (sides[TensorIndex.Colon, 3..5] - sides[TensorIndex.Colon, 1..3]).prod(1).clamp(min: 0).sqrt();
        return Octaves(sides, Math.Log2(finestStride)).floor().clamp(0, count - 1).to(ScalarType.Int64).MoveToOuterDisposeScope();
    }

    /// <summary>The index before it is rounded down and kept inside the pyramid.</summary>
    /// <param name="sides">[R]: square root of the area, pixels.</param>
    /// <param name="finest">Log2 of the first map's stride.</param>
    private protected abstract Tensor Octaves(Tensor sides, double finest);
}

/// <summary>
/// FPN's rule (Lin et al. 2017, arXiv:1612.03144, eq. 1) as torchvision computes it: k = floor(k0 + log2(sqrt(w h) / s0) + 1e-6), and the map is the one with
/// stride 2^k.
/// </summary>
public sealed record CanonicalLevelRule : RoILevelRule
{
    private readonly float _scalePixels = 224;
    private readonly int _level = 4;

    /// <summary>s0: the side of a region that belongs to <see cref="Level"/>, pixels.</summary>
    public float ScalePixels { get => _scalePixels; init => _scalePixels = Requires.Positive<CanonicalLevelRule>(value); }

    /// <summary>k0: the map has stride 2^k0.</summary>
    public int Level { get => _level; init => _level = Requires.NotNegative<CanonicalLevelRule>(value); }

    private protected override Tensor Octaves(Tensor sides, double finest) => (Level + (sides / ScalePixels).log2() + 1e-6).floor() - finest;
}

/// <summary>mmdetection's rule: floor(log2(sqrt(w h) / s + 1e-6)) counted from the first map, whatever its stride.</summary>
public sealed record FinestScaleRule : RoILevelRule
{
    private readonly float _scalePixels = 56;

    /// <summary>s: regions with sides under twice this many pixels belong to the first map.</summary>
    public float ScalePixels { get => _scalePixels; init => _scalePixels = Requires.Positive<FinestScaleRule>(value); }

    private protected override Tensor Octaves(Tensor sides, double finest) => ((sides / ScalePixels) + 1e-6).log2();
}
