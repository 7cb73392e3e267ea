using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>How sizes and aspect ratios of a level become the anchors of its cells. Each library has its own rule; trained weights fit only theirs.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RoundedAnchors), "rounded")]
[JsonDerivedType(typeof(ExactAnchors), "exact")]
[JsonDerivedType(typeof(DefaultBoxes), "default-boxes")]
public abstract record AnchorRule
{
    /// <summary>The level's grid on a padded input.</summary>
    /// <param name="level">Stride, sizes and ratios.</param>
    /// <param name="cells">Cells of the feature map in a row and in a column.</param>
    /// <param name="width">Padded input width, pixels.</param>
    /// <param name="height">Padded input height, pixels.</param>
    /// <param name="first">Index of the level's first anchor in the whole grid.</param>
    public abstract AnchorLevel Level(AnchorLevelOptions level, (int X, int Y) cells, int width, int height, int first);

    /// <summary>Anchors of every ratio and size: width = size / sqrt(ratio), height = size sqrt(ratio), single precision in the references' order.</summary>
    protected static Box[] Around(float x, float y, Values<float> sizes, Values<float> ratios, bool ratioMajor)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentNullException.ThrowIfNull(ratios);
        var anchors = new Box[ratios.Count * sizes.Count];
        for (var i = 0; i < anchors.Length; i++)
        {
            var (ratio, size) = ratioMajor ? (ratios[i / sizes.Count], sizes[i % sizes.Count]) : (ratios[i % ratios.Count], sizes[i / ratios.Count]);
            var heightRatio = MathF.Sqrt(ratio);
            var (w, h) = (1 / heightRatio * size, heightRatio * size);
            anchors[i] = new(x - (w / 2), y - (h / 2), x + (w / 2), y + (h / 2));
        }

        return anchors;
    }
}

/// <summary>
/// torchvision's <c>AnchorGenerator</c>: corners rounded to whole pixels (half to even), ratio-major, at every stride without an offset; the stride is the
/// input's side over the number of cells, rounded down.
/// </summary>
public sealed record RoundedAnchors : AnchorRule
{
    /// <inheritdoc/>
    public override AnchorLevel Level(AnchorLevelOptions level, (int X, int Y) cells, int width, int height, int first)
    {
        ArgumentNullException.ThrowIfNull(level);
        var anchors = Around(0, 0, level.Sizes, level.Ratios, ratioMajor: true);
        for (var i = 0; i < anchors.Length; i++) anchors[i] = new(Round(anchors[i].X1), Round(anchors[i].Y1), Round(anchors[i].X2), Round(anchors[i].Y2));
        return new(cells.X, cells.Y, width / cells.X, height / cells.Y, 0, 0, anchors, first);
    }

    private static float Round(float value) => MathF.Round(value, MidpointRounding.ToEven);
}

/// <summary>
/// mmdetection's and detectron2's generator: corners not rounded, the level's own strides. A size is mmdetection's base size times a scale;
/// <see cref="Octave"/> spells its octave_base_scale and scales_per_octave.
/// </summary>
public sealed record ExactAnchors : AnchorRule
{
    private readonly float _offset;

    /// <summary>Offset of the anchors' centre, fraction of the (smaller) stride, 0 to 1: 0 in mmdetection 2 and 3, 0.5 in some one-stage heads.</summary>
    public float CenterOffsetFraction
    {
        get => _offset;
        init => _offset = value is >= 0 and <= 1
            ? value
            : throw new InputException($"ExactAnchors.CenterOffsetFraction is {value}; it must be a fraction from 0 to 1.");
    }

    /// <summary>Whether all sizes of a ratio come before the next ratio (mmdetection's scale_major); else all ratios of a size.</summary>
    public bool RatioMajor { get; init; } = true;

