using System.Text.Json;

namespace Ballast;

/// <summary>
/// Detections of a detector that does not exist: it copies a truth the way one that learned from skewed data would find it. Rare, small and cut-off objects are missed
/// more often and boxed more loosely, rare ones are taken for the commonest class, common classes are seen where nothing is, and scores say about what they should.
/// What is found in an image is a function of the seed and the image's id (and of how often each class occurs).
/// </summary>
public static class DemoDetections
{
    private const int MostAlarms = 3;
    private const int SmallSide = 32;
    private const int TinySide = 20;

    /// <summary>Writes the detections as COCO results.</summary>
    /// <param name="truth">What is copied; its images have sizes.</param>
    /// <param name="path">The file to write, whole or not at all.</param>
    /// <param name="seed">Another seed, another detector.</param>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(DetectionDataset truth, string path, int seed = 1)
    {
        var detections = Of(truth, seed);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new Utf8JsonWriter(stream);
            writer.WriteStartArray();
            foreach (var detection in detections) Write(writer, truth, detection);
            writer.WriteEndArray();
        });
    }

    /// <summary>The detections, image by image.</summary>
    internal static List<Detection> Of(DetectionDataset truth, int seed)
    {
        var detections = new List<Detection>();
        var rarity = Rarity(truth);
        for (var image = 0; image < truth.Images.Count; image++)
        {
            var random = DemoRandom.Of(seed, unchecked((int)truth.Images.Id(image)), "detections");
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                if (truth.Boxes.Class(box) >= 0 && !truth.Boxes.IsIgnored(box)) Find(truth, image, box, rarity, detections, ref random);
            }

            Imagine(truth, image, rarity, detections, ref random);
        }

        return detections;
    }

    /// <summary>For each class how many times it halves the commonest one: 0 for that one.</summary>
    private static int[] Rarity(DetectionDataset truth)
    {
        var counts = new int[truth.Classes.Count];
        foreach (var k in truth.Boxes.Classes)
        {
            if (k >= 0) counts[k]++;
        }

        return Array.ConvertAll(counts, count => int.Log2(Math.Max(1, counts.Max() / Math.Max(1, count))));
    }

    /// <summary>An object is missed, taken for another, or found: now and then twice.</summary>
    private static void Find(DetectionDataset truth, int image, int box, int[] rarity, List<Detection> detections, ref DemoRandom random)
    {
        var corners = truth.Corners(image, box);
        var k = truth.Boxes.Class(box);
        var side = Math.Sqrt(corners.Width * corners.Height);
        var isCut = corners.X1 <= 1 || corners.Y1 <= 1 || corners.X2 >= truth.Images.Width(image) - 1 || corners.Y2 >= truth.Images.Height(image) - 1;
        var hardness = (6 * rarity[k]) + (side < TinySide ? 22 : side < SmallSide ? 10 : 0) + (isCut ? 14 : 0);
        if (random.Chance(Math.Min(85, 4 + hardness))) return;
        var seen = random.Chance(2 * rarity[k]) ? Array.IndexOf(rarity, 0) : k;
        var score = Math.Clamp(940 - (6 * hardness) + random.Around(180), 60, 999);
        detections.Add(Loosely(image, seen, corners, 11 + (hardness / 4), score, ref random));
        if (random.Chance(4)) detections.Add(Loosely(image, seen, corners, 22, score * 6 / 10, ref random));
    }

    /// <summary>The box with each edge moved by at most some per cent of its side, and by half a pixel.</summary>
    private static Detection Loosely(int image, int @class, in Corners corners, int percent, int score, ref DemoRandom random)
    {
        var (width, height) = ((int)(corners.Width * 10), (int)(corners.Height * 10));
        var (reachX, reachY) = ((width * percent / 100) + 5, (height * percent / 100) + 5);
        var (left, top) = (random.Around(reachX), random.Around(reachY));
        var (right, bottom) = (random.Around(reachX), random.Around(reachY));
        return new(
            image,
            @class,
            ((int)(corners.X1 * 10) + left) / 10.0,
            ((int)(corners.Y1 * 10) + top) / 10.0,
            Math.Max(10, width - left + right) / 10.0,
            Math.Max(10, height - top + bottom) / 10.0,
            score / 1000.0);
    }

    /// <summary>False alarms, mostly of common classes.</summary>
    private static void Imagine(DetectionDataset truth, int image, int[] rarity, List<Detection> detections, ref DemoRandom random)
    {
        if (rarity.Length == 0) return;
        for (var left = random.Below(MostAlarms + 1); left > 0; left--)
        {
            var k = random.Below(rarity.Length);
            if (random.Chance(15 * rarity[k])) k = Array.IndexOf(rarity, 0);
            var (width, height) = (random.Between(16, 120), random.Between(16, 120));
            var (x, y) = (random.Below(Math.Max(1, truth.Images.Width(image) - width)), random.Below(Math.Max(1, truth.Images.Height(image) - height)));
            detections.Add(new(image, k, x, y, width, height, random.Between(50, 780) / 1000.0));
        }
    }

    private static void Write(Utf8JsonWriter writer, DetectionDataset truth, in Detection detection)
    {
        writer.WriteStartObject();
        writer.WriteNumber("image_id", truth.Images.Id(detection.Image));
        writer.WriteNumber("category_id", truth.Classes.Id(detection.Class));
        writer.WriteStartArray("bbox");
        foreach (var number in (ReadOnlySpan<double>)[detection.X, detection.Y, detection.Width, detection.Height]) writer.WriteNumberValue(number);
        writer.WriteEndArray();
        writer.WriteNumber("score", detection.Score);
        writer.WriteEndObject();
    }
}
