namespace Ballast;

/// <summary>One box a detector gives.</summary>
/// <param name="Image">Index of the image in the truth.</param>
/// <param name="Class">Index of the class in the truth, 0..K-1.</param>
/// <param name="X">Left edge, pixels, as the file has it.</param>
/// <param name="Y">Top edge, pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Score">How sure the detector is; any finite number, higher is surer.</param>
public readonly record struct Detection(int Image, int Class, double X, double Y, double Width, double Height, double Score);

/// <summary>
/// What a detector found in the images of a data set: sorted by image (file order inside an image, which decides ties), a column each. Images and classes are
/// indices into the truth; boxes are the file's four doubles x, y, width, height. 44 bytes a detection.
/// </summary>
public sealed class DetectionTable
{
    private readonly DetectionColumns _columns;
    private readonly int[] _first;

    internal DetectionTable(DetectionColumns columns, int[] first, FlawList flaws)
    {
        _columns = columns;
        _first = first;
        Flaws = flaws;
    }

    /// <summary>Number of detections that stand on an image and class of the truth.</summary>
    public int Count => _columns.Scores.Length;

    /// <summary>Number of images of the truth.</summary>
    public int ImageCount => _first.Length - 1;

    /// <summary>What was wrong with the file: detections of unknown images or classes, scores that are no numbers, and so on.</summary>
    public FlawList Flaws { get; }

    /// <summary>How the file's images and classes were understood, one sentence; empty when the table was made in code.</summary>
    public string Mapping { get; init; } = "";

    /// <summary>The detections of an image as a range [start, end).</summary>
    public (int Start, int End) Of(int image) => (_first[image], _first[image + 1]);

    /// <summary>Class indices of all detections.</summary>
    public ReadOnlySpan<int> Classes => _columns.Classes;

    /// <summary>Left edges, pixels.</summary>
    public ReadOnlySpan<double> X => _columns.X;

    /// <summary>Top edges, pixels.</summary>
    public ReadOnlySpan<double> Y => _columns.Y;

    /// <summary>Widths, pixels.</summary>
    public ReadOnlySpan<double> Width => _columns.Width;

    /// <summary>Heights, pixels.</summary>
    public ReadOnlySpan<double> Height => _columns.Height;

    /// <summary>Scores.</summary>
    public ReadOnlySpan<double> Scores => _columns.Scores;

    /// <summary>Makes a table of detections in any order of images; the order inside an image is kept.</summary>
    /// <param name="truth">What the indices point into.</param>
    /// <param name="detections">Boxes with finite numbers; an image or class the truth does not have, or a number that is not finite, is refused.</param>
    public static DetectionTable Create(DetectionDataset truth, IEnumerable<Detection> detections)
    {
        var builder = new DetectionTableBuilder();
        foreach (var detection in detections)
        {
            Check(truth, detection, builder.Count);
            builder.Add(detection);
        }

        return builder.Build(truth.Images.Count, FlawList.Empty, "");
    }

    /// <summary>Puts the detections of several files into one table: the folds of a cross-validation, each with images of its own.</summary>
    /// <exception cref="InputException">Two tables have detections in the same image.</exception>
    public static DetectionTable Pool(DetectionDataset truth, IReadOnlyList<DetectionTable> folds)
    {
        var builder = new DetectionTableBuilder();
        for (var image = 0; image < truth.Images.Count; image++)
        {
            var owners = folds.Where(fold => fold.Of(image) is var (start, end) && end > start).ToArray();
            if (owners.Length > 1)
                throw new InputException($"Two folds have detections in image {truth.Images.IdText(image)} '{truth.Images.File(image)}'; folds have images of their own. Compare them as seeds instead.");
            if (owners.Length == 1) builder.AddImage(owners[0], image);
        }

        return builder.Build(truth.Images.Count, FlawList.Empty, $"{folds.Count} folds pooled");
    }

    /// <summary>Whether no image has detections of two tables: then they are folds, not seeds.</summary>
    internal static bool AreFolds(IReadOnlyList<DetectionTable> tables)
    {
        if (tables.Count < 2) return false;
        for (var image = 0; image < tables[0].ImageCount; image++)
        {
            if (tables.Count(table => table.Of(image) is var (start, end) && end > start) > 1) return false;
        }

        return true;
    }

