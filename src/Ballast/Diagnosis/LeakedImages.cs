using System.Security.Cryptography;

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
        if (!context.Options.CompareImages || context.Data is not { } data || data.Images.PartNames.Count == 0) return null;
        var (found, candidates) = SameLength(data, context.Options.Cancellation);
        if (found == 0) return null;

        var hashes = new string?[candidates.Length];
        Parallel.For(0, candidates.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, context.Options.Workers), CancellationToken = context.Options.Cancellation }, i => hashes[i] = HashOf(data, candidates[i]));
        int[][] copies = [.. Enumerable.Range(0, candidates.Length).Where(i => hashes[i] is not null)
            .GroupBy(i => hashes[i]!, i => candidates[i], StringComparer.Ordinal)
            .Select(group => group.Order().ToArray())
            .Where(group => group.Select(data.Images.Part).Distinct().Count() > 1)
            .OrderBy(group => group[0])];
        return new(
            copies.Sum(group => group.Length),
            found,
            Phrases.List([.. copies.SelectMany(group => group).Select(data.Images.Part).Distinct().Order().Select(part => NameOf(data, part))]),
            [.. copies.SelectMany(group => group.Skip(1).Select(copy => (Named(data, group[0]), Named(data, copy))))],
            [.. copies.SelectMany(group => group).Take(MostExamples).Select(image => new Example("in more than one part", image, -1, Named(data, image)))]);
    }

    /// <summary>Images whose file is as long as one of another part, ascending: only these are read.</summary>
    private static (int Found, int[] Candidates) SameLength(DetectionDataset data, CancellationToken cancellation)
    {
        var found = 0;
        var byLength = new Dictionary<long, List<int>>();
        for (var image = 0; image < data.Images.Count; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (data.FindImage(image) is not { } place || LengthOf(place) is not { } length) continue;
            found++;
            if (!byLength.TryGetValue(length, out var images)) byLength.Add(length, images = []);
            images.Add(image);
        }

        return (found, [.. byLength.Values.Where(images => images.Select(data.Images.Part).Distinct().Count() > 1).SelectMany(images => images).Order()]);
    }

    /// <summary>Null when the file went away or cannot be read: such an image is not compared.</summary>
    private static long? LengthOf(ImagePlace place)
    {
        try
        {
            return place.Tree.Length(place.Entry);
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? HashOf(DetectionDataset data, int image)
    {
        try
        {
            using var stream = data.OpenImage(image);
            return stream is null ? null : Convert.ToHexString(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Named(DetectionDataset data, int image) => $"{NameOf(data, data.Images.Part(image))}: {data.Images.File(image)}";

    private static string NameOf(DetectionDataset data, int part) => part < 0 ? "(no part)" : data.Images.PartNames[part];
}
