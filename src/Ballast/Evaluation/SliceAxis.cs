namespace Ballast;

/// <summary>What figures are sliced by.</summary>
public enum EvaluationAxis
{
    /// <summary>How common a box's class is.</summary>
    ClassFrequency,

    /// <summary>The side of a box, octave by octave.</summary>
    Size,

    /// <summary>The pyramid level whose anchors are nearest to a box in size, after the resize to the detector's input.</summary>
    PyramidLevel,

    /// <summary>Where in the image a box has its centre: in the middle ninth, at an edge, in a corner.</summary>
    Zone,

    /// <summary>How many objects the image of a box holds.</summary>
    Crowding,
}

/// <summary>One way to slice boxes: the names of its slices, and which slice a box falls into.</summary>
internal sealed class SliceAxis(EvaluationAxis by, string[] names, Func<int, TruthPlace, double, int> sliceOf)
{
    private const double SmallestSide = 16;

    private static readonly string[] Sizes = ["under 16 px", "16 to 32 px", "32 to 64 px", "64 to 128 px", "128 to 256 px", "from 256 px"];
    private static readonly string[] Zones = ["middle", "edge", "corner"];
    private static readonly string[] Crowds = ["up to 4 objects", "5 to 14 objects", "15 objects or more"];

    public EvaluationAxis By => by;

    public IReadOnlyList<string> Names => names;

    /// <summary>The slice of a box: image, place, and area in square pixels of the image.</summary>
    public int SliceOf(int image, TruthPlace place, double area) => sliceOf(image, place, area);

    /// <summary>By side, the square root of the area, in the pixels area ranges are measured in.</summary>
    public static SliceAxis BySize(DetectionDataset truth, EvaluationOptions options)
    {
        return new(EvaluationAxis.Size, Sizes, (image, _, area) => Octave(Math.Sqrt(area * MatchSlices.AreaScale(truth, image, options.AreaInput))));

        static int Octave(double side)
        {
            var octave = 0;
            for (var end = SmallestSide; octave < Sizes.Length - 1 && side >= end; end *= 2) octave++;
            return octave;
        }
    }

    /// <summary>By pyramid level of a detector.</summary>
    public static SliceAxis ByLevel(DetectionDataset truth, DetectorProfile profile)
    {
        const int MostLevels = 12;
        var levels = profile.Anchors.Levels;
        if (levels.Count > MostLevels) throw new InputException($"Profile '{profile.Name}' has {levels.Count} pyramid levels; figures are sliced by at most {MostLevels}.");
        var sides = levels.Select(level => level.Sizes.Average(size => Math.Log2(size))).ToArray();
        return new(EvaluationAxis.PyramidLevel, [.. levels.Select(level => level.Name)], (image, _, area) =>
        {
            var side = Math.Log2(Math.Sqrt(area * MatchSlices.AreaScale(truth, image, profile.Input)));
            var best = 0;
            for (var i = 1; i < sides.Length; i++)
            {
                if (Math.Abs(side - sides[i]) < Math.Abs(side - sides[best])) best = i;
            }

            return best;
        });
    }

    /// <summary>By the ninth of the image the centre falls into.</summary>
    public static SliceAxis ByZone(DetectionDataset truth) => new(EvaluationAxis.Zone, Zones, (image, place, _) =>
    {
        var x = (place.X + (place.Width / 2)) / truth.Images.Width(image);
        var y = (place.Y + (place.Height / 2)) / truth.Images.Height(image);
        return (IsOuter(x) ? 1 : 0) + (IsOuter(y) ? 1 : 0);
    });

    /// <summary>By the number of objects in the image, so that false alarms have a slice too.</summary>
    public static SliceAxis ByCrowding(DetectionDataset truth)
    {
        var objects = new int[truth.Images.Count];
        for (var image = 0; image < objects.Length; image++)
        {
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end; box++) objects[image] += truth.Boxes.IsIgnored(box) ? 0 : 1;
        }

        return new(EvaluationAxis.Crowding, Crowds, (image, _, _) => objects[image] < 5 ? 0 : objects[image] < 15 ? 1 : 2);
    }

    /// <summary>The axes a truth allows: those of level and zone need the size of every image.</summary>
    public static IReadOnlyList<SliceAxis> All(DetectionDataset truth, EvaluationOptions options, DetectorProfile profile)
    {
        var sized = Enumerable.Range(0, truth.Images.Count).All(truth.Images.HasSize);
        return sized
            ? [BySize(truth, options), ByLevel(truth, profile), ByZone(truth), ByCrowding(truth)]
            : [BySize(truth, options), ByCrowding(truth)];
    }

    /// <summary>The slices of all axes, one after the other, as bits.</summary>
    public static MatchSlices Slice(DetectionDataset truth, DetectionTable detections, IReadOnlyList<SliceAxis> axes)
    {
        var truths = new uint[truth.Boxes.Count];
        var found = new uint[detections.Count];
        for (var image = 0; image < truth.Images.Count; image++)
        {
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end; box++)
                truths[box] = Word(axes, image, ClassTruths.Place(truth, image, box), MatchSlices.AreaOf(truth, image, box));
            (start, end) = detections.Of(image);
            for (var row = start; row < end; row++)
            {
                var place = new TruthPlace(detections.X[row], detections.Y[row], detections.Width[row], detections.Height[row]);
                found[row] = Word(axes, image, place, place.Width * place.Height);
            }
        }

        return new([.. axes.SelectMany(axis => axis.Names)], truths, found);
    }

    private static uint Word(IReadOnlyList<SliceAxis> axes, int image, TruthPlace place, double area)
    {
        var (word, first) = (0u, 0);
        foreach (var axis in axes)
        {
            word |= 1u << (first + axis.SliceOf(image, place, area));
            first += axis.Names.Count;
        }

        return word;
    }

    private static bool IsOuter(double share) => share is < 1.0 / 3 or > 2.0 / 3;
}
