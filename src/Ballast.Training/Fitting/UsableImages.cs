namespace Ballast.Training;

/// <summary>Which images of a data set can be trained on: those that are there and that a codec knows, by their first bytes. Files cut short show only when they are decoded.</summary>
internal static class UsableImages
{
    private const int MostNamed = 3;

    /// <summary>The data set without the images that cannot be used, and a sentence about them; the same data set and null when all can be.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="strict">Whether one image that cannot be used is an error.</param>
    /// <param name="cancellation">Stops looking.</param>
    /// <exception cref="InputException">No image can be used, or one cannot and <paramref name="strict"/> is set.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static (DetectionDataset Data, string? Note) Of(DetectionDataset data, bool strict, CancellationToken cancellation)
    {
        var problems = new string?[data.Images.Count];
        Parallel.For(0, data.Images.Count, new() { CancellationToken = cancellation }, image => problems[image] = ProblemOf(data, image));
        int[] kept = [.. Enumerable.Range(0, problems.Length).Where(image => problems[image] is null)];
        if (kept.Length == problems.Length) return (data, null);
        string[] named = [.. problems.OfType<string>()];
        if (kept.Length == 0 && problems.Length > 0)
            throw new InputException($"None of the {Phrases.Count(problems.Length, "image", "images")} of '{data.Name}' can be used: {named[0]}. Name the folder of the images with --images DIR.");
        var some = $"{string.Join("; ", named.Take(MostNamed))}{(named.Length > MostNamed ? $"; and {named.Length - MostNamed:N0} more" : "")}";
        if (strict) throw new InputException($"{Phrases.Count(named.Length, "image", "images")} of '{data.Name}' cannot be used: {some}. Mend {(named.Length == 1 ? "it" : "them")}, or leave --strict out to skip {(named.Length == 1 ? "it" : "them")}.");
        return (data.Subset(kept), $"{data.Name}: {Phrases.Count(named.Length, "image is", "images are")} left out: {some}");
    }

    private static string? ProblemOf(DetectionDataset data, int image)
    {
        try
        {
            using var stream = data.OpenImage(image);
            if (stream is null) return $"'{data.Images.File(image)}' was not found";
            return ImageFile.TryProbe(stream) is null ? $"'{data.Images.File(image)}' is no image that can be decoded" : null;
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return e is InputException ? e.Message.TrimEnd('.') : $"'{data.Images.File(image)}' cannot be read: {e.Message.TrimEnd('.')}";
        }
    }
}
