namespace Ballast.Tests.Evaluation;

/// <summary>
/// What a detector might give: a truth disturbed by hashes. Rare classes and small objects are missed more often; some boxes are loose, doubled, of another class, or
/// stand where nothing is.
/// </summary>
internal static class PerturbedTruth
{
    public static DetectionTable Detect(DetectionDataset truth, int seed, double skill = 0.8)
    {
        var counts = new int[truth.Classes.Count];
        for (var box = 0; box < truth.Boxes.Count; box++) if (truth.Boxes.Class(box) >= 0) counts[truth.Boxes.Class(box)]++;
        var detections = new List<Detection>();
        for (var image = 0; image < truth.Images.Count; image++)
        {
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                if (truth.Boxes.Class(box) >= 0 && truth.Corners(image, box) is { IsValid: true } corners) detections.AddRange(Found(truth, counts, image, box, corners, seed, skill));
            }

            if (!truth.Images.HasSize(image) || Chance(seed, image, 90) > 0.7) continue;
            var (width, height) = (truth.Images.Width(image), truth.Images.Height(image));
            var side = 20 + (60 * Chance(seed, image, 91));
            var any = (int)(Chance(seed, image, 92) * counts.Length);
            detections.Add(new(image, any, Chance(seed, image, 93) * (width - side), Chance(seed, image, 94) * (height - side), side, side, Score(0.15 + (0.75 * Math.Pow(Chance(seed, image, 95), 2)))));
        }

        return DetectionTable.Create(truth, detections);
    }

    private static IEnumerable<Detection> Found(DetectionDataset truth, int[] counts, int image, int box, Corners corners, int seed, double skill)
    {
        var k = truth.Boxes.Class(box);
        var rarity = Math.Sqrt((double)counts[k] / counts.Max());
        var size = Math.Min(1, Math.Sqrt(corners.Width * corners.Height) / 96);
        var quality = skill * (0.45 + (0.3 * rarity) + (0.25 * size));
        if (Chance(seed, box, 1) > quality + 0.2) yield break;
        var loose = Chance(seed, box, 2) < 0.08 ? 0.5 : 0.14 * (1.3 - quality);
        double Off(int draw, double length) => (Chance(seed, box, draw) - 0.5) * loose * length;
        var other = Chance(seed, box, 3) < 0.05 ? (k + 1) % counts.Length : k;
        var score = Score(quality + (0.5 * (Chance(seed, box, 4) - 0.4)));
        yield return new(image, other, corners.X1 + Off(5, corners.Width), corners.Y1 + Off(6, corners.Height), corners.Width + Off(7, corners.Width), corners.Height + Off(8, corners.Height), score);
        if (Chance(seed, box, 9) < 0.05) yield return new(image, k, corners.X1 + 3, corners.Y1 + 3, corners.Width, corners.Height, Score(score * 0.8));
    }

    private static double Score(double value) => Math.Clamp(Math.Round(value, 3), 0.05, 0.99);

    private static double Chance(int seed, int item, int draw)
        => (StableHash.Mix(((ulong)(uint)seed * 1_000_003) + ((ulong)(uint)item * 128) + (ulong)(uint)draw) >> 11) / (double)(1UL << 53);
}
