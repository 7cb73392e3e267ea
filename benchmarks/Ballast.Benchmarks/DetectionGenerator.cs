using System.Globalization;

namespace Ballast.Benchmarks;

/// <summary>
/// Writes COCO results for a truth: most objects are found (boxes shifted and resized a little, now and then twice), the rest are false alarms of the classes of the
/// image and of any. Scores have three digits, so that many tie. Images come in order, as detectors write them. The same arguments give the same bytes.
/// </summary>
internal sealed class DetectionGenerator(DetectionDataset truth, ulong seed)
{
    private const double Found = 0.85;
    private ulong _state = seed;
    private bool _started;

    public static int Run(string[] options)
    {
        var (path, count, seed, file) = ("", 501_117, 1UL, "");
        for (var i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--truth": path = options[++i]; break;
                case "--count": count = int.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "--seed": seed = ulong.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "-o": file = options[++i]; break;
                default: throw new ArgumentException($"Unknown option '{options[i]}'.");
            }
        }

        using var tree = FileTree.OpenTree(path);
        var truth = new CocoFormat().Read(tree, Path.GetFileName(path), path, new());
        using var text = new FastText(file);
        new DetectionGenerator(truth, seed).Write(text, count);
        return 0;
    }

    private void Write(FastText text, int count)
    {
        var images = truth.Images.Count;
        text.Add("[");
        for (var image = 0; image < images; image++)
        {
            // The same number everywhere, but for the remainder.
            var left = (int)((long)count * (image + 1) / images) - (int)((long)count * image / images);
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end && left > 0; box++)
            {
                if (Uniform() >= Found) continue;
                WriteHit(text, image, box);
                left--;
            }

            for (; left > 0; left--) WriteFalseAlarm(text, image, start, end);
        }

        text.Add("]");
    }

    private void WriteHit(FastText text, int image, int box)
    {
        var corners = truth.Corners(image, box);
        var spread = 0.02 + (0.15 * Uniform());
        var (width, height) = (corners.Width * Math.Exp(spread * Normal()), corners.Height * Math.Exp(spread * Normal()));
        var (x, y) = (corners.X1 + (spread * corners.Width * Normal()), corners.Y1 + (spread * corners.Height * Normal()));
        Write(text, image, truth.Boxes.Class(box), x, y, width, height, 0.25 + (0.75 * Uniform()));
    }

    private void WriteFalseAlarm(FastText text, int image, int start, int end)
    {
        var near = end > start && Uniform() < 0.5;
        var box = near ? start + Whole(end - start) : -1;
        var @class = near ? truth.Boxes.Class(box) : Whole(truth.Classes.Count);
        var (width, height) = (Math.Exp(4 + Normal()), Math.Exp(4 + Normal()));
        Write(text, image, @class, Uniform() * truth.Images.Width(image), Uniform() * truth.Images.Height(image), width, height, 0.8 * Math.Pow(Uniform(), 4));
    }

    private void Write(FastText text, int image, int @class, double x, double y, double width, double height, double score)
    {
        text.Add(!_started ? "{\"image_id\": " : ", {\"image_id\": ").Add(truth.Images.Id(image)).Add(", \"category_id\": ").Add(truth.Classes.Id(@class));
        text.Add(", \"bbox\": [").Add(Math.Round(x, 2)).Add(", ").Add(Math.Round(y, 2)).Add(", ").Add(Math.Round(width, 2)).Add(", ").Add(Math.Round(height, 2));
        text.Add("], \"score\": ").Add(Math.Round(score, 3)).Add("}");
        _started = true;
    }

    private int Whole(int count) => (int)(Uniform() * count);

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private double Uniform() => (StableHash.Mix(_state += 0x9E3779B97F4A7C15) >> 11) * (1.0 / (1UL << 53));
}
