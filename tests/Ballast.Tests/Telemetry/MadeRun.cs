namespace Ballast.Tests.Telemetry;

/// <summary>A run made of lines, in a folder of its own.</summary>
internal sealed class MadeRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-run-");

    public string Folder => _folder.FullName;

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Writes the lines as a run has them, and reads them back.</summary>
    public RunTelemetry With(params IEnumerable<TelemetryLine> lines)
    {
        using (var writer = new TelemetryWriter(At("telemetry.jsonl")))
        {
            foreach (var line in lines) writer.Write(line);
        }

        return RunTelemetry.Read(Folder);
    }

    /// <summary>Writes text in the place of telemetry.</summary>
    public void WithText(string text) => File.WriteAllText(At("telemetry.jsonl"), text);

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Counts over <see cref="ProbeLine.Bins"/> bins, 0 but for those given.</summary>
    public static Values<long> At(params (int Bin, long Count)[] counts)
    {
        var bins = new long[ProbeLine.Bins];
        foreach (var (bin, count) in counts) bins[bin] = count;
        return [.. bins];
    }

    /// <summary>Lengths over <see cref="ProbeLine.Bins"/> bins, 0 but for those given.</summary>
    public static Values<double> LengthsAt(params (int Bin, double Length)[] lengths)
    {
        var bins = new double[ProbeLine.Bins];
        foreach (var (bin, length) in lengths) bins[bin] = length;
        return [.. bins];
    }

    /// <summary>A stage that saw nothing.</summary>
    public static StageProbe Stage(string name, int classes, int levels) => new()
    {
        Stage = name,
        Assigned = new(0, 0, 0),
        Sampled = new(0, 0, 0),
        Positives = [.. new long[classes * levels]],
        StartOverlaps = At(),
        EndOverlaps = At(),
        BoxGradients = LengthsAt(),
        BoxLosses = LengthsAt(),
        ClassLogitGradients = [.. new double[classes * ProbeLine.ClassBins]],
        ClassBoxGradients = [.. new double[classes * ProbeLine.ClassBins]],
        OwnGradients = [.. new double[classes]],
        OtherGradients = [.. new double[classes]],
    };

    /// <summary>Looks at three levels, one every fifty steps, with the given lengths of gradients on each and whatever the stages are.</summary>
    public static IEnumerable<ProbeLine> Looks(double[] classification, double[] box, double cosine = 0, int count = 20, params StageProbe[] stages)
        => Enumerable.Range(1, count).Select(i => new ProbeLine
        {
            Step = 50 * i,
            Levels = ["P3", "P4", "P5"],
            ClassificationGradients = [.. classification.Select((length, level) => length * Wobble(i + level))],
            BoxGradients = [.. box.Select((length, level) => length * Wobble(i + level + 2))],
            Cosines = [.. classification.Select(_ => cosine)],
            Stages = [.. stages],
            Seconds = 0.1,
        });

    /// <summary>Steps whose losses fall, the box loss half as fast.</summary>
    public static IEnumerable<StepLine> Steps(int count = 1000) => Enumerable.Range(1, count).Select(step => new StepLine
    {
        Step = step,
        Loss = 2,
        Terms = [new("head", false, Math.Exp(-3.0 * step / count), 1), new("head", true, Math.Exp(-1.5 * step / count), 2)],
        Rate = 0.01,
        GradientNorm = 1,
        Seconds = 0.2,
        Images = 4,
    });

    /// <summary>Recall after three epochs.</summary>
    public static IEnumerable<RecallLine> Recalls(long[] objects, long[] found, long[] validationObjects, long[] validationFound)
        => Enumerable.Range(1, 3).Select(epoch => new RecallLine
        {
            Step = 300 * epoch,
            Epoch = epoch,
            Overlap = 0.5,
            TrainingObjects = [.. objects],
            TrainingFound = [.. found],
            ValidationObjects = [.. validationObjects],
            ValidationFound = [.. validationFound],
            Seconds = 1,
        });

    private static double Wobble(int i) => 1 + (0.1 * Math.Sin(i));
}
