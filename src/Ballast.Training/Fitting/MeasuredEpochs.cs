namespace Ballast.Training;

/// <summary>What telemetry says of the epochs that were measured.</summary>
/// <param name="lines">The lines of a run.</param>
internal sealed class MeasuredEpochs(IReadOnlyList<TelemetryLine> lines)
{
    /// <summary>Whether there are the measures of the epoch that ended with a step.</summary>
    public bool HasMeasured(long step) => lines.OfType<EpochLine>().Any(line => line.Step == step);

    /// <summary>Whether there is what was found of training and validation objects after a step.</summary>
    public bool HasRecalled(long step) => lines.OfType<RecallLine>().Any(line => line.Step == step);

    /// <summary>Whether an AP is higher than that of every epoch measured so far; of equal ones the first is the best.</summary>
    public bool IsBest(double ap) => lines.OfType<EpochLine>().All(line => double.IsNaN(line.AP) ? !double.IsNaN(ap) : ap > line.AP);
}
