namespace Ballast;

/// <summary>How unsure a detector is of each side of a box: standard deviations, pixels.</summary>
/// <param name="Left">Of x1.</param>
/// <param name="Top">Of y1.</param>
/// <param name="Right">Of x2.</param>
/// <param name="Bottom">Of y2.</param>
public readonly record struct SideDeviations(float Left, float Top, float Right, float Bottom)
{
    /// <summary>
    /// The deviations that a detector trained with KL loss (He et al. 2019, arXiv:1809.08545) means, from the logarithms of its deltas' variances. The paper
    /// predicts sides; deltas of centre and size reach the sides by x = cx -+ w / 2 with cx = ax + aw s dx and w = aw e^(s dw), to first order and with dx and
    /// dw independent: var(x) = (aw s_x)^2 var(dx) + (w s_w / 2)^2 var(dw), the same for both sides.
    /// </summary>
    /// <param name="coder">What the deltas are encoded by.</param>
    /// <param name="anchor">The box that was refined.</param>
    /// <param name="delta">The predicted deltas.</param>
    /// <param name="logVariance">ln sigma^2 of each delta, in encoded units.</param>
    public static SideDeviations Of(BoxCoder coder, in Box anchor, in BoxDelta delta, in BoxDelta logVariance)
    {
        ArgumentNullException.ThrowIfNull(coder);
        var box = coder.Decode(anchor, delta);
        var x = Side(anchor.Width * coder.Deviations[0], logVariance.X, box.Width * coder.Deviations[2], logVariance.Width);
        var y = Side(anchor.Height * coder.Deviations[1], logVariance.Y, box.Height * coder.Deviations[3], logVariance.Height);
        return new(x, y, x, y);
    }

    private static float Side(float center, float centerVariance, float size, float sizeVariance)
        => (float)Math.Sqrt(((double)center * center * Math.Exp(centerVariance)) + ((double)size * size / 4 * Math.Exp(sizeVariance)));
}
