namespace Ballast.Tests;

/// <summary>Small data sets made in memory.</summary>
internal static class MadeData
{
    /// <summary>An image's size and its boxes: class and x, y, width, height.</summary>
    public sealed record Image(int Width, int Height, params (int Class, double X, double Y, double Width, double Height)[] Boxes)
    {
        public string? Part { get; init; }

        public string? Group { get; init; }
    }

    public static DetectionDataset Of(IReadOnlyList<string> classes, IEnumerable<Image> images)
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        for (var i = 0; i < classes.Count; i++) builder.AddClass(classes[i], i + 1);
        var index = 0;
        foreach (var image in images)
        {
            builder.AddImage(index + 1, $"{index:D4}.jpg", image.Width, image.Height, image.Part, image.Group);
            foreach (var box in image.Boxes) builder.AddBox(index, box.Class, box.X, box.Y, box.Width, box.Height, id: builder.BoxCount + 1);
            index++;
        }

        return builder.Build("made", new DatasetSource("coco", "made.json", FileTree.OpenTree(Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "ballast-made-data")).FullName)));
    }

    /// <summary>Images that hold the given number of boxes of each class, spread one after the other; boxes of a class have a size of their own.</summary>
    public static DetectionDataset WithCounts(int[] counts, int images = 50, int width = 640, int height = 480)
    {
        var boxes = Enumerable.Range(0, images).Select(_ => new List<(int, double, double, double, double)>()).ToArray();
        var next = 0;
        for (var c = 0; c < counts.Length; c++)
        {
            for (var i = 0; i < counts[c]; i++, next++)
            {
                var side = 40 + (10 * c);
                boxes[next % images].Add((c, next * 37 % (width - side), next * 53 % (height - side), side, side));
            }
        }

        return Of([.. Enumerable.Range(0, counts.Length).Select(c => $"c{c}")], boxes.Select(list => new Image(width, height, [.. list])));
    }

    public static double Value(this Finding finding, string measure) => finding.Measures.Single(m => m.Name == measure).Value;

    public static Finding Finding(this Diagnosis diagnosis, string id) => diagnosis.Findings.Single(finding => finding.Id == id);
}
