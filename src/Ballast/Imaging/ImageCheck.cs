namespace Ballast;

/// <summary>
/// Checks the image files of a data set: found, readable, whole, of the annotated size, turned by EXIF, very large or very small. Reads headers and ends of
/// files only, unless a full decode is asked for or an end is missing. No file is ever changed.
/// </summary>
public static class ImageCheck
{
    private const int Chunk = 32;
    private const int FewImages = 2048;
    private const int SampleImages = 256;

    /// <summary>The kinds of flaws that this check decides about.</summary>
    public static IReadOnlyList<FlawCode> Codes { get; } =
    [
        FlawCode.ImageMissing, FlawCode.ImageUnreadable, FlawCode.ImageTruncated, FlawCode.ImageTooLarge, FlawCode.ImageSizeMismatch, FlawCode.ImageRotated, FlawCode.ImageTiny,
    ];

    /// <summary>Checks images, in parallel.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="options">What to check, or null for the defaults.</param>
    /// <exception cref="InputException">A flaw under the strict policy, or a folder that was named for images does not exist.</exception>
    /// <exception cref="OperationCanceledException">Checking was stopped.</exception>
    public static ImageCheckResult Run(DetectionDataset data, ImageCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        if (options.Images is null && data.Images.Count > FewImages && NoneOfSample(data, options) is { } none) return none;
        var images = options.Images ?? [.. Enumerable.Range(0, data.Images.Count)];
        var count = images.Count;
        var flaws = new FlawCollector(FlawPolicy.Report);
        var found = 0;
        var missing = new FlawCollector(FlawPolicy.Report);
        foreach (var part in CheckChunks(data, images, options))
        {
            flaws.Add(part.Flaws);
            missing.Add(part.Missing);
            found += part.Found;
        }

        var nothing = found == 0 && count > 0 && missing.ToList().Count > 0 ? Nothing(data, images) : null;
        if (nothing is null) flaws.Add(missing);
        else flaws.Add(FlawCode.ImageMissing, data.Source.Path, $"{count:N0} images", nothing);
        var list = flaws.ToList();
        if (options.Flaws == FlawPolicy.Strict && list.Listed.FirstOrDefault(flaw => flaw.Code.Severity != FlawSeverity.Note) is { } first)
            throw new InputException($"{first} Fix the file, or read without --strict.");
        return new(list, count, found, nothing);
    }

    /// <summary>
    /// When none of a few hundred images spread over a large set is found, the others are not looked for: annotations often come without their images.
    /// </summary>
    private static ImageCheckResult? NoneOfSample(DetectionDataset data, ImageCheckOptions options)
    {
        var sample = Enumerable.Range(0, SampleImages).Select(i => (int)((long)i * data.Images.Count / SampleImages)).ToArray();
        var result = Run(data, options with { Images = sample, Progress = null, Flaws = FlawPolicy.Report });
        return result.NothingFound is null ? null : result;
    }

    private static ImageChecker[] CheckChunks(DetectionDataset data, IReadOnlyList<int> images, ImageCheckOptions options)
    {
        var count = images.Count;
        var parts = new ImageChecker[(count + Chunk - 1) / Chunk];
        var done = 0;
        var parallel = new ParallelOptions { CancellationToken = options.Cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        _ = data.Locator.Searched;
        Parallel.For(0, parts.Length, parallel, part =>
        {
            var checker = parts[part] = new(data, options);
            for (var i = part * Chunk; i < Math.Min(count, (part + 1) * Chunk); i++)
            {
                options.Cancellation.ThrowIfCancellationRequested();
                checker.Check(images[i]);
                options.Progress?.Report((double)Interlocked.Increment(ref done) / count);
            }
        });
        return parts;
    }

    /// <summary>One sentence for images none of which was found.</summary>
    internal static string Nothing(DetectionDataset data, IReadOnlyList<int> images)
        => (images.Count == 1
            ? $"The one image looked for, '{data.Images.File(images[0])}', was not found. "
            : $"None of the {images.Count:N0} images looked for was found, such as '{data.Images.File(images[0])}'. ")
            + $"Searched: {string.Join(", ", data.Locator.Searched)}. Name their folder with --images DIR.";
}
