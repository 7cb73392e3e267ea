namespace Ballast;

/// <summary>
/// Boxes as offsets from anchors: dx = (gx - ax) / aw, dy = (gy - ay) / ah, dw = ln(gw / aw), dh = ln(gh / ah), then (d - mean) / deviation for each of the
/// four (R-CNN, Girshick et al. 2014, arXiv:1311.2524, appendix C). torchvision's weights are one over the deviations.
/// </summary>
public sealed record BoxCoder
{
    private readonly Values<float> _means = [0, 0, 0, 0];
    private readonly Values<float> _deviations = [1, 1, 1, 1];
    private readonly float _leastRatio = 0.016f;
    private readonly float? _centerClamp;

    /// <summary>What is subtracted from dx, dy, dw, dh.</summary>
    public Values<float> Means
    {
        get => _means;
        init => _means = Four(value, nameof(Means)) && value.All(float.IsFinite) ? value : throw Wrong(nameof(Means), value, "finite numbers");
    }

    /// <summary>What dx, dy, dw, dh are divided by; mmdetection's target_stds.</summary>
    public Values<float> Deviations
    {
        get => _deviations;
        init => _deviations = Four(value, nameof(Deviations)) && value.All(deviation => deviation > 0 && float.IsFinite(deviation))
            ? value
            : throw Wrong(nameof(Deviations), value, "positive numbers");
    }

    /// <summary>Largest change of a side at decoding is 1 / this: dw and dh are clamped to -ln of it. In (0, 1]; 16 / 1000 in all references.</summary>
    public float LeastRatio
    {
        get => _leastRatio;
        init => _leastRatio = value is > 0 and <= 1
            ? value
            : throw new InputException($"BoxCoder.LeastRatio is {value}; it must be more than 0 and at most 1.");
    }

    /// <summary>Whether dw and dh are clamped from below too (mmdetection); torchvision clamps growth only.</summary>
    public bool ClampShrinking { get; init; }

    /// <summary>Farthest a centre may move at decoding, pixels, or null for any distance (mmdetection's add_ctr_clamp with ctr_clamp; YOLOF).</summary>
    public float? CenterClampPixels
    {
        get => _centerClamp;
        init => _centerClamp = value is null or > 0
            ? value
            : throw new InputException($"BoxCoder.CenterClampPixels is {value}; it must be positive, or null for no clamp.");
    }

    /// <summary>Whether decoded boxes are clipped to the image when its size is given.</summary>
    public bool ClipToImage { get; init; } = true;

    /// <summary>torchvision's coder with its weights: (1, 1, 1, 1) for RPN and RetinaNet, (10, 10, 5, 5) for RoI heads and SSD.</summary>
    public static BoxCoder Weighted(float x, float y, float width, float height) => new() { Deviations = [1 / x, 1 / y, 1 / width, 1 / height] };

    /// <summary>The offsets of a truth from an anchor; both must have a positive width and height.</summary>
    public BoxDelta Encode(in Box anchor, in Box truth)
    {
        var (width, height) = (anchor.Width, anchor.Height);
        var dx = ((truth.X1 + (0.5f * truth.Width)) - (anchor.X1 + (0.5f * width))) / width;
        var dy = ((truth.Y1 + (0.5f * truth.Height)) - (anchor.Y1 + (0.5f * height))) / height;
        return new(
            (dx - Means[0]) / Deviations[0],
            (dy - Means[1]) / Deviations[1],
            (MathF.Log(truth.Width / width) - Means[2]) / Deviations[2],
            (MathF.Log(truth.Height / height) - Means[3]) / Deviations[3]);
    }

    /// <summary>The box at offsets from an anchor, not clipped.</summary>
    public Box Decode(in Box anchor, in BoxDelta delta)
    {
        var (width, height) = (anchor.Width, anchor.Height);
        var moveX = Move(((delta.X * Deviations[0]) + Means[0]) * width);
        var moveY = Move(((delta.Y * Deviations[1]) + Means[1]) * height);
        var (x, y) = (anchor.X1 + (0.5f * width) + moveX, anchor.Y1 + (0.5f * height) + moveY);
        var halfWidth = 0.5f * width * Grow((delta.Width * Deviations[2]) + Means[2]);
        var halfHeight = 0.5f * height * Grow((delta.Height * Deviations[3]) + Means[3]);
        return new(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
    }

    /// <summary>Encodes pairs.</summary>
    /// <param name="anchors">[N].</param>
    /// <param name="truths">[N], the truth of each anchor.</param>
    /// <param name="deltas">Receives [N].</param>
    public void Encode(BoxArray anchors, BoxArray truths, Span<BoxDelta> deltas)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentOutOfRangeException.ThrowIfNotEqual(truths.Count, anchors.Count, nameof(truths));
        for (var i = 0; i < anchors.Count; i++) deltas[i] = Encode(anchors[i], truths[i]);
    }

    /// <summary>Decodes the offsets of one or more classes for each anchor.</summary>
    /// <param name="anchors">[N].</param>
    /// <param name="deltas">[N, C]: C offsets for each anchor, one after another.</param>
    /// <param name="boxes">Receives N C boxes, appended.</param>
    /// <param name="image">Width and height to clip to, pixels, or null.</param>
    public void Decode(BoxArray anchors, ReadOnlySpan<BoxDelta> deltas, BoxArray boxes, (float Width, float Height)? image = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(boxes);
        if (anchors.Count == 0) return;
        var perAnchor = deltas.Length / anchors.Count;
        ArgumentOutOfRangeException.ThrowIfNotEqual(perAnchor * anchors.Count, deltas.Length, nameof(deltas));
        for (var i = 0; i < deltas.Length; i++)
        {
            var box = Decode(anchors[i / perAnchor], deltas[i]);
            boxes.Add(ClipToImage && image is var (width, height) ? box.Clip(width, height) : box);
        }
    }

    private float Move(float distance) => CenterClampPixels is { } clamp ? Math.Clamp(distance, -clamp, clamp) : distance;

    private float Grow(float logarithm)
    {
        var most = -MathF.Log(LeastRatio);
        var clamped = MathF.Min(logarithm, most);
        return MathF.Exp(ClampShrinking && CenterClampPixels is null ? MathF.Max(clamped, -most) : clamped);
    }

    private static bool Four(Values<float> values, string name)
        => values.Count == 4 ? true : throw Wrong(name, values, "four numbers, for x, y, width and height");

    private static InputException Wrong(string name, Values<float> values, string rule)
        => new($"BoxCoder.{name} is [{string.Join(", ", values)}]; it must be {rule}.");
}

/// <summary>Offsets of a box from an anchor.</summary>
/// <param name="X">Of the centre, in anchor widths.</param>
/// <param name="Y">Of the centre, in anchor heights.</param>
/// <param name="Width">Logarithm of the ratio of the widths.</param>
/// <param name="Height">Logarithm of the ratio of the heights.</param>
public readonly record struct BoxDelta(float X, float Y, float Width, float Height);
