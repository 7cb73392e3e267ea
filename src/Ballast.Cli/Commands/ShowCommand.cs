using System.CommandLine;
using System.Text.Json;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary><c>ballast show DATA [--remedy KIND] -o DIR</c>: the boxes, or what a remedy makes of them, painted on the images.</summary>
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
        var remedy = new Option<string?>("--remedy") { Description = "Paint what this remedy does instead: an assigner, sampler, neck or classification loss (see ballast remedies)", HelpName = "KIND" }
            .AcceptWords([.. RemedyPainter.Paintable.Select(each => each.Kind)]);
        var detector = new ProfileOptions("With --remedy: the input size of the detector, short side x long side, such as 800x1333; 300x300! for both");
        var side = new Option<int>("--max-side") { Description = "Longest side of a picture, pixels; 0 for the image's own", HelpName = "N" }.AcceptAtLeast(0);
        var output = new Option<string>("--output", "-o") { Description = "The folder for the pictures", HelpName = "DIR", Required = true };
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON" };
        var command = new Verb("show", "Paint the boxes, or what a remedy does, on the images")
        {
            Examples =
            [
                "ballast show train.json --images train -o pictures",
                "ballast show train.json --remedy iou-balanced-negative --image 17 -o pictures",
                "ballast show VOC2012 --image 2007_000027 --image 2007_000032 --max-side 1200 -o pictures",
            ],
        };
        data.AddTo(command);
        command.Add(remedy);
        detector.AddTo(command);
        foreach (var option in new Option[] { images, limit, side, output, json }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(remedy) is null && detector.IsAnyGiven(result)) result.AddError("--profile and --input-side are for --remedy: boxes are painted without a detector.");
        });
        command.SetAction(parsed =>
        {
            var dataset = data.Load(parsed, session);
            var chosen = parsed.GetValue(images) is { Length: > 0 } names
                ? [.. names.Select(name => ImageSelection.Find(dataset, name))]
                : Spread(dataset.Images.Count, parsed.GetValue(limit));
            var options = new PaintOptions { MaxSide = parsed.GetValue(side), MaxMegapixels = data.Options(parsed, session).MaxMegapixels };
            var folder = parsed.GetRequiredValue(output);
            PaintedImages painted;
            using (var progress = session.Terminal.Progress("painting"))
            {
                painted = parsed.GetValue(remedy) is { } kind
                    ? PainterOf(Remedies.Named(kind), dataset, detector.Profile(parsed), options).Write(chosen, folder, progress, session.Cancellation)
                    : new BoxPainter(dataset, options).Write(chosen, folder, progress: progress, cancellation: session.Cancellation);
            }

            foreach (var sentence in painted.Skipped) session.Terminal.Error(sentence);
            if (parsed.GetValue(json)) session.Terminal.Json(stream => WriteJson(stream, painted));
            else foreach (var file in painted.Files) session.Terminal.Line(file);
        });
        return command;
    }

    /// <summary>A painter of a remedy; libtorch is loaded for losses only, when the first is computed.</summary>
    private static RemedyPainter PainterOf(Remedy remedy, DetectionDataset data, DetectorProfile profile, PaintOptions options)
        => new(data, profile, remedy, options, RemedyPainter.IsLoss(remedy) ? CandidateGradient.Of(RecipeReader.Parse<ClassificationLoss>(remedy.Recipe)) : null);

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
