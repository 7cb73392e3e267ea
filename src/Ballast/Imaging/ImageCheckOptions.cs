namespace Ballast;

/// <summary>How to check the images of a data set.</summary>
public sealed record ImageCheckOptions
{
    /// <summary>Indices of the images to check, or null for all.</summary>
    public IReadOnlyList<int>? Images { get; init; }

    /// <summary>Whether every image is decoded to its end. Without it JPEG and PNG are decoded only when their end mark is not where it should be.</summary>
    public bool Decode { get; init; }

    /// <summary>
    /// What to do with flaws: strict stops with an <see cref="InputException"/> for the first that is more than a note; report and repair both list.
    /// </summary>
    public FlawPolicy Flaws { get; init; } = FlawPolicy.Report;

    /// <summary>Images whose header claims more are flaws and never decoded, megapixels.</summary>
    public int MaxMegapixels { get; init; } = 250;

    /// <summary>Told the share of images checked so far, in [0, 1].</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Stops checking.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>What checking images found. The same for any number of threads.</summary>
/// <param name="Flaws">Flaws of image files, by kind, in the order of the images. When no image was found at all it holds one flaw that says so, not one for
/// each.</param>
/// <param name="Checked">Number of images looked for.</param>
/// <param name="Found">Number of images found.</param>
/// <param name="NothingFound">One sentence with the places searched when no image was found, else null.</param>
public sealed record ImageCheckResult(FlawList Flaws, int Checked, int Found, string? NothingFound);
