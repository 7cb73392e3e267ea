namespace Ballast;

/// <summary>The course of a training, as its telemetry tells it.</summary>
/// <param name="Classes">K class names.</param>
/// <param name="Lines">The telemetry, in order.</param>
public sealed record RunHistory(IReadOnlyList<string> Classes, IReadOnlyList<TelemetryLine> Lines)
{
    /// <summary>Every step.</summary>
    public IReadOnlyList<StepLine> Steps { get; } = [.. Lines.OfType<StepLine>()];

    /// <summary>Every epoch that was measured.</summary>
    public IReadOnlyList<EpochLine> Epochs { get; } = [.. Lines.OfType<EpochLine>()];

    /// <summary>Median time of a step, seconds, the wait for its images included; NaN without a step.</summary>
    public double SecondsPerStep
    {
        get
        {
            var seconds = Steps.Select(step => step.Seconds).Order().ToArray();
            return seconds.Length == 0 ? double.NaN : seconds[seconds.Length / 2];
        }
    }

    /// <summary>Images trained on in a second of steps; NaN without a step.</summary>
    public double ImagesPerSecond => Steps.Sum(step => step.Seconds) is > 0 and var seconds ? Steps.Sum(step => step.Images) / seconds : double.NaN;

    /// <summary>The names of the losses, in the order they are met.</summary>
    public IReadOnlyList<string> Terms => [.. Steps.SelectMany(step => step.Terms).Select(term => term.Name).Distinct()];

    /// <summary>A number of each step as a curve of at most <paramref name="most"/> points, each the mean of as many steps.</summary>
    /// <param name="value">Of a step; NaN where it has none.</param>
    /// <param name="most">1 or more.</param>
    /// <returns>Steps, the last of each mean's, and the means.</returns>
    internal (double[] X, double[] Y) Curve(Func<StepLine, double> value, int most)
    {
        if (Steps.Count == 0) return ([], []);
        var width = (Steps.Count + most - 1) / most;
        var chunks = Steps.Chunk(width).ToArray();
        return ([.. chunks.Select(chunk => (double)chunk[^1].Step)], [.. chunks.Select(chunk => chunk.Select(value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average())]);
    }
}