    private static void Check(DetectionDataset truth, in Detection detection, int row)
    {
        if ((uint)detection.Image >= (uint)truth.Images.Count)
            throw new InputException($"Detection {row} is of image {detection.Image}; the truth has images 0 to {truth.Images.Count - 1}.");
        if ((uint)detection.Class >= (uint)truth.Classes.Count)
            throw new InputException($"Detection {row} is of class {detection.Class}; the truth has classes 0 to {truth.Classes.Count - 1}.");
        if (!double.IsFinite(detection.Score) || !double.IsFinite(detection.X + detection.Y + detection.Width + detection.Height))
            throw new InputException($"Detection {row} has a number that is not finite ({detection}); leave it out.");
    }
}

/// <summary>The columns a <see cref="DetectionTable"/> is made of, sorted by image.</summary>
internal sealed class DetectionColumns
{
    public required int[] Classes { get; init; }

    public required double[] X { get; init; }

    public required double[] Y { get; init; }

    public required double[] Width { get; init; }

    public required double[] Height { get; init; }

    public required double[] Scores { get; init; }
}

/// <summary>Collects detections in file order.</summary>
internal sealed class DetectionTableBuilder
{
    private readonly Column<int> _images = new();
    private readonly Column<int> _classes = new();
    private readonly Column<double> _x = new();
    private readonly Column<double> _y = new();
    private readonly Column<double> _width = new();
    private readonly Column<double> _height = new();
    private readonly Column<double> _scores = new();

    public int Count => _images.Count;

    public void Add(in Detection detection)
    {
        _images.Add(detection.Image);
        _classes.Add(detection.Class);
        _x.Add(detection.X);
        _y.Add(detection.Y);
        _width.Add(detection.Width);
        _height.Add(detection.Height);
        _scores.Add(detection.Score);
    }

    /// <summary>Adds the detections of one image of a table.</summary>
    public void AddImage(DetectionTable table, int image)
    {
        var (start, end) = table.Of(image);
        for (var row = start; row < end; row++)
            Add(new(image, table.Classes[row], table.X[row], table.Y[row], table.Width[row], table.Height[row], table.Scores[row]));
    }

    /// <summary>The provisional image and class of a row, and its box and score.</summary>
    public Detection this[int row] => new(_images[row], _classes[row], _x[row], _y[row], _width[row], _height[row], _scores[row]);

    /// <summary>Replaces provisional images and classes by what they stand for; -1 leaves the detection out.</summary>
    public void Map(ReadOnlySpan<int> images, ReadOnlySpan<int> classes)
    {
        for (var row = 0; row < Count; row++)
        {
            _images[row] = _images[row] < 0 ? -1 : images[_images[row]];
            _classes[row] = _classes[row] < 0 ? -1 : classes[_classes[row]];
        }
    }

    /// <summary>Makes the table by a stable counting sort; the builder is empty afterwards.</summary>
    public DetectionTable Build(int imageCount, FlawList flaws, string mapping)
    {
        var first = new int[imageCount + 1];
        var (sorted, last) = (true, 0);
        for (var row = 0; row < Count; row++)
        {
            var image = _images[row];
            var stays = image >= 0 && _classes[row] >= 0;
            if (stays) first[image + 1]++;
            sorted &= stays && image >= last;
            last = image;
        }

        for (var image = 0; image < imageCount; image++) first[image + 1] += first[image];
        var order = sorted ? null : Order(first);
        _images.Take([]);
        return new(new()
        {
            Classes = _classes.Take(order),
            X = _x.Take(order),
            Y = _y.Take(order),
            Width = _width.Take(order),
            Height = _height.Take(order),
            Scores = _scores.Take(order),
        }, first, flaws)
        { Mapping = mapping };
    }

    private int[] Order(int[] first)
    {
        var next = first.AsSpan(0, first.Length - 1).ToArray();
        var order = new int[first[^1]];
        for (var row = 0; row < Count; row++)
        {
            if (_images[row] >= 0 && _classes[row] >= 0) order[next[_images[row]]++] = row;
        }

        return order;
    }
}
