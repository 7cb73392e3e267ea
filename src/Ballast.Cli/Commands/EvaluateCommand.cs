using System.CommandLine;

namespace Ballast.Cli;

/// <summary><c>ballast evaluate DETECTIONS --truth DATA</c>: how good a detector is, how sure that is, and which imbalance costs it AP.</summary>
internal static class EvaluateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var detections = new Argument<string>("DETECTIONS") { Description = "COCO results (.json), CSV, or a folder or .zip of YOLO txt files with confidences" };
        var data = new DataOptions(dataOption: "--truth");
        var naming = new DetectionOptions();
        var measure = new MeasureOptions(mayBeZero: true);
        var json = new Option<bool>("--json") { Description = "Print the evaluation as JSON" };
        var command = new Verb("evaluate", "Measure a detector and say which imbalance costs it accuracy")
        {
            Examples =
            [
                "ballast evaluate results.json --truth instances_val.json",
                "ballast evaluate runs/labels --truth data.yaml --part val --train data.yaml",
                "ballast evaluate results.csv --truth VOC2012 --part val --iou 0.5 --map-classes index1 --json",
            ],
        };
        command.Add(detections);
        data.AddTo(command);
        naming.AddTo(command);
        measure.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(detections);
            var (truth, tables) = naming.Read([path], data, parsed, session);
            var options = new EvaluationSummaryOptions
            {
                Evaluation = measure.Evaluation(parsed),
                Profile = measure.Profile(parsed),
                Training = measure.Training(parsed, session),
                Seed = measure.Seed(parsed),
                Replicates = measure.Replicates(parsed),
                Cancellation = session.Cancellation,
            };
            EvaluationSummary summary;
            using (var progress = session.Terminal.Progress($"measuring {path}")) summary = EvaluationSummary.Of(truth, tables[0], options with { Progress = progress });
            if (parsed.GetValue(json)) session.Terminal.Json(summary.WriteJson);
            else EvaluationView.Write(session.Terminal, summary, path, null);
        });
        return command;
    }
}
