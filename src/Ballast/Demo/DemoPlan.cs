namespace Ballast;

/// <summary>An object of the demo before it is drawn: everything about it that is chance.</summary>
/// <param name="Class">Index in <see cref="DemoClass.All"/>.</param>
/// <param name="X">Centre, pixels.</param>
/// <param name="Y">Centre, pixels.</param>
/// <param name="HalfSize">Half its size, pixels.</param>
/// <param name="Turn">Tangent of half the angle it is turned by, in 1024ths.</param>
/// <param name="Seed">The number its texture and colour come from.</param>
internal readonly record struct DemoObject(int Class, int X, int Y, int HalfSize, int Turn, ulong Seed);

/// <summary>How many objects of which class every image gets, its size and its part: a function of the seed and the number of images alone.</summary>
internal sealed class DemoPlan
{
    private const int EmptyPercent = 4;
    private const int SmallPercent = 60;
    private const int ValidationPercent = 30;

    private readonly int[][] _counts;
    private readonly bool[] _isValidation;
    private readonly int _seed;

    public DemoPlan(int seed, int images)
    {
        _seed = seed;
        Images = images;
        _counts = [.. DemoClass.All.Select((demoClass, i) => Spread(seed, images, i, ((demoClass.Count * images) + 150) / 300))];
        _isValidation = new bool[images];
        foreach (var image in Shuffled(seed, images, "part").Take(images * ValidationPercent / 100)) _isValidation[image] = true;
    }

    /// <summary>Number of images.</summary>
    public int Images { get; }

    public string Part(int image) => _isValidation[image] ? "val" : "train";

    public (int Width, int Height) Size(int image) => DemoRandom.Of(_seed, image, "size").Chance(SmallPercent) ? (640, 480) : (960, 640);

    public int Count(int image, int @class) => _counts[@class][image];

    /// <summary>
    /// Gives a total away to the images in random order, by random weights with a long tail: frequent classes crowd in some images, rare ones come one at a
    /// time.
    /// </summary>
    private static int[] Spread(int seed, int images, int @class, int total)
    {
        var (counts, weights) = (new int[images], new long[images]);
        for (var image = 0; image < images; image++)
        {
            var random = DemoRandom.Of(seed, image, "weight" + DemoClass.All[@class].Name);
            long u = random.Between(1, 100);
            if (!DemoRandom.Of(seed, image, "empty").Chance(EmptyPercent)) weights[image] = DemoClass.All[@class].Place == DemoPlace.Clustered ? u * u * u * u * u : 30 + u;
        }

        var (sum, before) = (Math.Max(1, weights.Sum()), 0L);
        foreach (var image in Shuffled(seed, images, DemoClass.All[@class].Name))
        {
            counts[image] = (int)((total * (before + weights[image]) / sum) - (total * before / sum));
            before += weights[image];
        }

        return counts;
    }

    private static IEnumerable<int> Shuffled(int seed, int images, string purpose)
        => Enumerable.Range(0, images).OrderBy(image => DemoRandom.Of(seed, image, "order of " + purpose).Next()).ThenBy(image => image);
}
