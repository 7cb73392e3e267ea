namespace Ballast;

/// <summary>
/// The names of all measures each finding can give, as the findings themselves give them on a small data set that has everything: so a rule about a measure that a data
/// set does not allow (no boxes, no anchors, no baseline) is told from a misspelt one.
/// </summary>
internal static class MeasureNames
{
    private const int Images = 24;

    private static readonly Lazy<IReadOnlyList<(string Id, IReadOnlyList<string> Measures)>> Names = new(Find);

    /// <summary>Ids of the findings, each with the names of its measures.</summary>
    public static IReadOnlyList<(string Id, IReadOnlyList<string> Measures)> All => Names.Value;

    private static IReadOnlyList<(string Id, IReadOnlyList<string> Measures)> Find()
    {
        var data = Sample();
        var options = new DiagnosisOptions { Remedies = false, CompareImages = false, Workers = 1, Profile = DetectorProfile.RetinaNet with { Input = new() { Short = 64, Long = 64 } } };
        var findings = Diagnosis.Of(data, options with { Baseline = Diagnosis.Summarize(data, options) }).Findings;
        return [.. findings.Select(finding => (finding.Id, (IReadOnlyList<string>)[.. finding.Measures.Select(measure => measure.Name)]))];
    }

    private static DetectionDataset Sample()
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        for (var c = 0; c < 2; c++) builder.AddClass($"class {c}", c);
        for (var image = 0; image < Images; image++)
        {
            builder.AddImage(image, $"{image}.jpg", 64, 64, image % 2 == 0 ? "train" : "val", null);
            for (var c = 0; c < 2; c++) builder.AddBox(image, c, image, 20 * c, 20 + (10 * c), 24, id: builder.BoxCount + 1);
        }

        // No image is looked for, so the folder is never listed.
        return builder.Build("sample", new DatasetSource("coco", "sample", new FolderTree(AppContext.BaseDirectory)));
    }
}
