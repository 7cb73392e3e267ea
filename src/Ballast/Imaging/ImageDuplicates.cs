using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ballast;

/// <summary>Images whose files are the same, byte for byte.</summary>
/// <param name="Images">Their indices, ascending; at least two.</param>
/// <param name="Length">Length of each file, bytes.</param>
/// <param name="CrossesParts">Whether they stand in different parts, as a leak from training to validation does.</param>
public sealed record DuplicateImages(IReadOnlyList<int> Images, long Length, bool CrossesParts);

/// <summary>Finds images with identical files: by length first, then by SHA-256 of the files whose length occurs more than once.</summary>
public static class ImageDuplicates
{
    /// <summary>
    /// Groups of identical images, ordered by their first image; images that are not found or not readable are in none. The same for any number of threads.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="progress">Told the share of the work done so far, in [0, 1].</param>
    /// <param name="cancellation">Stops looking.</param>
    /// <exception cref="OperationCanceledException">Looking was stopped.</exception>
    public static IReadOnlyList<DuplicateImages> Find(DetectionDataset data, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var files = new (ImagePlace? Place, long Length)[data.Images.Count];
        _ = data.Locator.Searched;
        var work = new Work(progress, cancellation);
        work.ForEach(files.Length, 0, image => files[image] = Measure(data, image));
        var candidates = Enumerable.Range(0, files.Length)
            .Where(image => files[image].Place is not null)
            .GroupBy(image => files[image].Length)
            .Where(group => group.Skip(1).Any())
            .SelectMany(group => group)
            .ToArray();
        var hashes = new ConcurrentDictionary<int, string>();
        work.ForEach(candidates.Length, 1, i =>
        {
            if (Hash(files[candidates[i]].Place!) is { } hash) hashes[candidates[i]] = hash;
        });
        return [.. hashes.GroupBy(pair => (pair.Value, files[pair.Key].Length), pair => pair.Key)
            .Select(group => (Images: group.Order().ToArray(), group.Key.Length))
            .Where(group => group.Images.Length > 1)
            .OrderBy(group => group.Images[0])
            .Select(group => new DuplicateImages(group.Images, group.Length, group.Images.Any(image => data.Images.Part(image) != data.Images.Part(group.Images[0]))))];
    }

    /// <summary>The groups that cross parts, as flaws of kind <c>leaked-image</c>: one for each image beyond the first.</summary>
    public static FlawList Leaks(DetectionDataset data, IReadOnlyList<DuplicateImages> duplicates)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(duplicates);
        var flaws = new FlawCollector(FlawPolicy.Report);
        foreach (var group in duplicates.Where(group => group.CrossesParts))
        {
            var first = Called(data, group.Images[0]);
            foreach (var image in group.Images.Skip(1))
                flaws.Add(FlawCode.LeakedImage, data.Images.File(image), $"image {data.Images.IdText(image)} {Called(data, image)}", $"the same file as {first}");
        }

        return flaws.ToList();
    }

    private static string Called(DetectionDataset data, int image)
        => data.Images.Part(image) is >= 0 and var part ? $"'{data.Images.File(image)}' in {data.Images.PartNames[part]}" : $"'{data.Images.File(image)}'";

    private static (ImagePlace? Place, long Length) Measure(DetectionDataset data, int image)
    {
        if (data.FindImage(image) is not { } place) return default;
        try
        {
            return (place, place.Tree.Length(place.Entry));
        }
        catch (IOException)
        {
            return default;
        }
    }

    private static string? Hash(ImagePlace place)
    {
        try
        {
            using var stream = place.Open();
            return Convert.ToHexString(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or InputException)
        {
            return null;
        }
    }

    /// <summary>Two rounds over images in parallel, half of the progress each.</summary>
    private sealed class Work(IProgress<double>? progress, CancellationToken cancellation)
    {
        private const double Rounds = 2;

        public void ForEach(int count, int round, Action<int> body)
        {
            var done = 0;
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            {
                body(i);
                progress?.Report((round + (double)Interlocked.Increment(ref done) / count) / Rounds);
            });
        }
    }
}
