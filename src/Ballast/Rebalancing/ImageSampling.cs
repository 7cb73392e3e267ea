namespace Ballast;

/// <summary>
/// Weights by which images are shown in training: how often each is repeated in an epoch, or drawn in expectation. Boxes come along with their image, so a class can
/// only be shown more often together with what stands beside it; <see cref="OutcomeOf"/> tells what comes out.
/// </summary>
public static class ImageSampling
{
    /// <summary>
    /// Repeat-factor sampling (Gupta et al. 2019, arXiv:1908.03195): r_c = max(1, sqrt(t / f_c)) with f_c the share of images that hold class c; an image is repeated
    /// by the largest factor of its classes, 1 without objects unless these are a class too. Factors are not rounded: a loader rounds them stochastically each epoch.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="threshold">t in (0, 1]; NaN takes the median f_c of the classes that have boxes.</param>
    /// <param name="emptyIsClass">Whether images without objects are a class of their own, repeated when they are rare (mmdetection's filter_empty_gt = False).</param>
    /// <returns>[images], at least 1.</returns>
    public static double[] RepeatFactors(DetectionDataset data, double threshold = double.NaN, bool emptyIsClass = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        return RepeatFactors(new ClassPresence(data), threshold, emptyIsClass);
    }

    /// <summary>The same where it is known which classes stand in which images.</summary>
    internal static double[] RepeatFactors(ClassPresence presence, double threshold = double.NaN, bool emptyIsClass = false)
    {
        if (double.IsNaN(threshold)) threshold = presence.MedianShare();
        double Factor(double share) => share > 0 ? Math.Max(1, Math.Sqrt(threshold / share)) : 1;
        var factors = presence.Shares.Select(Factor).ToArray();
        var ofEmpty = emptyIsClass ? Factor(presence.EmptyShare) : 1;
        return presence.PerImage(classes =>
        {
            var factor = classes.Count == 0 ? ofEmpty : 1.0;
            foreach (var @class in classes) factor = Math.Max(factor, factors[@class]);
            return factor;
        });
    }

    /// <summary>
    /// Class-aware sampling (Shen et al. 2016): draw a class uniformly among those that have boxes, then an image uniformly among those that hold it:
    /// P_i = (1/C) sum over the classes c of image i of 1 / images of c.
    /// </summary>
    /// <returns>[images], summing to the number of images; 0 for images without objects.</returns>
    public static double[] ClassAware(DetectionDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ClassAware(new ClassPresence(data));
    }

    /// <summary>The same where it is known which classes stand in which images.</summary>
    internal static double[] ClassAware(ClassPresence presence)
    {
        var present = presence.Images.Count(images => images > 0);
        return presence.PerImage(classes =>
        {
            var weight = 0.0;
            foreach (var @class in classes) weight += (double)presence.ImageCount / (present * (double)presence.Images[@class]);
            return weight;
        });
    }

    /// <summary>
    /// Undersampling: images whose objects are all of the commonest class are kept with a probability, all others stay.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="kept">Share of such images that stays, in [0, 1].</param>
    /// <returns>[images], <paramref name="kept"/> or 1.</returns>
    public static double[] DropMajorityOnly(DetectionDataset data, double kept)
    {
        ArgumentNullException.ThrowIfNull(data);
        return DropMajorityOnly(new ClassPresence(data), kept);
    }

    /// <summary>The same where it is known which classes stand in which images.</summary>
    internal static double[] DropMajorityOnly(ClassPresence presence, double kept)
    {
        var majority = Array.IndexOf(presence.Boxes, presence.Boxes.DefaultIfEmpty(0).Max());
        return presence.PerImage(classes => classes.Count == 1 && classes[0] == majority ? kept : 1);
    }

    /// <summary>What training sees under the given weights, in expectation.</summary>
    public static SamplingOutcome OutcomeOf(DetectionDataset data, ReadOnlySpan<double> weights)
    {
        ArgumentNullException.ThrowIfNull(data);
        var boxes = new double[data.Classes.Count];
        var (sum, squares, largest) = (0.0, 0.0, 0.0);
        for (var image = 0; image < data.Images.Count; image++)
        {
            var weight = weights[image];
            sum += weight;
            squares += weight * weight;
            largest = Math.Max(largest, weight);
            var (start, end) = data.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                if (data.Boxes.Class(box) >= 0 && !data.Boxes.IsIgnored(box)) boxes[data.Boxes.Class(box)] += weight;
            }
        }

        return new(boxes, sum / Math.Max(1, data.Images.Count), squares == 0 ? 0 : sum * sum / squares, largest);
    }
}

/// <summary>What training sees when images are weighted.</summary>
/// <param name="Boxes">Expected boxes of each class in an epoch, [K].</param>
/// <param name="Growth">Length of an epoch over the number of images.</param>
/// <param name="EffectiveImages">(sum w)^2 / sum w^2: as many equally weighted images would vary as much.</param>
/// <param name="LargestWeight">How often the most repeated image is shown in an epoch.</param>
public sealed record SamplingOutcome(double[] Boxes, double Growth, double EffectiveImages, double LargestWeight)
{
    /// <summary>Shannon evenness of the expected boxes over classes.</summary>
    public double Evenness => ImbalanceMeasures.Evenness(Boxes);
}

/// <summary>Which classes stand in which images, and in how many.</summary>
internal sealed class ClassPresence
{
    private readonly DetectionDataset _data;

    public ClassPresence(DetectionDataset data)
    {
        _data = data;
        Images = new long[data.Classes.Count];
        Boxes = new long[data.Classes.Count];
        PerImage(classes =>
        {
            foreach (var @class in classes) Images[@class]++;
            Empty += classes.Count == 0 ? 1 : 0;
            return 0;
        });
        for (var box = 0; box < data.Boxes.Count; box++)
        {
            if (data.Boxes.Class(box) >= 0 && !data.Boxes.IsIgnored(box)) Boxes[data.Boxes.Class(box)]++;
        }
    }

    /// <summary>Number of images.</summary>
    public int ImageCount => _data.Images.Count;

    /// <summary>Images that hold each class, [K].</summary>
    public long[] Images { get; }

    /// <summary>Objects of each class, [K].</summary>
    public long[] Boxes { get; }

    /// <summary>Images without objects.</summary>
    public long Empty { get; private set; }

    /// <summary>Share of images without objects.</summary>
    public double EmptyShare => (double)Empty / Math.Max(1, _data.Images.Count);

    /// <summary>f_c: share of images that hold each class, [K].</summary>
    public IReadOnlyList<double> Shares => [.. Images.Select(images => (double)images / Math.Max(1, _data.Images.Count))];

    /// <summary>Median f_c over the classes that have boxes; 0 when none has.</summary>
    public double MedianShare()
    {
        var shares = Shares.Where(share => share > 0).Order().ToArray();
        return shares.Length == 0 ? 0 : (shares[(shares.Length - 1) / 2] + shares[shares.Length / 2]) / 2;
    }

    /// <summary>A value for each image from the classes of its objects, each once.</summary>
    public double[] PerImage(Func<IReadOnlyList<int>, double> value)
    {
        var values = new double[_data.Images.Count];
        var lastSeen = new int[_data.Classes.Count];
        var present = new List<int>();
        for (var image = 0; image < values.Length; image++)
        {
            present.Clear();
            var (start, end) = _data.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var @class = _data.Boxes.Class(box);
                if (@class < 0 || _data.Boxes.IsIgnored(box) || lastSeen[@class] == image + 1) continue;
                lastSeen[@class] = image + 1;
                present.Add(@class);
            }

            values[image] = value(present);
        }

        return values;
    }
}
