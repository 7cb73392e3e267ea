namespace Ballast;

/// <summary>
/// What other anchors or another input side would change, computed by matching them on a sample of the images: which objects find an anchor, how many, and how well
/// they overlap.
/// </summary>
internal sealed class AnchorTrial
{
    private const int MostImages = 500;

    private AnchorTrial(DetectorProfile profile, int classes)
    {
        Profile = profile;
        Objects = new long[classes];
        Matched = new long[classes];
        Positives = new long[classes];
    }

    /// <summary>The profile that was tried.</summary>
    public DetectorProfile Profile { get; }

    /// <summary>Usable objects of each class in the sample, [K].</summary>
    public long[] Objects { get; }

    /// <summary>Objects of each class with an anchor at the assigner's threshold, [K].</summary>
    public long[] Matched { get; }

    /// <summary>Positive anchors of each class, [K].</summary>
    public long[] Positives { get; }

    /// <summary>All anchors of the sample's images.</summary>
    public long Anchors { get; private set; }

    /// <summary>Mean IoU of positive anchors with their object.</summary>
    public double PositiveIoU { get; private set; }

    /// <summary>Input pixels of the sample's images, padding included.</summary>
    public long Pixels { get; private set; }

    /// <summary>Share of a class's objects with an anchor at the threshold.</summary>
    public double MatchedFraction(int @class) => (double)Matched[@class] / Objects[@class];

    /// <summary>Positive anchors of an average object of a class.</summary>
    public double PositivesPerObject(int @class) => (double)Positives[@class] / Objects[@class];

    /// <summary>Mean over the classes of their matched shares: every class counts alike.</summary>
    public double MacroMatched => Enumerable.Range(0, Objects.Length).Where(c => Objects[c] > 0).Select(MatchedFraction).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Background anchors for one positive.</summary>
    public double BackgroundPerPositive => (double)(Anchors - Positives.Sum()) / Math.Max(1, Positives.Sum());

    /// <summary>Tries a profile on at most 500 images, chosen by hash of seed and file name, so the sample does not depend on order or threads.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="options">Seed and cancellation.</param>
    /// <param name="adaptive">An assigner in place of the profile's.</param>
    public static AnchorTrial Run(DetectionDataset data, DetectorProfile profile, DiagnosisOptions options, Assigner? adaptive = null)
    {
        var trial = new AnchorTrial(profile, data.Classes.Count);
        var image = new ImageObjects(new AnchorMatches(profile, adaptive));
        var (sum, count) = (0.0, 0L);
        foreach (var index in Sample(data, options.Seed))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            image.Load(data, index, profile.Input);
            if (image.Matches is not { } matches) continue;
            var (width, height) = profile.Input.Pad(image.Resized.Width, image.Resized.Height);
            trial.Pixels += (long)width * height;
            trial.Anchors += matches.Grid.Count;
            for (var i = 0; i < image.Count; i++)
            {
                trial.Objects[image.Classes[i]]++;
                trial.Positives[image.Classes[i]] += matches.Positives[i];
                if (matches.StrongPositives[i] > 0) trial.Matched[image.Classes[i]]++;
            }

            for (var i = 0; i < matches.Assignment.Anchors.Count; i++)
            {
                if (matches.Assignment.Truths[i] < 0) continue;
                sum += matches.Assignment.Overlaps[i];
                count++;
            }
        }

        trial.PositiveIoU = sum / count;
        return trial;
    }

    private static IEnumerable<int> Sample(DetectionDataset data, int seed)
    {
        var all = Enumerable.Range(0, data.Images.Count).Where(image => data.Images.HasSize(image) && data.Boxes.CountOf(image) > 0);
        return data.Images.Count <= MostImages ? all : all.OrderBy(image => StableHash.Of(seed, data.Images.File(image))).ThenBy(image => image).Take(MostImages);
    }
}
