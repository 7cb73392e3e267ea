namespace Ballast.Cli;

/// <summary>An evaluation with progress on stderr.</summary>
internal static class EvaluationRun
{
    /// <summary>Measures detections.</summary>
    /// <exception cref="InputException">The options do not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static EvaluationSummary Of(DetectionDataset truth, DetectionTable detections, EvaluationSummaryOptions options, Session session)
    {
        using var progress = session.Terminal.Progress($"measuring against {truth.Name}");
        return EvaluationSummary.Of(truth, detections, options with { Progress = progress });
    }
}
