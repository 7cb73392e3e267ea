using System.Text.Json;

namespace Ballast.Training.Tests;

/// <summary>A small data set on disk: noise with rectangles of one colour a class, and their boxes.</summary>
internal sealed class LoaderSet : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LoaderSet(int images = 6)
    {
        var (described, boxes) = (new List<object>(), new List<object>());
        for (var i = 0; i < images; i++)
        {
            var (width, height) = (40 + (i * 4), 60 - (i * 3));
            var pixels = Draw(i, width, height);
            using (var file = File.Create(_folder.At($"{i}.png"))) ImageFile.Encode(pixels, file, ImageCodec.Png);
            described.Add(new { id = i + 1, file_name = $"{i}.png", width, height });
            boxes.Add(new { id = (2 * i) + 1, image_id = i + 1, category_id = i == 0 ? 2 : 1, bbox = new[] { 4, 6, 12, 10 }, iscrowd = 0, area = 120 });
            boxes.Add(new { id = (2 * i) + 2, image_id = i + 1, category_id = 1, bbox = new[] { 24, 20, 10, 14 }, iscrowd = i == 1 ? 1 : 0, area = 140 });
        }

        File.WriteAllText(_folder.At("instances.json"), JsonSerializer.Serialize(new
        {
            images = described,
            annotations = boxes,
            categories = new[] { new { id = 1, name = "common" }, new { id = 2, name = "rare" } },
        }));
        Data = DetectionDataset.Load(_folder.At("instances.json"));
    }

    public DetectionDataset Data { get; }

    public static InputTransform Transform { get; } = new(new() { Short = 32, Long = 48, Divisor = 16 }, new());

    public string At(string name) => _folder.At(name);

    public void Dispose() => _folder.Dispose();

    public static Pixels Draw(int seed, int width, int height)
    {
        var (pixels, random) = (new Pixels(width, height), new Random(seed));
        random.NextBytes(pixels.Bytes);
        for (var at = 3; at < pixels.Bytes.Length; at += 4) pixels.Bytes[at] = 255;
        for (var y = 6; y < 16; y++) pixels.Row(y)[16..64].Fill(255);
        return pixels;
    }
}
