namespace Ballast.Training.Tests;

public class TelemetryRecorderTests
{
    [Fact]
    public void A_run_leaves_its_steps_its_looks_and_what_it_found()
    {
        using var folder = new TemporaryFolder();
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 5);
        using (var recorder = new TelemetryRecorder(folder.At("telemetry.jsonl"), detector, new() { Every = 2, TensorBoard = true }))
        {
            Train(detector, recorder, from: 0, steps: 4);
            recorder.Recall(4, 1, new PaintedBatches(), Validation());
        }

        var run = RunTelemetry.Read(folder.At("telemetry.jsonl"));
        Assert.Equal([1, 2, 3, 4], run.Steps.Select(line => line.Step));
        Assert.Equal([1, 2, 4], run.Probes.Select(line => line.Step));
        var recall = Assert.Single(run.Recalls);
        Assert.Equal([2, 1], recall.ValidationObjects);
        Assert.Equal([1, 1], recall.ValidationFound);
        Assert.Equal(new PaintedBatches().Load(0).Items.Sum(item => item.Truths.Count), recall.TrainingObjects.Sum());
        Assert.True(new FileInfo(folder.At(TensorBoardFile.NameFor(0))).Length > 1000);
    }

    [Fact]
    public void A_resumed_run_has_each_step_once_and_begins_events_of_its_own()
    {
        using var folder = new TemporaryFolder();
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 5);
        var options = new TelemetryOptions { Every = 2, TensorBoard = true };
        using (var recorder = new TelemetryRecorder(folder.At("telemetry.jsonl"), detector, options)) Train(detector, recorder, from: 0, steps: 4);
        using (var recorder = new TelemetryRecorder(folder.At("telemetry.jsonl"), detector, options, step: 3)) Train(detector, recorder, from: 3, steps: 2);
        var run = RunTelemetry.Read(folder.At("telemetry.jsonl"));
        Assert.Equal([1, 2, 3, 4, 5], run.Steps.Select(line => line.Step));
        Assert.Equal([1, 2, 4], run.Probes.Select(line => line.Step));
        Assert.True(File.Exists(folder.At(TensorBoardFile.NameFor(3))));
    }

    private static void Train(Detector detector, TelemetryRecorder recorder, long from, int steps)
    {
        using var trainer = new Trainer(detector, new());
        for (var i = 0; i < steps; i++)
        {
            recorder.Begin(from + i + 1);
            var step = trainer.Advance(new PaintedBatches());
            recorder.Write(new StepLine
            {
                Step = from + i + 1,
                Loss = step.Total,
                Terms = [.. step.Losses.Select(loss => new TermValue(loss.Stage, loss.IsBox, loss.Value, loss.Weight))],
                Rate = step.Rate,
                GradientNorm = step.GradientNorm,
                Seconds = 1,
                Images = 2,
            });
        }
    }

    /// <summary>Two red objects, of which one is found, and a green one that is.</summary>
    private static CocoEvaluation Validation()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("truth.json"), """
            {"images":[{"id":1,"file_name":"a.jpg","width":64,"height":64}],"categories":[{"id":1,"name":"red"},{"id":2,"name":"green"}],
             "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,20,20],"area":400,"iscrowd":0},{"id":2,"image_id":1,"category_id":1,"bbox":[40,0,20,20],"area":400,"iscrowd":0},
             {"id":3,"image_id":1,"category_id":2,"bbox":[0,40,20,20],"area":400,"iscrowd":0}]}
            """);
        var truth = DetectionDataset.Load(folder.At("truth.json"));
        return CocoEvaluation.Of(truth, DetectionTable.Create(truth, [new(0, 0, 1, 0, 20, 20, 0.9), new(0, 1, 0, 41, 20, 20, 0.8)]));
    }
}
