namespace Ballast;

/// <summary>Where an interval comes from.</summary>
public enum IntervalMethod
{
    /// <summary>The usual one.</summary>
    Usual,

    /// <summary>The wider one, for fewer than 100 images or 30 objects.</summary>
    Wider,

    /// <summary>There are too few objects or images to say anything: no interval.</summary>
    CannotTell,
}

/// <summary>
/// A figure in [0, 1] with its 95 % interval over the images it might have been measured on. The standard error is the bootstrap's; the interval is Wilson's for the
/// number of independent objects that would have that error, at most the number of objects there are. The bootstrap's own quantiles miss what a small truth never
/// showed: in simulations at 100 images and 30 objects they hold the true AP in 63 to 94 % of the cases instead of 95 %, these in 91 to 99 %.
/// </summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower bound; NaN when it cannot be told.</param>
/// <param name="High">Upper bound; NaN when it cannot be told.</param>
/// <param name="StandardError">Of the bootstrap replicates.</param>
/// <param name="Images">Images with at least one of the objects.</param>
/// <param name="Objects">Objects the figure is measured on.</param>
/// <param name="Method">Where the interval comes from.</param>
public sealed record FigureInterval(double Value, double Low, double High, double StandardError, int Images, int Objects, IntervalMethod Method)
{
    /// <summary>Images under which the wider method is used.</summary>
    public const int UsualImages = 100;

    /// <summary>Objects under which the wider method is used.</summary>
    public const int UsualObjects = 30;

    /// <summary>Objects under which nothing is said.</summary>
    public const int FewestObjects = 5;

    /// <summary>Images with objects under which nothing is said.</summary>
    public const int FewestImages = 3;

    /// <summary>How far the truth may be from the figure: the longer side of the interval; NaN when it cannot be told.</summary>
    public double HalfWidth => Math.Max(High - Value, Value - Low);

    /// <summary>Makes the interval of a figure from its bootstrap replicates.</summary>
    /// <param name="value">The figure on the data as they are.</param>
    /// <param name="replicates">The figure in each replicate; NaN where it is undefined.</param>
    /// <param name="allImages">Images of the truth.</param>
    /// <param name="images">Images with at least one of the objects.</param>
    /// <param name="objects">Objects the figure is measured on.</param>
    internal static FigureInterval Of(double value, ReadOnlySpan<double> replicates, int allImages, int images, int objects)
    {
        var error = Deviation(replicates);
        if (double.IsNaN(value) || double.IsNaN(error) || objects < FewestObjects || images < FewestImages)
            return new(value, double.NaN, double.NaN, error, images, objects, IntervalMethod.CannotTell);
        var usual = allImages >= UsualImages && objects >= UsualObjects;
        var (low, high) = Wilson(value, error, objects, Quantile(usual, images));
        return new(value, low, high, error, images, objects, usual ? IntervalMethod.Usual : IntervalMethod.Wider);
    }

    /// <summary>How many standard errors an interval reaches to a side: fewer images with objects, more (Student's t, and the bootstrap's missing factor n / (n - 1)).</summary>
    internal static double Quantile(bool usual, int images)
        => usual ? StudentT.Normal975 : StudentT.Quantile975(images - 1) * Math.Sqrt(images / (images - 1.0));

    /// <summary>Standard deviation of the replicates that are defined; NaN when fewer than half are.</summary>
    internal static double Deviation(ReadOnlySpan<double> replicates)
    {
        var (count, sum) = (0, 0.0);
        foreach (var value in replicates)
        {
            if (double.IsNaN(value)) continue;
            count++;
            sum += value;
        }

        if (count < 2 || count * 2 < replicates.Length) return double.NaN;
        var (mean, squares) = (sum / count, 0.0);
        foreach (var value in replicates)
        {
            if (!double.IsNaN(value)) squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / (count - 1));
    }

    /// <summary>Wilson's interval (1927) of a share, for the number of independent draws whose share would have this standard error.</summary>
    private static (double Low, double High) Wilson(double value, double error, int objects, double z)
    {
        var spread = value * (1 - value);
        var draws = error > 0 && spread > 0 ? Math.Min(objects, spread / (error * error)) : objects;
        var shrink = 1 + (z * z / draws);
        var center = (value + (z * z / (2 * draws))) / shrink;
        var half = z / shrink * Math.Sqrt((spread / draws) + (z * z / (4 * draws * draws)));
        return (Math.Max(0, Math.Min(value, center - half)), Math.Min(1, Math.Max(value, center + half)));
    }
}
