using System.CommandLine;
using System.Text.Json;

namespace Ballast.Cli;

/// <summary><c>ballast convert DATA -o OUT --format F</c>: the same boxes in another format, and what that format cannot hold.</summary>
internal static class ConvertCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var data = new DataOptions(formatOption: "--from");
        var format = new Option<string?>("--format")
        {
            Description = "The format to write",
            HelpName = "FORMAT",
            Required = true,
        }.AcceptWords([.. AnnotationFormat.All.Select(each => each.Name)]);
        var images = new Option<string?>("--images-mode")
        {
            Description = "What to do with the images; what the format needs when left out",
            HelpName = "copy|link|none",
        }.AcceptWords("copy", "link", "none");
        var output = new Option<string>("--output", "-o") { Description = "The folder to write; new or empty", HelpName = "OUT", Required = true };
        var json = new Option<bool>("--json") { Description = "Print what was written and lost as JSON" };
        var command = new Verb("convert", "Write a data set in another format; --strict refuses to lose anything")
        {
            Examples = ["ballast convert instances_train.json --images train -o yolo --format yolo", "ballast convert VOC2012 -o coco --format coco --strict"],
        };
        data.AddTo(command);
        foreach (var option in new Option[] { format, images, output, json }) command.Add(option);
        command.SetAction(parsed =>
        {
            var dataset = data.Load(parsed, session);
            var options = new SaveOptions
            {
                Images = parsed.GetValue(images) switch { "copy" => ImageTransfer.Copy, "link" => ImageTransfer.Link, "none" => ImageTransfer.None, _ => null },
                Strict = data.IsStrict(parsed),
                Cancellation = session.Cancellation,
            };
            SaveResult result;
            using (var progress = session.Terminal.Progress("writing"))
                result = dataset.Save(parsed.GetRequiredValue(output), parsed.GetValue(format)!, options with { Progress = progress });
            if (parsed.GetValue(json)) session.Terminal.Json(stream => WriteJson(stream, result));
            else Write(session.Terminal, dataset, result);
        });
        return command;
    }

    private static void Write(Terminal terminal, DetectionDataset data, SaveResult result)
    {
        var title = AnnotationFormat.All.First(format => format.Name == result.Format).Title;
        terminal.Line($"{result.Folder}: {title}, {data.Images.Count:N0} images, {data.Boxes.Count:N0} boxes, {result.ImagesWritten:N0} image files");
        foreach (var loss in result.Losses) terminal.Line($"lost: {loss.Count:N0} {loss.What}, which {title} cannot hold");
        if (result.ImagesMissing == 0) return;
        var searched = string.Join(", ", result.Searched);
        terminal.Error($"{result.ImagesMissing:N0} images were not found, such as '{result.Missing[0]}'. Searched: {searched}. Name their folder with --images DIR.");
    }

    private static void WriteJson(Stream stream, SaveResult result)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("folder", result.Folder);
        writer.WriteString("format", result.Format);
        writer.WriteStartArray("losses");
        foreach (var loss in result.Losses)
        {
            writer.WriteStartObject();
            writer.WriteString("what", loss.What);
            writer.WriteNumber("count", loss.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("imagesWritten", result.ImagesWritten);
        writer.WriteNumber("imagesMissing", result.ImagesMissing);
        JsonLists.Write(writer, "missing", result.Missing);
        writer.WriteEndObject();
    }
}
