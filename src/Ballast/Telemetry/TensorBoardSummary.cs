namespace Ballast;

/// <summary>What TensorBoard is shown of a line of telemetry: a <c>Summary</c> of protocol buffers.</summary>
internal static class TensorBoardSummary
{
    /// <summary>The summary; without a value it has no bytes.</summary>
    /// <param name="line">The line.</param>
    /// <param name="classes">Names of the classes.</param>
    public static ProtocolMessage Of(TelemetryLine line, IReadOnlyList<string> classes)
    {
        var summary = new ProtocolMessage();
        foreach (var (tag, value) in Scalars(line, classes)) summary.Message(1, new ProtocolMessage().Text(1, tag).Single(2, (float)value));
        if (line is not ProbeLine probe) return summary;
        foreach (var stage in probe.Stages)
        {
            Histogram(summary, $"IoU of candidates/{stage.Stage}", stage.StartOverlaps.AsSpan());
            Histogram(summary, $"IoU of predictions/{stage.Stage}", stage.EndOverlaps.AsSpan());
        }

        return summary;
    }

    private static IEnumerable<(string Tag, double Value)> Scalars(TelemetryLine line, IReadOnlyList<string> classes) => line switch
    {
        StepLine step => OfStep(step),
        EpochLine epoch => OfEpoch(epoch, classes),
        ProbeLine probe => OfProbe(probe),
        RecallLine recall => OfRecall(recall, classes),
        _ => [],
    };

    private static IEnumerable<(string Tag, double Value)> OfStep(StepLine step)
    {
        yield return ("loss/total", step.Loss);
        foreach (var term in step.Terms) yield return ($"loss/{term.Name}", term.Value);
        yield return ("rate", step.Rate);
        yield return ("gradient norm", step.GradientNorm);
        yield return ("seconds", step.Seconds);
    }

    private static IEnumerable<(string Tag, double Value)> OfEpoch(EpochLine epoch, IReadOnlyList<string> classes)
    {
        yield return ("validation/AP", epoch.AP);
        yield return ("validation/AP50", epoch.AP50);
        for (var i = 0; i < Math.Min(classes.Count, epoch.ClassAP50.Count); i++) yield return ($"validation AP50/{classes[i]}", epoch.ClassAP50[i]);
    }

    private static IEnumerable<(string Tag, double Value)> OfProbe(ProbeLine probe)
    {
        for (var level = 0; level < probe.ClassificationGradients.Count; level++)
        {
            yield return ($"gradient of classification/{probe.Levels[level]}", probe.ClassificationGradients[level]);
            yield return ($"gradient of boxes/{probe.Levels[level]}", probe.BoxGradients[level]);
            yield return ($"cosine of gradients/{probe.Levels[level]}", probe.Cosines[level]);
        }

        foreach (var stage in probe.Stages)
        {
            yield return ($"foreground assigned/{stage.Stage}", Share(stage.Assigned));
            yield return ($"foreground sampled/{stage.Stage}", Share(stage.Sampled));
        }

        static double Share(CandidateCounts counts) => (double)counts.Foreground / (counts.Foreground + counts.Background);
    }

    private static IEnumerable<(string Tag, double Value)> OfRecall(RecallLine recall, IReadOnlyList<string> classes)
    {
        for (var i = 0; i < Math.Min(classes.Count, recall.TrainingObjects.Count); i++)
        {
            yield return ($"recall in training/{classes[i]}", (double)recall.TrainingFound[i] / recall.TrainingObjects[i]);
            yield return ($"recall on validation/{classes[i]}", (double)recall.ValidationFound[i] / recall.ValidationObjects[i]);
        }
    }

    /// <summary>Counts over equal bins of [0, 1]; moments are taken at the middles of the bins. Nothing for no counts.</summary>
    private static void Histogram(ProtocolMessage summary, string tag, ReadOnlySpan<long> counts)
    {
        var (limits, buckets) = (new double[counts.Length], new double[counts.Length]);
        var (number, sum, squares, first, last) = (0L, 0.0, 0.0, -1, -1);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            var middle = (bin + 0.5) / counts.Length;
            (limits[bin], buckets[bin]) = ((bin + 1.0) / counts.Length, counts[bin]);
            if (counts[bin] == 0) continue;
            number += counts[bin];
            sum += counts[bin] * middle;
            squares += counts[bin] * middle * middle;
            if (first < 0) first = bin;
            last = bin;
        }

        if (number == 0) return;
        var histogram = new ProtocolMessage()
            .Double(1, (double)first / counts.Length).Double(2, (last + 1.0) / counts.Length).Double(3, number).Double(4, sum).Double(5, squares)
            .Doubles(6, limits).Doubles(7, buckets);
        summary.Message(1, new ProtocolMessage().Text(1, tag).Message(5, histogram));
    }
}
