using System.CommandLine;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary><c>ballast diagnose DATA...</c>: what is out of balance, how sure that is, and what to do about it.</summary>
internal static class DiagnoseCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var data = new DataOptions(several: true);
        var detector = new DetectorOptions();
        var by = new Option<string?>("--by")
        {
            Description = "Draw parts or groups (scenes, videos) apart",
            HelpName = "part|group",
        }.AcceptWords("part", "group");
        var save = new Option<string?>("--save") { Description = "Keep the counts, for a later --baseline", HelpName = "S.json" };
        var run = new Option<string?>("--run") { Description = "A training run on the data: adds what only training shows, for the detector that was trained", HelpName = "RUN" };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The report; report.html when left out, none with --json",
            HelpName = "report.html",
        };
        var json = new Option<bool>("--json") { Description = "Print the diagnosis as JSON" };
        var command = new Verb("diagnose", "Say what is out of balance in a data set, and what to do about it")
        {
            Examples =
            [
                "ballast diagnose annotations/instances_train.json --images train",
                "ballast diagnose VOC2012 --profile faster-rcnn --input-side 600x1000 -o voc.html",
                "ballast diagnose data.yaml --json --no-anchors",
                "ballast diagnose bccd --run runs/retinanet-1        what the training of that run shows, too",
                "ballast diagnose this-year.zip last-year.zip        the second is drawn over the first",
            ],
        };
        data.AddTo(command);
        detector.AddTo(command);
        foreach (var option in new Option[] { by, run, save, output, json }) command.Add(option);
        command.SetAction(parsed =>
        {
            var slices = parsed.GetValue(by) switch { "part" => SliceBy.Part, "group" => SliceBy.Group, _ => SliceBy.None };
            var folder = parsed.GetValue(run);
            var options = detector.Options(parsed, session, folder is null ? null : ProfileOf(folder)) with
            {
                By = slices,
                Run = folder is null ? null : RunTelemetry.Read(folder),
            };
            var diagnosis = DiagnosisRun.Of(data.LoadChecked(parsed, session), options, session);
            if (parsed.GetValue(save) is { } path) diagnosis.Summary.Save(path);
            var report = ReportFile.Write(diagnosis.Save, parsed.GetValue(output), byDefault: !parsed.GetValue(json), session);
            if (parsed.GetValue(json)) session.Terminal.Json(diagnosis.WriteJson);
            else DiagnosisView.Write(session.Terminal, diagnosis, report);
        });
        return command;
    }

    /// <summary>Anchors and input side of the detector that a run trained; null where there is telemetry alone.</summary>
    private static DetectorProfile? ProfileOf(string run)
    {
        var folder = new RunFolder(run);
        return folder.HasRecipe ? folder.LoadRecipe().Detector.Profile : null;
    }
}
