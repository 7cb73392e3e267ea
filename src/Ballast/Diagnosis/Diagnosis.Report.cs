namespace Ballast;

public sealed partial class Diagnosis
{
    private const int FlawsShown = 5;

    /// <summary>Writes the report as one self-contained page: whole, or not at all; of files that exist only a page is replaced.</summary>
    /// <exception cref="InputException">The file cannot be written there, or another kind of file stands there.</exception>
    /// <exception cref="OperationCanceledException">The writing was stopped.</exception>
    public void Save(string path, CancellationToken cancellation = default)
    {
        var crops = _data.Count > 0 ? ReportCrops.Make(_data[0], Findings, cancellation) : new([], null);
        var report = ToReport(crops);
        AtomicFile.Replace(path, "<!doctype html>"u8, "HTML page", stream => ReportPage.Write(report, stream));
    }

    /// <summary>Everything the report's page shows.</summary>
    /// <param name="crops">Crops of the findings' examples.</param>
    internal ReportData ToReport(ReportCrops crops) => new()
    {
        Title = _data.Count > 0 ? string.Join(" · ", _data.Select(data => data.Name)) : "summary",
        Summary = OverallSentence,
        Datasets = [.. _data.Zip(_summaries, Head)],
        Findings = Findings,
        First = [.. First.Select(pair => new RankedAdvice(pair.Finding.Id, pair.Advice))],
        Crops = crops.Crops,
        Method = crops.Note is { } note ? [.. Method(), note] : Method(),
    };

    private static ReportDataset Head(DetectionDataset data, DatasetSummary summary)
    {
        var counts = new DatasetCounts(summary, data);
        return new(
            data.Name,
            data.Source.Path,
            AnnotationFormat.All.FirstOrDefault(format => format.Name == data.Source.Format)?.Title ?? data.Source.Format,
            data.Images.Count,
            counts.Boxes,
            counts.Ignored,
            [.. counts.Classes.Select(each => new ReportClass(each.Name, each.Boxes, each.Images))],
            [.. summary.Slices.Where(slice => slice.Name.Length > 0).Select(slice => Part(slice.Name, slice.Counts))],
            [.. data.Flaws.ByCode.Select(flaw => Flaws(data, flaw.Code, flaw.Count))]);
    }

    private static ReportPart Part(string name, TallySet counts)
        => new(name, (int)counts[DatasetSummary.ImageTally].Total(), counts[ClassForeground.BoxTally].Total() + counts[ClassForeground.UnknownTally].Total());

    private static ReportFlaw Flaws(DetectionDataset data, FlawCode code, long count)
        => new(code.Code, code.Severity.ToString().ToLowerInvariant(), count, code.Meaning, [.. data.Flaws.Listed.Where(flaw => flaw.Code == code).Take(FlawsShown).Select(flaw => flaw.ToString())]);

    private List<Fact> Method() =>
    [
        new("Ballast", typeof(Diagnosis).Assembly.GetName().Version?.ToString(3) ?? ""),
        new("detector", $"{Options.Profile.Name}, input side {Options.Profile.Input}"),
        new("anchors", Options.Anchors ? string.Join("; ", Options.Profile.Anchors.Levels.Select(level => $"{level.Name}: stride {level.Stride}, sizes {string.Join("/", level.Sizes)} px, ratios {string.Join("/", level.Ratios)}")) : "not matched"),
        new("assigner", $"positive from IoU {Options.Profile.Assigner.PositiveIoU}, background under {Options.Profile.Assigner.NegativeIoU}, low-quality rule {Options.Profile.Assigner.LowQuality}"),
        new("intervals", $"95 %, Poisson bootstrap over images (or their groups), {PoissonWeights.Replicates} replicates, seed {Options.Seed}"),
        .. Options.Run is { } run
            ? new Fact[] { new("training run", $"{run.Path}: {Phrases.Count(run.Steps.Count, "step", "steps")}, {Phrases.Count(run.Probes.Count, "look", "looks")} inside a step; verdicts go by the second half, intervals resample the looks") }
            : [],
        .. Verdicts.All.Concat(Options.Run is null ? [] : Verdicts.OfRuns).Select(threshold => new Fact("threshold", threshold.ToString())),
        new("fewest", $"a share is judged on at least {Verdicts.FewestObjects} objects, a data set on at least {Verdicts.FewestImages} images"),
    ];
}
