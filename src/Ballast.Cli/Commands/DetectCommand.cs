using System.CommandLine;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary><c>ballast detect RUN IMAGES</c>: what a trained detector finds.</summary>
internal static class DetectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a training run" };
        var images = new Argument<string>("IMAGES") { Description = "An image, a folder of images or a .zip of them, or an annotation file, whose ids the results then use" };
        var folders = new Option<string[]>("--images") { Description = "A further folder to look for an annotation file's images in", HelpName = "DIR", Arity = ArgumentArity.OneOrMore };
        var slices = new SlicingOptions();
        var score = new Option<float?>("--min-probability") { Description = "Report objects from this probability on; each class' own threshold when left out, 0 for all, as evaluate wants it", HelpName = "P" };
        var draw = new Option<string?>("--draw") { Description = "A folder for pictures of what was found", HelpName = "DIR" };
        var output = new Option<string?>("--output", "-o") { Description = "A file for the detections, as COCO results", HelpName = "FILE" };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "last (default), which is what the run reports, or best: that of the epoch of the highest AP on validation", HelpName = "WHICH" }.AcceptWords("last", "best");
        var strict = new Option<bool>("--strict") { Description = "Stop at an image that cannot be decoded, instead of skipping it" };
        var json = new Option<bool>("--json") { Description = "Print the summary as JSON" };
        var command = new Verb("detect", "Find objects in images with a trained detector")
        {
            Examples = ["ballast detect runs/cells-1 photos --draw found", "ballast detect runs/cells-1 test.json --min-probability 0 -o detections.json", "ballast detect runs/drone-1 aerial --tiles 640 --overlap 0.2"],
        };
        command.Add(run);
        command.Add(images);
        command.Add(folders);
        slices.AddTo(command);
        foreach (var option in new Option[] { score, checkpoint, draw, output, strict, json }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(score) is { } value && !(value is >= 0 and <= 1)) result.AddError($"--min-probability is {value}; it must be from 0 to 1.");
        });
        folders.AllowMultipleArgumentsPerToken = false;
        command.SetAction(parsed =>
        {
            using var detector = TrainedDetector.Open(parsed.GetRequiredValue(run), checkpoint: parsed.GetValue(checkpoint) == "best" ? RunCheckpoint.Best : RunCheckpoint.Last);
            using var set = ImageSet.Open(parsed.GetRequiredValue(images), new LoadOptions { ImageFolders = parsed.GetValue(folders) ?? [], Cancellation = session.Cancellation });
            session.Terminal.Note(set.What);
            var options = new DetectOptions { MinimumProbability = parsed.GetValue(score), Slices = slices.Of(parsed), Cancellation = session.Cancellation };
            DetectionRun found;
            using (var progress = session.Terminal.Progress("detecting"))
                found = DetectionRun.Of(detector, set, options, parsed.GetValue(draw), parsed.GetValue(strict), progress);
            if (parsed.GetValue(output) is { } file) found.Save(file);
            var view = new DetectView(session.Terminal, detector, options);
            if (parsed.GetValue(json)) session.Terminal.Json(stream => view.WriteJson(stream, found, parsed.GetValue(output)));
            else view.Write(found, parsed.GetValue(output));
        });
        return command;
    }
}
