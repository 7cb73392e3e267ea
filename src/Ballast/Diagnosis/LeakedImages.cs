namespace Ballast;

/// <summary>Images that stand, byte for byte, in more than one part.</summary>
/// <param name="Images">Number of images with a copy in another part.</param>
/// <param name="Compared">Number of images whose file was found.</param>
/// <param name="Where">Which parts share them: "train and val".</param>
/// <param name="Pairs">Files two by two, the first of each group of copies beside each of the others.</param>
/// <param name="Examples">The first few.</param>
internal sealed record LeakedImages(int Images, int Compared, string Where, IReadOnlyList<(string First, string Second)> Pairs, IReadOnlyList<Example> Examples)
{
    private const int MostExamples = 6;

    /// <summary>Looks for them; null when images are not to be compared, none is at hand, or there is one part only.</summary>
    /// <exception cref="OperationCanceledException">The diagnosis was stopped.</exception>
    public static LeakedImages? Of(DiagnosisContext context)
    {
        if (!context.Options.CompareImages || context.Data is not { } data || !HasParts(data)) return null;
        var found = Enumerable.Range(0, data.Images.Count).Count(image => data.FindImage(image) is not null);
        if (found == 0) return null;

        DuplicateImages[] leaks = [.. ImageDuplicates.Find(data, null, context.Options.Cancellation).Where(group => group.CrossesParts)];
        int[] images = [.. leaks.SelectMany(group => group.Images)];
        return new(
            images.Length,
            found,
            Phrases.List([.. images.Select(data.Images.Part).Distinct().Order().Select(part => NameOf(data, part))]),
            [.. leaks.SelectMany(group => group.Images.Skip(1).Select(copy => (Named(data, group.Images[0]), Named(data, copy))))],
            [.. images.Take(MostExamples).Select(image => new Example("in more than one part", image, -1, Named(data, image)))]);
    }

    private static bool HasParts(DetectionDataset data) => Enumerable.Range(0, data.Images.Count).Any(image => data.Images.Part(image) != data.Images.Part(0));

    private static string Named(DetectionDataset data, int image) => $"{NameOf(data, data.Images.Part(image))}: {data.Images.File(image)}";

    private static string NameOf(DetectionDataset data, int part) => part < 0 ? "(no part)" : data.Images.PartNames[part];
}
