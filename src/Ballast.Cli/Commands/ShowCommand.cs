using System.CommandLine;
using System.Text.Json;

namespace Ballast.Cli;

/// <summary><c>ballast show DATA -o DIR</c>: the boxes, painted on the images.</summary>
internal static class ShowCommand
{
    private const int UsualLimit = 20;

    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var data = new DataOptions();
        var images = new Option<string[]>("--image")
        {
            Description = "An image: its file, its name without extension, its id, or #N; may be given more than once",
            HelpName = "X",
            Arity = ArgumentArity.OneOrMore,
        };
        var limit = new Option<int>("--limit")
        {
            Description = "Without --image: paint this many, spread evenly over the data",
            HelpName = "N",
            DefaultValueFactory = _ => UsualLimit,
        }.AcceptAtLeast(0);
        var side = new Option<int>("--max-side") { Description = "Longest side of a picture, pixels; 0 for the image's own", HelpName = "N" }.AcceptAtLeast(0);
        var output = new Option<string>("--output", "-o") { Description = "The folder for the pictures", HelpName = "DIR", Required = true };
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON" };
        var command = new Verb("show", "Paint the boxes on the images")
        {
            Examples =
            [
                "ballast show train.json --images train -o pictures",
                "ballast show VOC2012 --image 2007_000027 --image 2007_000032 --max-side 1200 -o pictures",
            ],
        };
        data.AddTo(command);
        foreach (var option in new Option[] { images, limit, side, output, json }) command.Add(option);
        command.SetAction(parsed =>
        {
            var dataset = data.Load(parsed, session);
            var chosen = parsed.GetValue(images) is { Length: > 0 } names
                ? [.. names.Select(name => ImageSelection.Find(dataset, name))]
                : Spread(dataset.Images.Count, parsed.GetValue(limit));
            var painter = new BoxPainter(dataset, new PaintOptions { MaxSide = parsed.GetValue(side), MaxMegapixels = data.Options(parsed, session).MaxMegapixels });
            PaintedImages painted;
            using (var progress = session.Terminal.Progress("painting"))
                painted = painter.Write(chosen, parsed.GetRequiredValue(output), progress: progress, cancellation: session.Cancellation);
            foreach (var sentence in painted.Skipped) session.Terminal.Error(sentence);
            if (parsed.GetValue(json)) session.Terminal.Json(stream => WriteJson(stream, painted));
            else foreach (var file in painted.Files) session.Terminal.Line(file);
        });
        return command;
    }

    /// <summary>At most <paramref name="limit"/> of the images, evenly spread.</summary>
    private static int[] Spread(int count, int limit)
        => limit >= count ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, limit).Select(i => (int)((long)i * count / limit))];

    private static void WriteJson(Stream stream, PaintedImages painted)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        JsonLists.Write(writer, "files", painted.Files);
        JsonLists.Write(writer, "skipped", painted.Skipped);
        writer.WriteEndObject();
    }
}
