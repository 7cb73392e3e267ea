using System.CommandLine;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary><c>ballast demo</c>: a data set that is out of balance in every way, taken through all that this version can do.</summary>
internal static class DemoCommand
{
    private const string DefaultFolder = "demo";
    private const int UsualImages = 300;

    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "The folder for the data set and the report",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultFolder,
        };
        var seed = new Option<int>("--seed") { Description = "Another seed, another data set", HelpName = "N", DefaultValueFactory = _ => 1 };
        var count = new Option<int>("--count") { Description = "Number of images", HelpName = "N", DefaultValueFactory = _ => UsualImages }.AcceptAtLeast(1);
        var noTraining = new Option<bool>("--no-training") { Description = "Leave out the training at the end, which takes most of the time" };
        var command = new Verb("demo", "Draw an imbalanced data set, diagnose it, measure a made-up detector on it, and train a small one") { Examples = ["ballast demo", "ballast demo -o /tmp/demo --seed 7"] };
        foreach (var option in new Option[] { output, seed, count, noTraining }) command.Add(option);
        command.SetAction(parsed =>
        {
            var demo = new Demo(parsed.GetRequiredValue(output), parsed.GetValue(seed), parsed.GetValue(count), session);
            demo.Draw();
            var data = demo.Diagnose();
            demo.Evaluate(data);
            if (!parsed.GetValue(noTraining)) demo.Train();
            demo.SayWhatIsNext();
        });
        return command;
    }

    /// <summary>The steps, each from what the one before left on disk.</summary>
    private sealed class Demo(string folder, int seed, int images, Session session)
    {
        private readonly string _data = Path.Combine(folder, "shapes");
        private readonly string _made = Path.Combine(folder, "shapes.txt");

        /// <summary>Draws the data set, unless an earlier run has drawn the same one.</summary>
        public void Draw()
        {
            var what = $"Ballast {ProductVersion.Text}, seed {seed}, {images} images\n";
            if (Directory.Exists(_data) && File.Exists(_made) && File.ReadAllText(_made) == what)
            {
                session.Terminal.Note($"{_data}: drawn by an earlier run with the same seed");
                return;
            }

            using (var progress = session.Terminal.Progress($"drawing {images} images"))
                DemoDataset.Write(_data, seed, images, new Share(progress, images), session.Cancellation);
            File.WriteAllText(_made, what);
        }

        /// <summary>Says what is out of balance.</summary>
        public DetectionDataset Diagnose()
        {
            var data = DataOptions.Load(_data, new LoadOptions { Cancellation = session.Cancellation }, session);
            var diagnosis = DiagnosisRun.Of([data], new DiagnosisOptions { Seed = seed, Cancellation = session.Cancellation }, session);
            DiagnosisView.Write(session.Terminal, diagnosis, ReportFile.Write(diagnosis.Save, Path.Combine(folder, "report.html"), byDefault: true, session));
            return data;
        }

        /// <summary>Writes what a detector that learned from such data would find, and says which imbalance costs it how much.</summary>
        public void Evaluate(DetectionDataset data)
        {
            var detections = Path.Combine(folder, "detections.json");
            DemoDetections.Write(data, detections, seed);
            // Without a detection of the last class, ids from 1 could be places from 0 as well.
            var reading = new DetectionReadOptions { Classes = ClassNaming.Id, Images = ImageNaming.Id, Cancellation = session.Cancellation };
            var table = DetectionResults.Read(detections, data, reading);
            var summary = EvaluationRun.Of(data, table, new EvaluationSummaryOptions { Seed = seed, Cancellation = session.Cancellation }, session);
            var report = ReportFile.Write((path, stop) => EvaluationReport.Save(summary, path, stop), Path.Combine(folder, "evaluation.html"), byDefault: true, session);
            session.Terminal.Line();
            EvaluationView.Write(session.Terminal, summary, detections, report, next: null);
        }

        /// <summary>Trains a small detector and says what it is worth; one that an earlier run trained is only measured.</summary>
        public void Train()
        {
            var run = Path.Combine(folder, "run");
            using var view = new TrainingView(session.Terminal, TimeProvider.System);
            session.AllowOnInterruption(TrainCommand.TimeToStop);
            var result = TrainingRun.Train(new() { Recipe = DemoRecipe.For(_data, seed), Folder = run, Resume = new RunFolder(run).HasRecipe }, view, session.Cancellation);
            view.Dispose();
            session.Terminal.Line();
            EvaluationView.Write(session.Terminal, result.Evaluation, Path.Combine(run, "detections.json"), Path.Combine(run, "run.html"), next: null);
        }

        public void SayWhatIsNext() => session.Terminal.Note($"next: ballast show {_data} -o {Path.Combine(folder, "pictures")}");
    }

    /// <summary>A number of images as a share of all.</summary>
    private sealed class Share(IProgress<double> progress, int images) : IProgress<int>
    {
        public void Report(int value) => progress.Report((double)value / images);
    }
}
