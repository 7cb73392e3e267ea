using System.Globalization;

namespace Ballast.Benchmarks;

/// <summary>
/// Writes a COCO file of train2017's shape: 80 classes of long-tailed frequency with gaps in their ids, images of COCO's sizes, boxes of lognormal size, annotations
/// in no order of images, polygons of about 27 points, 1.2 % crowds with run lengths. The same arguments give the same bytes.
/// </summary>
internal sealed class CocoGenerator(int images, int boxes, int classes, bool polygons, ulong seed)
{
    private static readonly int[] MissingIds = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83];
    private static readonly (int Width, int Height)[] Sizes = [(640, 480), (480, 640), (640, 427), (427, 640), (640, 426), (500, 375), (640, 360), (612, 612), (375, 500), (640, 640)];
    private readonly int[] _classIds = [.. Enumerable.Range(1, classes + MissingIds.Length).Except(MissingIds).Take(classes)];
    private readonly double[] _classShares = Shares(classes);
    private readonly (int Id, int Width, int Height)[] _images = new (int, int, int)[images];
    private ulong _state = seed;

    public static int Run(string[] options)
    {
        var (images, boxes, classes, seed, polygons, file) = (118_287, 860_001, 80, 1UL, false, "");
        for (var i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--images": images = int.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "--boxes": boxes = int.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "--classes": classes = int.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "--seed": seed = ulong.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "--polygons": polygons = true; break;
                case "-o": file = options[++i]; break;
                default: throw new ArgumentException($"Unknown option '{options[i]}'.");
            }
        }

        using var text = new FastText(file);
        new CocoGenerator(images, boxes, classes, polygons, seed).Write(text);
        return 0;
    }

    private void Write(FastText text)
    {
        text.Add("""{"info": {"description": "Generated, of train2017's shape","version": "1.0","year": 2017},"licenses": [{"url": "http://example.org/by/2.0/","id": 4,"name": "Attribution License"}],"images": [""");
        for (var i = 0; i < images; i++) WriteImage(text, i);
        text.Add("""],"annotations": [""");
        for (var i = 0; i < boxes; i++) WriteAnnotation(text, i);
        text.Add("""],"categories": [""");
        for (var i = 0; i < _classIds.Length; i++)
            text.Add($$"""{{(i > 0 ? "," : "")}}{"supercategory": "group {{i / 8}}","id": {{_classIds[i]}},"name": "class {{_classIds[i]}}"}""");
        text.Add("]}");
    }

    private void WriteImage(FastText text, int index)
    {
        var (width, height) = Sizes[Skewed(Sizes.Length, 1.5)];
        var id = index * 4 + 9 + Whole(4);
        _images[index] = (id, width, height);
        text.Add(index > 0 ? ",{\"license\": " : "{\"license\": ").Add(1 + Whole(8)).Add(",\"file_name\": \"").Add(id, 12);
        text.Add(".jpg\",\"coco_url\": \"http://images.cocodataset.org/train2017/").Add(id, 12).Add(".jpg\",\"height\": ").Add(height).Add(",\"width\": ").Add(width);
        text.Add(",\"date_captured\": \"2013-11-").Add(10 + Whole(20)).Add(" 11:18:45\",\"flickr_url\": \"http://farm").Add(1 + Whole(9));
        text.Add(".staticflickr.com/").Add(1000 + Whole(8999)).Add("/").Add(1_000_000_000L + Whole(899_999_999)).Add("_4e622c8349_z.jpg\",\"id\": ").Add(id).Add("}");
    }

    private void WriteAnnotation(FastText text, int index)
    {
        var (imageId, imageWidth, imageHeight) = _images[ImageOfBox()];
        var isCrowd = Uniform() < 0.012;
        var width = Math.Min(imageWidth, Round(Math.Exp(4.1 + Normal())));
        var height = Math.Min(imageHeight, Round(width * Math.Exp(0.6 * Normal())));
        var (x, y) = (Round(Uniform() * (imageWidth - width)), Round(Uniform() * (imageHeight - height)));
        var area = width * height * (isCrowd ? 0.5 : 0.62);
        text.Add(index > 0 ? ",{" : "{");
        if (polygons && isCrowd) area = WriteRunLengths(text, imageWidth, imageHeight);
        else if (polygons) area = WritePolygon(text, x, y, width, height);
        text.Add("\"area\": ").Add(area).Add(",\"iscrowd\": ").Add(isCrowd ? 1 : 0).Add(",\"image_id\": ").Add(imageId);
        text.Add(",\"bbox\": [").Add(x).Add(",").Add(y).Add(",").Add(width).Add(",").Add(height);
        var id = isCrowd ? 900_100_000_000L + imageId + index * 1_000_000L : 100 + index * 2L + Whole(2);
        text.Add("],\"category_id\": ").Add(_classIds[Class()]).Add(",\"id\": ").Add(id).Add("}");
    }

    /// <summary>A star-shaped polygon in the box; its area by the shoelace formula, with all the digits that gives.</summary>
    private double WritePolygon(FastText text, double x, double y, double width, double height)
    {
        var count = Math.Clamp((int)Math.Exp(3.15 + 0.62 * Normal()), 4, 300);
        text.Add("\"segmentation\": [[");
        double area = 0, firstX = 0, firstY = 0, lastX = 0, lastY = 0;
        for (var i = 0; i < count; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / count);
            var radius = 0.7 + 0.3 * Uniform();
            var (px, py) = (Round(x + width / 2 * (1 + radius * cos)), Round(y + height / 2 * (1 + radius * sin)));
            text.Add(i > 0 ? "," : "").Add(px).Add(",").Add(py);
            if (i == 0) (firstX, firstY) = (px, py);
            else area += lastX * py - px * lastY;
            (lastX, lastY) = (px, py);
        }

        text.Add("]],");
        return Math.Abs(area + lastX * firstY - firstX * lastY) / 2;
    }

    private double WriteRunLengths(FastText text, int width, int height)
    {
        text.Add("\"segmentation\": {\"counts\": [");
        var (left, on, area) = (width * height, false, 0);
        for (var i = 0; left > 0 && i < 400; i++, on = !on)
        {
            var run = i == 399 ? left : Math.Min(left, 1 + Whole(on ? 200 : 600));
            text.Add(i > 0 ? "," : "").Add(run);
            left -= run;
            area += on ? run : 0;
        }

        text.Add("],\"size\": [").Add(height).Add(",").Add(width).Add("]},");
        return area;
    }

    private int Class()
    {
        var place = Array.BinarySearch(_classShares, Uniform());
        return Math.Min(place < 0 ? ~place : place, _classShares.Length - 1);
    }

    /// <summary>Cumulative shares: of 80 classes the first holds about 30 %, the last 0.02 %, as person and hair drier do; other numbers of classes fall as far.</summary>
    private static double[] Shares(int classes)
    {
        var shares = Enumerable.Range(0, classes).Select(i => i == 0 ? 0.3 : 4.0 / classes * Math.Exp(-i / (classes * 0.175))).ToArray();
        var total = shares.Sum();
        for (var i = 0; i < shares.Length; i++) shares[i] = shares[i] / total + (i > 0 ? shares[i - 1] : 0);
        return shares;
    }

    private static double Round(double value) => Math.Round(value, 2);

    private int Skewed(int count, double power) => (int)(Math.Pow(Uniform(), power) * count);

    /// <summary>Boxes per image: from 4 on most to about 90, one image in 20 over 16, as in COCO.</summary>
    private int ImageOfBox()
    {
        const double Floor = 0.04;
        var u = Floor + (1 - Floor) * Uniform();
        return Math.Min(images - 1, (int)((u * u - Floor * Floor) / (1 - Floor * Floor) * images));
    }

    private int Whole(int count) => (int)(Uniform() * count);

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private double Uniform() => (StableHash.Mix(_state += 0x9E3779B97F4A7C15) >> 11) * (1.0 / (1UL << 53));
}
