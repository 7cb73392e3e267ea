using System.Globalization;

namespace Ballast.Benchmarks;

/// <summary>The generated COCO files figures are taken on: made once, kept in the temporary folder, and only used when they are complete.</summary>
/// <param name="Train">Of train2017's size, with polygons.</param>
/// <param name="Many">Ten million boxes on a million images, without polygons.</param>
internal sealed record BenchmarkFiles(string Train, string Many)
{
    /// <summary>Makes what is not there. The quick ones are a tenth of the size.</summary>
    public static BenchmarkFiles Prepare(bool quick)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "ballast-benchmarks")).FullName;
        var part = quick ? 10 : 1;
        return new(Make(folder, 118_287 / part, 860_001 / part, "--polygons"), Make(folder, 1_000_000 / part, 10_000_000 / part));
    }

    private static string Make(string folder, int images, int boxes, params string[] options)
    {
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{images}-images-{boxes}-boxes.json"));
        if (File.Exists(file)) return file;
        Console.Error.WriteLine($"making {file}");
        var unfinished = file + ".unfinished";
        string[] sizes = ["--images", images.ToString(CultureInfo.InvariantCulture), "--boxes", boxes.ToString(CultureInfo.InvariantCulture)];
        CocoGenerator.Run([.. sizes, .. options, "-o", unfinished]);
        File.Move(unfinished, file);
        return file;
    }
}
