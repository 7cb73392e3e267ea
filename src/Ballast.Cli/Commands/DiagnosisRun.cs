namespace Ballast.Cli;

/// <summary>A diagnosis with progress on stderr.</summary>
internal static class DiagnosisRun
{
    /// <summary>Diagnoses the first data set and draws the others over it.</summary>
    /// <exception cref="InputException">The options do not fit the data.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Diagnosis Of(IReadOnlyList<DetectionDataset> data, DiagnosisOptions options, Session session)
    {
        using var progress = session.Terminal.Progress($"diagnosing {data[0].Name}");
        return Diagnosis.Of(data, options with { Progress = progress });
    }
}
