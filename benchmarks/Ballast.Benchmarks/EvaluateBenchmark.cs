using System.Diagnostics;
using System.Globalization;

namespace Ballast.Benchmarks;

/// <summary>Measures COCO results against a COCO file and prints what each step took, from the start of the process (compiling included).</summary>
internal static class EvaluateBenchmark
{
    public static int Run(string truthPath, string detectionPath, string[] options)
    {
        var clock = Stopwatch.StartNew();
        Say("started", clock);
        using var tree = FileTree.OpenTree(truthPath);
        var loading = Task.Run(() => new CocoFormat().Read(tree, Path.GetFileName(truthPath), truthPath, new()));
        var detections = DetectionResults.Read(detectionPath, loading);
        var truth = loading.Result;
        Say($"read: {truth.Images.Count} images, {truth.Boxes.Count} boxes, {truth.Classes.Count} classes, {detections.Count} detections", clock);
        var evaluation = CocoEvaluation.Of(truth, detections);
        Say(string.Join(" ", evaluation.Overall.Summary.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} {figure.Value:F4}"))), clock);
        if (options.Contains("--bootstrap"))
        {
            var intervals = EvaluationIntervals.Of(evaluation);
            Say(string.Create(CultureInfo.InvariantCulture, $"1,000 resamples: AP {intervals.Overall.AP.Low:F4} to {intervals.Overall.AP.High:F4}"), clock);
        }

        if (options.Contains("--all"))
        {
            var lrp = LocalizationRecallPrecision.Of(evaluation);
            Say(string.Create(CultureInfo.InvariantCulture, $"optimal LRP {lrp.Overall.Error:F4}"), clock);
            Say($"{EvaluationSlices.Of(evaluation).Axes.Count} axes sliced", clock);
            var errors = ErrorBreakdown.Of(evaluation);
            Say(string.Join(" ", errors.Errors.Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Kind} {error.Cost:F4}"))), clock);
            Say(string.Create(CultureInfo.InvariantCulture, $"calibration error {Calibration.Of(evaluation).Error:F4}, balanced accuracy {AccuracyParadox.Of(evaluation, lrp).Balanced:F4}"), clock);
            Say($"{ConfusionMatrix.Of(evaluation).Confused(1).Count} confusion named", clock);
        }

        return 0;
    }

    private static void Say(string what, Stopwatch clock)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cpu,6:F2} CPU s {clock.Elapsed.TotalSeconds,6:F2} s wall {ProcessMemory.PeakMegabytes(),6:F0} MB peak: {what}"));
    }
}
