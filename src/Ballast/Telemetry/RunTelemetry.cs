namespace Ballast;

/// <summary>What a training run left of itself: its telemetry, checked so that whoever reads it can rely on every length and sign.</summary>
public sealed class RunTelemetry
{
    private const string FileName = "telemetry.jsonl";

    private RunTelemetry(string path, IReadOnlyList<TelemetryLine> lines)
    {
        Path = path;
        Steps = [.. lines.OfType<StepLine>()];
        Probes = [.. lines.OfType<ProbeLine>()];
        Recalls = [.. lines.OfType<RecallLine>()];
    }

    /// <summary>The run as the person named it.</summary>
    public string Path { get; }

    /// <summary>Its steps, in order.</summary>
    public IReadOnlyList<StepLine> Steps { get; }

    /// <summary>Its looks inside a step, in order.</summary>
    public IReadOnlyList<ProbeLine> Probes { get; }

    /// <summary>What it found of its training and validation objects, epoch by epoch.</summary>
    public IReadOnlyList<RecallLine> Recalls { get; }

    /// <summary>The looks of the second half of the run, when the first rush is over: what verdicts go by.</summary>
    public IReadOnlyList<ProbeLine> Settled => [.. Probes.Where(probe => 2 * probe.Step > Probes[^1].Step)];

    /// <summary>Reads a run.</summary>
    /// <param name="run">Its folder, or its telemetry file.</param>
    /// <exception cref="InputException">There is none, it cannot be read, or a line says what cannot be.</exception>
    public static RunTelemetry Read(string run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var file = Directory.Exists(run) ? System.IO.Path.Combine(run, FileName) : run;
        if (!File.Exists(file))
            throw new InputException($"'{run}' holds no training run: there is no {FileName}. Name the folder that ballast train wrote, such as runs/retinanet-1.");
        var lines = TelemetryFile.Read(file);
        for (var i = 0; i < lines.Count; i++)
        {
            if (TelemetryCheck.Complaint(lines[i]) is { } complaint)
                throw new InputException($"'{file}', line {i + 1}: {complaint} Delete the line, or name another run.");
        }

        return new(run, lines);
    }

    /// <summary>Checks that the run was trained on the classes of a data set.</summary>
    /// <param name="classes">Number of the data set's classes.</param>
    /// <exception cref="InputException">It was trained on another number of them.</exception>
    internal void CheckClasses(int classes)
    {
        var counts = Recalls.Select(line => line.TrainingObjects.Count).Concat(Probes.SelectMany(probe => probe.Stages).Select(stage => stage.OwnGradients.Count)).Where(count => count > 1);
        if (counts.FirstOrDefault(count => count != classes) is > 0 and var other)
            throw new InputException($"'{Path}' was trained on {other} classes and the data set has {classes}. Name the data set that the run was trained on.");
    }
}

/// <summary>What a line of telemetry that is JSON can still be wrong in.</summary>
internal static class TelemetryCheck
{
    /// <summary>What is wrong, as a sentence; null for nothing.</summary>
    public static string? Complaint(TelemetryLine line) => line switch
    {
        { Step: < 1 } => $"step is {line.Step}; it must be at least 1.",
        StepLine step => OfStep(step),
        ProbeLine probe => OfProbe(probe),
        RecallLine recall => OfRecall(recall),
        _ => null,
    };

    private static string? OfStep(StepLine step) => step.Terms.Any(term => term is null || term.Stage is null) ? "a term has no stage." : null;

    private static string? OfProbe(ProbeLine probe)
    {
        var levels = probe.Levels.Count;
        if (probe.Levels.Any(level => level is null)) return "a level has no name.";
        foreach (var (name, values) in new[] { ("classificationGradients", probe.ClassificationGradients), ("boxGradients", probe.BoxGradients), ("cosines", probe.Cosines) })
        {
            if (values.Count != 0 && values.Count != levels) return Length(name, values.Count, levels);
        }

        if (probe.ClassificationGradients.Count != probe.BoxGradients.Count || probe.Cosines.Count != probe.BoxGradients.Count)
            return "classificationGradients, boxGradients and cosines differ in length.";
        if (Lengths("classificationGradients", probe.ClassificationGradients) is { } classification) return classification;
        if (Lengths("boxGradients", probe.BoxGradients) is { } box) return box;
        return probe.Stages.Select(stage => stage is null ? "a stage is null." : OfStage(stage, levels)).FirstOrDefault(complaint => complaint is not null);
    }

