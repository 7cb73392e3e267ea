namespace Ballast;

/// <summary>One part of a split.</summary>
public sealed record SplitPart
{
    /// <summary>Its name: train, val ...</summary>
    public required string Name { get; init; }

    /// <summary>The share of all objects it was meant to get, in (0, 1).</summary>
    public required double Share { get; init; }

    /// <summary>Files of its images, as the annotations name them, in ordinal order.</summary>
    public required Values<string> Images { get; init; }
}

/// <summary>
/// A data set's images in parts, made where it has none. It is kept with what was trained on it, so that validation stays on images the detector never saw.
/// </summary>
public sealed record DatasetSplit
{
    /// <summary>The seed it was drawn with.</summary>
    public required int Seed { get; init; }

    /// <summary>The parts, in the order they were asked for; no image is in two.</summary>
    public required Values<SplitPart> Parts { get; init; }

    /// <summary>
    /// Divides a data set so that each part has its share of every class' objects, the rarest classes first (iterative stratification, Sechidis et al. 2011, ECML PKDD).
    /// Images of one group (scene, video) stay together, as do images of one file. Who is dealt first is a function of the seed and the image's name alone, so the order
    /// of the annotations does not matter.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="parts">Names and shares, two or more; the shares sum to 1.</param>
    /// <param name="seed">Another seed, another split.</param>
    /// <exception cref="InputException">The shares do not fit, or there are fewer images (or groups of them) than parts.</exception>
    public static DatasetSplit Stratified(DetectionDataset data, IReadOnlyList<(string Name, double Share)> parts, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count < 2 || parts.Any(part => !(part.Share > 0)) || Math.Abs(parts.Sum(part => part.Share) - 1) > 1e-6 || parts.DistinctBy(part => part.Name).Count() != parts.Count)
            throw new InputException($"DatasetSplit: the parts are {string.Join(", ", parts.Select(part => $"{part.Name}={part.Share}"))}; give two or more of different names, with shares above 0 that sum to 1.");
        return new() { Seed = seed, Parts = [.. Stratification.Deal(data, parts, seed)] };
    }

    /// <summary>The images of a part as a data set.</summary>
    /// <param name="data">The data set that was split, or one that holds the same images.</param>
    /// <param name="part">The part's name.</param>
    /// <exception cref="InputException">There is no such part, or images of it are not in the data any more.</exception>
    public DetectionDataset Of(DetectionDataset data, string part)
    {
        ArgumentNullException.ThrowIfNull(data);
        var own = Parts.FirstOrDefault(each => each.Name == part) ?? throw new InputException($"The split has no part '{part}'; its parts are {string.Join(", ", Parts.Select(each => each.Name))}.");
        var files = own.Images.ToHashSet(StringComparer.Ordinal);
        int[] images = [.. Enumerable.Range(0, data.Images.Count).Where(image => files.Contains(data.Images.File(image)))];
        var found = images.Select(data.Images.File).ToHashSet(StringComparer.Ordinal);
        if (found.Count < files.Count)
            throw new InputException($"{files.Count - found.Count:N0} of {files.Count:N0} images of the part '{part}' are not in '{data.Name}' any more, the first '{own.Images.First(file => !found.Contains(file))}'. Give the data set the split was made of.");
        return data.Subset(images, $"{data.Name} ({part})");
    }
}
