namespace Ballast;

/// <summary>Images of validation with what the detector reports drawn on them: spread over the set, those with the most classes among the truth first.</summary>
/// <param name="Finding">The section they stand in.</param>
/// <param name="Crops">The pictures.</param>
internal sealed record RunPictures(Finding Finding, IReadOnlyList<ReportCrop> Crops)
{
    private const string Id = "detections";
    private const string Group = "what the detector reports, each class from its own threshold; colours are classes";
    private const int Most = 6;
    private const int Side = 420;
    private const int Quality = 80;

    /// <summary>No picture.</summary>
    public static RunPictures None { get; } = new(Section(0, 0), []);

    /// <summary>Draws them; images that cannot be read are passed over.</summary>
    public static RunPictures Of(EvaluationSummary summary, ScoreThresholds? thresholds, CancellationToken cancellation)
    {
        var truth = summary.Truth;
        var counts = new long[truth.Classes.Count];
        foreach (var @class in truth.Boxes.Classes)
        {
            if (@class >= 0) counts[@class]++;
        }

        var painter = new DetectionPainter([.. truth.Classes], counts);
        var crops = new List<ReportCrop>();
        foreach (var image in Chosen(truth))
        {
            cancellation.ThrowIfCancellationRequested();
            if (crops.Count == Most) break;
            if (Draw(summary.Detections, truth, image, painter, thresholds ?? ScoreThresholds.Same(truth.Classes)) is { } crop) crops.Add(crop);
        }

        return new(Section(crops.Count, truth.Images.Count), crops);
    }

    /// <summary>Images by how many classes they show, spread over the set among equals.</summary>
    private static IEnumerable<int> Chosen(DetectionDataset truth)
        => Enumerable.Range(0, truth.Images.Count)
            .Select(image => (Image: image, Classes: Distinct(truth, image), Place: StableHash.Of(1, truth.Images.File(image))))
            .OrderByDescending(each => each.Classes).ThenBy(each => each.Place).Select(each => each.Image);

    private static int Distinct(DetectionDataset truth, int image)
    {
        var (start, end) = truth.Boxes.Of(image);
        return Enumerable.Range(start, end - start).Select(truth.Boxes.Class).Where(@class => @class >= 0).Distinct().Count();
    }

    private static ReportCrop? Draw(DetectionTable table, DetectionDataset truth, int image, DetectionPainter painter, ScoreThresholds thresholds)
    {
        try
        {
            using var stream = truth.OpenImage(image);
            if (stream is null) return null;
            var decoded = ImageFile.Decode(stream, new() { Name = truth.Images.File(image) }).Pixels;
            var (width, height) = Resample.FitSize(decoded.Width, decoded.Height, Side);
            var (scaleX, scaleY) = ((double)width / decoded.Width, (double)height / decoded.Height);
            var (boxes, classes, scores) = (new BoxArray(), new List<int>(), new List<float>());
            var (start, end) = table.Of(image);
            foreach (var row in Enumerable.Range(start, end - start).Where(row => table.Scores[row] >= thresholds.Scores[table.Classes[row]]).OrderByDescending(row => table.Scores[row]))
            {
                var (x, y) = (table.X[row] * scaleX, table.Y[row] * scaleY);
                boxes.Add(new((float)x, (float)y, (float)(x + (table.Width[row] * scaleX)), (float)(y + (table.Height[row] * scaleY))));
                classes.Add(table.Classes[row]);
                scores.Add((float)table.Scores[row]);
            }

            var picture = painter.Paint(Resample.To(decoded, width, height), boxes, classes.ToArray(), scores.ToArray());
            using var jpeg = new MemoryStream();
            ImageFile.Encode(picture, jpeg, ImageCodec.Jpeg, Quality);
            return new(Id, Group, $"{truth.Images.File(image)}: {Phrases.Count(classes.Count, "detection", "detections")}, {Phrases.Count(truth.Boxes.CountOf(image), "object", "objects")}", "data:image/jpeg;base64," + Convert.ToBase64String(jpeg.ToArray()), width, height);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static Finding Section(int pictures, int images) => new()
    {
        Id = Id,
        Family = "detections",
        Subject = "what it finds",
        Verdict = Verdict.CannotTell,
        Headline = $"{Phrases.Count(pictures, "image", "images")} of {images:N0} of validation with the detections drawn in",
        Meaning = "Figures hide what a look shows: boxes that are loose, objects found twice, things taken for others.",
    };
}
