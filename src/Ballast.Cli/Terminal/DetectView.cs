using System.Text.Json;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary>What was found, class by class, and how fast.</summary>
internal sealed class DetectView(Terminal terminal, TrainedDetector detector, DetectOptions options)
{
    /// <summary>For people.</summary>
    public void Write(DetectionRun found, string? file)
    {
        foreach (var sentence in found.Skipped) terminal.Error(sentence);
        var counts = found.Counts;
        var width = detector.Classes.Max(name => name.Length);
        for (var i = 0; i < counts.Count; i++) terminal.Line($"{detector.Classes[i].PadRight(width)}  {counts[i],7:N0}  from probability {Threshold(i):0.00}");
        terminal.Line($"{Plural.Of(counts.Sum(), "object", "objects")} in {Plural.Of(found.Found.Count, "image", "images")}, {found.Elapsed.TotalSeconds:0.0} s: "
            + $"{found.ImagesPerSecond:0.0} images a second, {found.Detecting.TotalMilliseconds / Math.Max(1, found.Found.Count):0} ms of network an image");
        if (found.Skipped.Count > 0) terminal.Line($"{Plural.Of(found.Skipped.Count, "image was", "images were")} skipped");
        if (file is not null) terminal.Line($"detections: {file}");
        if (found.Pictures.Count > 0) terminal.Line($"pictures: {Path.GetDirectoryName(found.Pictures[0])}");
        if (file is not null && options.MinimumProbability is null)
            terminal.Note("The file holds what each class' threshold lets through; to evaluate it, write all of it with --min-probability 0.");
    }

    /// <summary>For programs.</summary>
    public void WriteJson(Stream stream, DetectionRun found, string? file)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        var counts = found.Counts;
        writer.WriteStartObject();
        writer.WriteNumber("images", found.Found.Count);
        writer.WriteNumber("objects", counts.Sum());
        writer.WriteNumber("seconds", Math.Round(found.Elapsed.TotalSeconds, 3));
        writer.WriteNumber("imagesPerSecond", Math.Round(found.ImagesPerSecond, 3));
        writer.WriteNumber("networkSeconds", Math.Round(found.Detecting.TotalSeconds, 3));
        writer.WriteStartArray("classes");
        for (var i = 0; i < counts.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", detector.Classes[i]);
            writer.WriteNumber("objects", counts[i]);
            writer.WriteNumber("minimumProbability", Math.Round(Threshold(i), 6));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (file is not null) writer.WriteString("detections", file);
        JsonLists.Write(writer, "pictures", found.Pictures);
        JsonLists.Write(writer, "skipped", found.Skipped);
        writer.WriteEndObject();
    }

    private double Threshold(int @class) => options.MinimumProbability ?? detector.Thresholds.Scores[@class];
}
