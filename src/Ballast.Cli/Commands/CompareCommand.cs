using System.CommandLine;

namespace Ballast.Cli;

/// <summary><c>ballast compare A B... --truth DATA</c>: whether detectors differ, and what difference the truth can show at all.</summary>
internal static class CompareCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var sides = new Argument<string[]>("DETECTORS") { Description = "Two or more: FILE, NAME=FILE, or NAME=FILE,FILE,... for several seeds", Arity = ArgumentArity.OneOrMore };
        var data = new DataOptions(dataOption: "--truth");
        var naming = new DetectionOptions();
        var measure = new MeasureOptions(mayBeZero: false);
        var folds = new Option<bool>("--folds") { Description = "The files of a detector are folds with images of their own, not seeds" };
        var primary = new Option<string?>("--primary") { Description = "The figure that decides, named beforehand: AP, AP50, 'AP small', 'AP rare' ...; AP of the rarest classes when left out", HelpName = "NAME" };
        var csv = new Option<string?>("--csv") { Description = "Write every figure as CSV", HelpName = "FILE" };
        var latex = new Option<string?>("--latex") { Description = "Write a LaTeX table", HelpName = "FILE" };
        var output = new Option<string?>("--output", "-o") { Description = "Write the report as a page", HelpName = "report.html" };
        var json = new Option<bool>("--json") { Description = "Print the comparison as JSON" };
        var command = new Verb("compare", "Say whether detectors differ: better, worse or cannot tell")
        {
            Examples =
            [
                "ballast compare before.json after.json --truth instances_val.json",
                "ballast compare plain=p1.json,p2.json,p3.json focal=f1.json,f2.json,f3.json --truth val.json --csv figures.csv --latex table.tex",
                "ballast compare a.json b.json --truth data.yaml --part val --primary AP50",
            ],
        };
        command.Add(sides);
        data.AddTo(command);
        naming.AddTo(command);
        measure.AddTo(command);
        foreach (var option in new Option[] { folds, primary, output, csv, latex, json }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(sides) is { Tokens.Count: 1 }) result.AddError("one detector is nothing to compare; give two or more.");
        });
        command.SetAction(parsed =>
        {
            var given = parsed.GetRequiredValue(sides).Select(DetectorFiles.Parse).ToArray();
            DetectorFiles.CheckNames(given);
            var (truth, tables) = naming.Read([.. given.SelectMany(side => side.Files)], data, parsed, session);
            var options = new ComparisonOptions
            {
                Primary = parsed.GetValue(primary),
                Evaluation = measure.Evaluation(parsed),
                Groups = measure.Training(parsed, session) is { } training ? FrequencyGroups.By(truth, training) : null,
                Seed = measure.Seed(parsed),
                Replicates = measure.Replicates(parsed),
                Cancellation = session.Cancellation,
            };
            var detectors = Detectors(truth, given, tables, parsed.GetValue(folds));
            ComparisonSummary summary;
            using (var progress = session.Terminal.Progress("comparing")) summary = ComparisonSummary.Of(truth, detectors, options with { Progress = progress });
            if (parsed.GetValue(csv) is { } csvFile) summary.Comparison.SaveCsv(csvFile);
            if (parsed.GetValue(latex) is { } latexFile) summary.Comparison.SaveLatex(latexFile);
            var report = ReportFile.Write((file, stop) => ComparisonReport.Save(summary, file, stop), parsed.GetValue(output), byDefault: false, session);
            if (parsed.GetValue(json)) session.Terminal.Json(summary.WriteJson);
            else ComparisonView.Write(session.Terminal, summary, report);
        });
        return command;
    }

    /// <summary>The tables of each side; they were read in the order of the sides.</summary>
    private static List<ComparedDetector> Detectors(DetectionDataset truth, IReadOnlyList<DetectorFiles> sides, IReadOnlyList<DetectionTable> tables, bool folds)
    {
        var detectors = new List<ComparedDetector>();
        var next = 0;
        foreach (var side in sides)
        {
            DetectionTable[] runs = [.. tables.Skip(next).Take(side.Files.Count)];
            next += runs.Length;
            detectors.Add(new(side.Name, folds ? [DetectionTable.Pool(truth, runs)] : runs));
        }

        return detectors;
    }
}
