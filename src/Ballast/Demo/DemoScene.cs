namespace Ballast;

/// <summary>Where the objects of one image stand, back to front.</summary>
internal static class DemoScene
{
    private const int Tries = 8;

    /// <summary>Objects of the rare classes stand in front, so none of them is lost behind others.</summary>
    private const int FirstRareClass = 4;

    public static List<DemoObject> Of(DemoPlan plan, int seed, int image)
    {
        var (width, height) = plan.Size(image);
        var random = DemoRandom.Of(seed, image, "scene");
        var cluster = (X: random.Between(width / 5, width * 4 / 5), Y: random.Between(height / 4, height * 3 / 4), Reach: random.Between(height / 6, height / 3));
        var objects = new List<DemoObject>();
        foreach (var @class in Order(plan, image, ref random))
        {
            var demoClass = DemoClass.All[@class];
            var half = Math.Max(4, random.Between(demoClass.Least, demoClass.Most) * height / 960);
            var most = demoClass.Place == DemoPlace.Clustered ? 55 : 25;
            var (x, y) = (0, 0);
            for (var attempt = 0; attempt < Tries; attempt++)
            {
                (x, y) = Place(demoClass.Place, half, width, height, cluster, ref random);
                if (!objects.Exists(other => Covers(other, x, y, half, most))) break;
            }

            objects.Add(new(@class, x, y, half, random.Between(-150, 150), random.Next()));
        }

        return objects;
    }

    private static List<int> Order(DemoPlan plan, int image, ref DemoRandom random)
    {
        var keyed = new List<(ulong Key, int Class)>();
        for (var @class = 0; @class < DemoClass.All.Count; @class++)
        {
            for (var i = plan.Count(image, @class); i > 0; i--) keyed.Add((@class >= FirstRareClass ? ulong.MaxValue - 16 + (ulong)@class : random.Next() >> 1, @class));
        }

        keyed.Sort();
        return [.. keyed.Select(entry => entry.Class)];
    }

    private static (int X, int Y) Place(DemoPlace place, int half, int width, int height, (int X, int Y, int Reach) cluster, ref DemoRandom random)
    {
        var (x, y) = (random.Between(half, width - half), random.Between(half, height - half));
        (x, y) = place switch
        {
            DemoPlace.Clustered => (cluster.X + random.Around(cluster.Reach * 3 / 2), cluster.Y + random.Around(cluster.Reach)),
            DemoPlace.LowerHalf => (x, random.Between(height * 3 / 5, height)),
            DemoPlace.Center => ((width / 2) + random.Around(width / 9), (height / 2) + random.Around(height / 9)),
            DemoPlace.UpperThird => (x, random.Between(half, height / 3)),
            DemoPlace.Edge => random.Below(4) switch
            {
                0 => (half + random.Between(1, width / 24), y),
                1 => (width - half - random.Between(1, width / 24), y),
                2 => (x, half + random.Between(1, height / 24)),
                _ => (x, height - half - random.Between(1, height / 24)),
            },
            _ => (x, y),
        };
        // A turned square reaches a little farther than its half size; crates and balls may be cut by the image's edge, the rest is whole.
        var margin = place is DemoPlace.Anywhere or DemoPlace.Clustered ? half / 2 : (half * 5 / 4) + 1;
        if (place == DemoPlace.Edge) margin = half + 1;
        return (Math.Clamp(x, margin, width - margin), Math.Clamp(y, margin, height - margin));
    }

    /// <summary>Whether two squares share more than a percentage of the smaller one.</summary>
    private static bool Covers(in DemoObject other, int x, int y, int half, int percent)
    {
        long width = Math.Min(x + half, other.X + other.HalfSize) - Math.Max(x - half, other.X - other.HalfSize);
        long height = Math.Min(y + half, other.Y + other.HalfSize) - Math.Max(y - half, other.Y - other.HalfSize);
        var side = 2L * Math.Min(half, other.HalfSize);
        return width > 0 && height > 0 && width * height * 100 > side * side * percent;
    }
}
