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
        var output = new Option<string?>("--output", "-o") { Description = "Write the report as a page; with --images it shows the worst misses and false alarms", HelpName = "report.html" };
        var json = new Option<bool>("--json") { Description = "Print the evaluation as JSON" };
        var command = new Verb("evaluate", "Measure a detector and say which imbalance costs it accuracy")
        {
            Examples =
            [
                "ballast evaluate results.json --truth instances_val.json --images val -o evaluation.html",
                "ballast evaluate runs/labels --truth data.yaml --part val --train train.json",
                "ballast evaluate results.csv --truth VOC2012 --part val --iou 0.5 --map-classes index1 --json",
            ],
        };
        command.Add(detections);
        data.AddTo(command);
        naming.AddTo(command);
        measure.AddTo(command);
        command.Add(output);
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
            var summary = EvaluationRun.Of(truth, tables[0], options, session);
            var report = ReportFile.Write((file, stop) => EvaluationReport.Save(summary, file, stop), parsed.GetValue(output), byDefault: false, session);
            if (parsed.GetValue(json)) session.Terminal.Json(summary.WriteJson);
            else EvaluationView.Write(session.Terminal, summary, path, report, summary.CommandFor("diagnose"));
        });
        return command;
    }
}