    /// <summary>Sizes of an octave: base size x octave base scale x 2^(i / n) for i = 0..n-1.</summary>
    /// <param name="baseSize">Base size, pixels: the stride.</param>
    /// <param name="octaveBaseScale">The smallest scale: 4 for RetinaNet.</param>
    /// <param name="scalesPerOctave">n: 3 for RetinaNet.</param>
    public static Values<float> Octave(float baseSize, float octaveBaseScale, int scalesPerOctave)
        => [.. Enumerable.Range(0, scalesPerOctave).Select(i => baseSize * (float)(Math.Pow(2, (double)i / scalesPerOctave) * octaveBaseScale))];

    /// <inheritdoc/>
    public override AnchorLevel Level(AnchorLevelOptions level, (int X, int Y) cells, int width, int height, int first)
    {
        ArgumentNullException.ThrowIfNull(level);
        var offset = CenterOffsetFraction * Math.Min(level.Stride, level.VerticalStride ?? level.Stride);
        return new(cells.X, cells.Y, level.Stride, level.VerticalStride ?? level.Stride, 0, 0, Around(offset, offset, level.Sizes, level.Ratios, RatioMajor), first);
    }
}

/// <summary>
/// SSD's default boxes (Liu et al. 2016, arXiv:1512.02325, section 2.2) as torchvision draws them: a square of each size (the paper's s and sqrt(s s')), then
/// for every ratio r a wide (s sqrt(r) x s / sqrt(r)) and a tall box of the first size, in the middle of each cell.
/// </summary>
public sealed record DefaultBoxes : AnchorRule
{
    private readonly float _side = 300;

    /// <summary>
    /// Side of the square input that the sizes are stated for, pixels, positive: boxes stretch with the input. With 1 sizes are fractions of the input.
    /// </summary>
    public float InputSide
    {
        get => _side;
        init => _side = value > 0 && float.IsFinite(value)
            ? value
            : throw new InputException($"DefaultBoxes.InputSide is {value}; it must be a positive number of pixels.");
    }

    /// <summary>Whether boxes are at most as large as the input.</summary>
    public bool Clip { get; init; } = true;

    /// <summary>Whether cells lie at the level's stride, or share the input's side evenly.</summary>
    public bool UseStride { get; init; } = true;

    /// <summary>The paper's sizes s and sqrt(s s') of each level.</summary>
    /// <param name="scales">s of each level, and one more for the last level's s'.</param>
    public static Values<float>[] Sizes(params ReadOnlySpan<float> scales)
    {
        var sizes = new Values<float>[scales.Length - 1];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = [scales[i], MathF.Sqrt(scales[i] * scales[i + 1])];
        return sizes;
    }

    /// <inheritdoc/>
    public override AnchorLevel Level(AnchorLevelOptions level, (int X, int Y) cells, int width, int height, int first)
    {
        ArgumentNullException.ThrowIfNull(level);
        var (strideX, strideY) = UseStride
            ? (level.Stride * width / InputSide, (level.VerticalStride ?? level.Stride) * height / InputSide)
            : ((float)width / cells.X, (float)height / cells.Y);
        var anchors = level.Sizes.Select(size => Centered(size, size, width, height)).ToList();
        foreach (var ratio in level.Ratios)
        {
            var root = MathF.Sqrt(ratio);
            var (longer, shorter) = (level.Sizes[0] * root, level.Sizes[0] / root);
            anchors.Add(Centered(longer, shorter, width, height));
            anchors.Add(Centered(shorter, longer, width, height));
        }

        return new(cells.X, cells.Y, strideX, strideY, strideX / 2, strideY / 2, [.. anchors], first);
    }

    private Box Centered(float sizeX, float sizeY, int width, int height)
    {
        var (w, h) = (sizeX / InputSide, sizeY / InputSide);
        if (Clip) (w, h) = (MathF.Min(w, 1), MathF.Min(h, 1));
        return new(-w * width / 2, -h * height / 2, w * width / 2, h * height / 2);
    }
}
