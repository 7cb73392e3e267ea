namespace Ballast;

/// <summary>Pictures for the report, cut from the user's images: few, small, and each image opened once.</summary>
/// <param name="Crops">The pictures, in the order the findings name them, the head's first.</param>
/// <param name="Note">What the page says of images that could not be shown, or null when all could.</param>
internal sealed record ReportCrops(IReadOnlyList<ReportCrop> Crops, Fact? Note)
{
    /// <summary>The finding's id under which the head's thumbnails stand.</summary>
    public const string Head = "head";

    private const int MostInGroup = 6;
    private const int MostCrops = 56;
    private const int MostBytes = 400_000;

    /// <summary>An image is decoded at no less than this many times the pixels its pictures have along a side.</summary>
    private const double Headroom = 2;

    /// <summary>Cuts a picture for each example of the findings, and thumbnails of the rarest and the commonest class.</summary>
    /// <param name="data">The data set the examples point into.</param>
    /// <param name="findings">What to show.</param>
    /// <param name="cancellation">Stops the cutting.</param>
    /// <exception cref="OperationCanceledException">The cutting was stopped.</exception>
    public static ReportCrops Make(DetectionDataset data, IReadOnlyList<Finding> findings, CancellationToken cancellation = default)
    {
        var wanted = Choose([.. Thumbnails(data).Select(example => new Wanted(Head, example)), .. findings.SelectMany(finding => finding.Examples.Select(example => new Wanted(finding.Id, example)))]);
        var crops = new ReportCrop?[wanted.Count];
        var (missing, unreadable) = (0, 0);
        foreach (var image in wanted.Select((each, place) => (each.Example, place)).GroupBy(each => each.Example.Image))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var stream = data.OpenImage(image.Key);
                if (stream is null)
                {
                    missing++;
                    continue;
                }

                var decoded = ImageFile.Decode(stream, new() { Name = data.Images.File(image.Key), MaxSide = SideFor(data, image.Key, image.Select(each => each.Example)) });
                foreach (var (example, place) in image) crops[place] = Cut(data, decoded, wanted[place].Finding, example);
            }
            catch (InputException)
            {
                unreadable++;
            }
        }

        return new(WithinBudget(crops), NoteOf(missing, unreadable, wanted.Select(each => each.Example.Image).Distinct().Count()));
    }

    /// <summary>The first of every group, then the second of every group, and so on, until there are enough; in the order they came.</summary>
    private static List<Wanted> Choose(List<Wanted> all)
    {
        var ranks = new Dictionary<(string, string), int>();
        var ranked = new List<(Wanted Wanted, int Rank, int Place)>(all.Count);
        foreach (var wanted in all)
        {
            var group = (wanted.Finding, wanted.Example.Group);
            ranks[group] = ranks.TryGetValue(group, out var rank) ? rank + 1 : 0;
            ranked.Add((wanted, ranks[group], ranked.Count));
        }

        return [.. ranked.Where(each => each.Rank < MostInGroup).OrderBy(each => each.Rank).ThenBy(each => each.Place).Take(MostCrops).OrderBy(each => each.Place).Select(each => each.Wanted)];
    }

    /// <summary>The pictures that fit the budget, later ones of a group given up first.</summary>
    private static List<ReportCrop> WithinBudget(ReportCrop?[] crops)
    {
        var made = crops.OfType<ReportCrop>().ToList();
        while (made.Sum(crop => crop.Uri.Length) > MostBytes)
        {
            var largest = made.GroupBy(crop => (crop.Finding, crop.Group)).MaxBy(group => group.Count())!;
            made.RemoveAt(made.LastIndexOf(largest.Last()));
        }

        return made;
    }

    private static Fact? NoteOf(int missing, int unreadable, int images)
    {
        if (missing + unreadable == 0) return null;
        var said = new List<string>();
        if (missing > 0) said.Add($"{missing} not found");
        if (unreadable > 0) said.Add($"{unreadable} not readable");
        return new("pictures", $"of {images} images wanted for pictures, {string.Join(" and ", said)}; --images names the folder they are in");
    }

    private static IEnumerable<Example> Thumbnails(DetectionDataset data)
    {
        var counts = new long[data.Classes.Count];
        for (var box = 0; box < data.Boxes.Count; box++)
        {
            if (data.Boxes.Class(box) >= 0 && !data.Boxes.IsIgnored(box)) counts[data.Boxes.Class(box)]++;
        }

        var present = Enumerable.Range(0, counts.Length).Where(index => counts[index] > 0).ToArray();
        if (present.Length == 0) yield break;
        var (rarest, commonest) = (present.MinBy(index => counts[index]), present.MaxBy(index => counts[index]));
        foreach (var (image, box) in ClassExamples.OfClass(data, rarest, 1)) yield return new("rarest", image, box, $"{data.Classes[rarest]}, the {(rarest == commonest ? "only" : "rarest")} class: {Counted(counts[rarest])}");
        if (rarest == commonest) yield break;
        foreach (var (image, box) in ClassExamples.OfClass(data, commonest, 1)) yield return new("commonest", image, box, $"{data.Classes[commonest]}, the commonest class: {Counted(counts[commonest])}");
    }

    private static string Counted(long boxes) => $"{boxes:N0} {(boxes == 1 ? "box" : "boxes")}";

    /// <summary>The longer side an image is decoded at: as small as its sharpest picture allows; 0 for its own size, also where the annotations do not give it.</summary>
    internal static int SideFor(DetectionDataset data, int image, IEnumerable<Example> examples)
    {
        if (!data.Images.HasSize(image)) return 0;
        var (width, height) = (data.Images.Width(image), data.Images.Height(image));
        var share = examples.Max(example => CropWindow.Of(data, width, height, example) is { } window ? Headroom * window.Width / window.Source.Width : 0);
        return share is > 0 and < 1 ? (int)Math.Ceiling(Math.Max(width, height) * share) : 0;
    }

    private static ReportCrop? Cut(DetectionDataset data, DecodedImage image, string finding, Example example)
    {
        var (width, height) = (image.Header.Width, image.Header.Height);
        if (CropWindow.Of(data, width, height, example) is not { } window) return null;
        var uri = "data:image/jpeg;base64," + Convert.ToBase64String(window.Draw(image.Pixels, width, height));
        return new(finding, example.Group, example.Caption, uri, window.Width, window.Height);
    }

    private sealed record Wanted(string Finding, Example Example);
}
