namespace Ballast.Benchmarks;

/// <summary>Times what the diagnosis and an evaluation do most: anchors matched on the grid's windows and on all of it, and overlapping boxes suppressed.</summary>
internal static class GeometryBenchmark
{
    private const int MostImages = 200;
    private const int CrowdedBoxes = 1000;
    private static readonly DetectorProfile Profile = DetectorProfile.RetinaNet;

    public static int Run(string file)
    {
        using var tree = FileTree.OpenTree(file);
        foreach (var (name, milliseconds) in Measure(new CocoFormat().Read(tree, Path.GetFileName(file), file, new()))) Console.WriteLine($"{name,-75} {milliseconds,8:F3} ms CPU");
        return 0;
    }

    /// <summary>Each step with its processor milliseconds; the first two are the same matching, dense and sparse.</summary>
    public static IEnumerable<(string Name, double Milliseconds)> Measure(DetectionDataset data)
    {
        var images = Sample(data);
        var (dense, sparse) = (new Assignment(), new SparseAssignment());
        yield return ($"match RetinaNet's anchors, every anchor with every box: an image", PerImage(images, image => Profile.Assigner.Assign(image.Anchors, image.Truths, dense)));
        yield return ($"match RetinaNet's anchors, windows of the grid: an image", PerImage(images, image => Profile.Assigner.AssignSparse(image.Anchors.Grid!, image.Truths, sparse)));
        var (boxes, scores) = Crowd();
        var keep = new List<int>();
        yield return ($"suppress {CrowdedBoxes:N0} overlapping boxes at IoU 0.5", CpuTimer.Milliseconds(() =>
        {
            keep.Clear();
            NonMaximumSuppression.Greedy(boxes, scores, 0.5f, keep);
        }));
    }

    private static double PerImage(List<(AnchorSet Anchors, Truths Truths)> images, Action<(AnchorSet Anchors, Truths Truths)> match)
        => CpuTimer.Milliseconds(() => images.ForEach(match)) / images.Count;

    /// <summary>Images spread evenly over the data set, with the grid of their padded input.</summary>
    private static List<(AnchorSet Anchors, Truths Truths)> Sample(DetectionDataset data)
    {
        var grids = new Dictionary<(int, int), AnchorSet>();
        var count = Math.Min(MostImages, data.Images.Count);
        var images = new List<(AnchorSet, Truths)>(count);
        var objects = new ImageObjects();
        for (var i = 0; i < count; i++)
        {
            objects.Load(data, (int)((long)i * data.Images.Count / count), Profile.Input);
            var padded = Profile.Input.Pad(objects.Resized.Width, objects.Resized.Height);
            if (!grids.TryGetValue(padded, out var anchors)) grids.Add(padded, anchors = AnchorSet.Of(Profile.Anchors.Grid(padded.Width, padded.Height)));
            _ = anchors.Boxes;
            var truths = new Truths();
            for (var k = 0; k < objects.Count; k++) truths.Add(objects.ResizedBoxes[k], objects.Classes[k]);
            images.Add((anchors, truths));
        }

        return images;
    }

    /// <summary>Boxes around a hundred places, as a detector gives them before suppression.</summary>
    private static (BoxArray Boxes, float[] Scores) Crowd()
    {
        var (boxes, scores) = (new BoxArray(CrowdedBoxes), new float[CrowdedBoxes]);
        for (var i = 0; i < CrowdedBoxes; i++)
        {
            var (x, y) = (100f * (i % 10), 100f * (i / 10 % 10));
            var (shift, size) = (40 * Uniform(i, 0), 60 + (60 * Uniform(i, 1)));
            boxes.Add(new(x + shift, y + shift, x + shift + size, y + shift + size));
            scores[i] = Uniform(i, 2);
        }

        return (boxes, scores);
    }

    private static float Uniform(int index, int draw) => (StableHash.Mix(((ulong)index * 3) + (ulong)draw + 1) >> 40) * (1f / (1 << 24));
}