    private static string? OfStage(StageProbe stage, int levels)
    {
        var classes = stage.OwnGradients.Count;
        (string Name, int Count, int Expected)[] lengths =
        [
            ("otherGradients", stage.OtherGradients.Count, classes),
            ("positives", stage.Positives.Count, classes * levels),
            ("startOverlaps", stage.StartOverlaps.Count, ProbeLine.Bins),
            ("endOverlaps", stage.EndOverlaps.Count, ProbeLine.Bins),
            ("boxGradients", stage.BoxGradients.Count, ProbeLine.Bins),
            ("boxLosses", stage.BoxLosses.Count, ProbeLine.Bins),
            ("classLogitGradients", stage.ClassLogitGradients.Count, classes * ProbeLine.ClassBins),
            ("classBoxGradients", stage.ClassBoxGradients.Count, classes * ProbeLine.ClassBins),
        ];
        if (lengths.FirstOrDefault(each => each.Count != each.Expected) is { Name: not null } wrong) return Length($"{stage.Stage}.{wrong.Name}", wrong.Count, wrong.Expected);
        foreach (var (name, values) in new[] { ("positives", stage.Positives), ("startOverlaps", stage.StartOverlaps), ("endOverlaps", stage.EndOverlaps) })
        {
            if (Counts($"{stage.Stage}.{name}", values) is { } complaint) return complaint;
        }

        return new[] { ("boxGradients", stage.BoxGradients), ("classLogitGradients", stage.ClassLogitGradients), ("classBoxGradients", stage.ClassBoxGradients), ("ownGradients", stage.OwnGradients), ("otherGradients", stage.OtherGradients) }
            .Select(each => Lengths($"{stage.Stage}.{each.Item1}", each.Item2)).FirstOrDefault(complaint => complaint is not null)
            ?? Counts($"{stage.Stage}.assigned", [stage.Assigned.Foreground, stage.Assigned.Background, stage.Assigned.LeftOut])
            ?? Counts($"{stage.Stage}.sampled", [stage.Sampled.Foreground, stage.Sampled.Background, stage.Sampled.LeftOut]);
    }

    private static string? OfRecall(RecallLine recall)
    {
        var classes = recall.TrainingObjects.Count;
        (string Name, Values<long> Objects, Values<long> Found)[] sides = [("training", recall.TrainingObjects, recall.TrainingFound), ("validation", recall.ValidationObjects, recall.ValidationFound)];
        foreach (var (name, objects, found) in sides)
        {
            if (objects.Count != classes) return Length($"{name}Objects", objects.Count, classes);
            if (found.Count != classes) return Length($"{name}Found", found.Count, classes);
            if (Counts($"{name}Found", found) is { } complaint) return complaint;
            for (var i = 0; i < classes; i++)
            {
                if (found[i] > objects[i]) return $"{name}Found has {found[i]} of {objects[i]} objects of class {i}; no more can be found than there are.";
            }
        }

        return null;
    }

    private static string Length(string name, int count, int expected) => $"{name} has {count} numbers; it must have {expected}.";

    private static string? Counts(string name, Values<long> counts)
        => counts.Any(count => count is < 0 or > int.MaxValue) ? $"{name} has {counts.First(count => count is < 0 or > int.MaxValue)}; a count must be from 0 to {int.MaxValue}." : null;

    private static string? Lengths(string name, Values<double> lengths)
        => lengths.Any(length => length < 0) ? $"{name} has {lengths.First(length => length < 0)}; a length cannot be less than 0." : null;
}
