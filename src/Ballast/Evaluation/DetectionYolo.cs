using System.Globalization;

namespace Ballast;

/// <summary>
/// A folder of YOLO txt files named as the images are, a line a detection: class, centre x, centre y, width, height (shares of the image), confidence. Classes count
/// from 0. An image without a file has no detections.
/// </summary>
internal static class DetectionYolo
{
    private const int Fields = 6;

    public static DetectionTable Read(string path, DetectionDataset truth, DetectionReadOptions options)
    {
        using var tree = FileTree.OpenTree(path);
        var files = tree.Files.Where(IsLabelFile).ToArray();
        if (files.Length == 0) throw new InputException($"'{path}' holds no .txt file. Give a folder of YOLO detections (or a JSON or CSV file).");
        var rows = new RawDetections(path, options.Flaws);
        foreach (var file in files) rows.Images.Of(Path.ChangeExtension(file, null));
        var naming = options.Images ?? ImageNaming.Stem;
        var (map, _) = new ImageNames(truth, rows.Images).Resolve(naming, path);
        for (var i = 0; i < files.Length; i++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            ReadFile(tree, files[i], i, map, truth, rows);
        }

        return rows.Build(truth, options with { Images = naming }, ClassNaming.ZeroBased);
    }

    private static bool IsLabelFile(string file)
        => file.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && !Path.GetFileName(file).Equals("classes.txt", StringComparison.OrdinalIgnoreCase);

    private static void ReadFile(FileTree tree, string file, int name, int[] map, DetectionDataset truth, RawDetections rows)
    {
        using var text = new StreamReader(tree.Open(file));
        var number = 0L;
        var image = map[name];
        if (image >= 0 && !truth.Images.HasSize(image))
            throw new InputException($"'{tree.Display(file)}' gives boxes as shares of image '{truth.Images.File(image)}', whose size is not known; pass --images.");
        var (width, height) = image < 0 ? (1, 1) : (truth.Images.Width(image), truth.Images.Height(image));
        while (text.ReadLine() is { } line)
        {
            number++;
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 0) rows.Add(Row(fields, name, width, height, rows), file, number);
        }
    }

    private static Detection Row(string[] fields, int image, int width, int height, RawDetections rows)
    {
        var numbers = Array.ConvertAll(fields, field => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN);
        var @class = numbers[0];
        var known = Math.Truncate(@class) == @class ? rows.Classes.Of((long)@class) : -1;
        // Without a sixth column these are labels, not detections; with more they are polygons. Neither has a score.
        if (fields.Length != Fields) return new(image, known, 0, 0, 0, 0, double.NaN);
        var (boxWidth, boxHeight) = (numbers[3] * width, numbers[4] * height);
        return new(image, known, (numbers[1] * width) - (boxWidth / 2), (numbers[2] * height) - (boxHeight / 2), boxWidth, boxHeight, numbers[5]);
    }
}
