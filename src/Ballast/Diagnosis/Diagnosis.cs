namespace Ballast;

/// <summary>
/// A verdict on a data set: every imbalance of object detection that annotations can show, measured with intervals, judged, and with computed remedies.
/// </summary>
public sealed partial class Diagnosis
{
    private readonly IReadOnlyList<DetectionDataset> _data;
    private readonly IReadOnlyList<DatasetSummary> _summaries;

    private Diagnosis(IReadOnlyList<DetectionDataset> data, IReadOnlyList<DatasetSummary> summaries, DiagnosisOptions options, IReadOnlyList<Finding> findings)
    {
        _data = data;
        _summaries = summaries;
        Options = options;
        Findings = findings;
    }

    /// <summary>The findings in the article's order; what lies outside it ("data") last.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The counts everything was concluded from.</summary>
    public DatasetSummary Summary => _summaries[0];

    /// <summary>How it was made.</summary>
    public DiagnosisOptions Options { get; }

    /// <summary>The findings' diagnostics, in the article's order.</summary>
    internal static IReadOnlyList<Diagnostic> Diagnostics { get; } =
    [
        new ClassForeground(),
        new ClassBackground(),
        new ScaleBox(),
        new ScaleLevel(),
        new IoUDistribution(),
        new Location(),
        new RegressionLoss(),
        new Objective(),
        new DataFinding(),
    ];

    /// <summary>Diagnoses a data set for a detector.</summary>
    /// <exception cref="OperationCanceledException">The diagnosis was stopped.</exception>
    public static Diagnosis Of(DetectionDataset data, DetectorProfile profile) => Of(data, new DiagnosisOptions { Profile = profile });

    /// <summary>Diagnoses a data set.</summary>
    /// <exception cref="InputException">The options do not fit the data: a baseline of other classes, slices by groups that are not there.</exception>
    /// <exception cref="OperationCanceledException">The diagnosis was stopped.</exception>
    public static Diagnosis Of(DetectionDataset data, DiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Of([data], options);
    }

    /// <summary>Diagnoses the first data set and draws the others over it.</summary>
    /// <exception cref="InputException">No data set, or the options do not fit the data.</exception>
    /// <exception cref="OperationCanceledException">The diagnosis was stopped.</exception>
    public static Diagnosis Of(IReadOnlyList<DetectionDataset> data, DiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0) throw new InputException("There is no data set to diagnose. Give at least one.");
        options ??= new();
        var summaries = data.Select(each => Summarize(each, options)).ToArray();
        var overlays = data.Zip(summaries).Skip(1).Select(pair => new Overlay(pair.First.Name, pair.Second.Classes, pair.Second.Whole)).ToList();
        if (options.By != SliceBy.None) overlays.AddRange(SlicesOf(summaries[0]));
        var context = new DiagnosisContext(summaries[0], options, data[0]) { Overlays = overlays };
        return new(data, summaries, options, Conclude(context));
    }

    /// <summary>Concludes from counts alone, such as the sum of shards: the same verdicts, without examples and remedies that need the data.</summary>
    public static Diagnosis Of(DatasetSummary summary, DiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        options ??= new();
        return new([], [summary], options, Conclude(new(summary, options, null)));
    }

    /// <summary>Only counts: what a shard makes and <c>--save</c> keeps.</summary>
    /// <exception cref="OperationCanceledException">The counting was stopped.</exception>
    public static DatasetSummary Summarize(DetectionDataset data, DiagnosisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        return Census.Count(data, options, options.By == SliceBy.Group ? Slicing.ByGroup(data) : Slicing.ByPart(data));
    }

    private static IEnumerable<Overlay> SlicesOf(DatasetSummary summary)
        => summary.Slices.Where(slice => slice.Counts[DatasetSummary.ImageTally].Total() > 0)
            .Select(slice => new Overlay(slice.Name.Length > 0 ? slice.Name : "(none)", summary.Classes, slice.Counts));

    /// <summary>What a run shows stands between the labels' findings and what lies outside the article.</summary>
    private static IEnumerable<Diagnostic> DiagnosticsFor(DiagnosisOptions options)
        => options.Run is null ? Diagnostics : [.. Diagnostics.SkipLast(1), .. RunDiagnostic.All, Diagnostics[^1]];

    private static List<Finding> Conclude(DiagnosisContext context)
    {
        var findings = new List<Finding>(Diagnostics.Count);
        context.Options.Run?.CheckClasses(context.Classes.Count);
        foreach (var diagnostic in DiagnosticsFor(context.Options))
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            var finding = diagnostic.Conclude(context);
            findings.Add(finding with { Measures = [.. finding.Measures.Select(MeasureWords.Say)] });
        }

        return findings;
    }
}
