namespace Ballast;

/// <summary>What to do with malformed input.</summary>
public enum FlawPolicy
{
    /// <summary>Keep the boxes as the file has them and list every flaw.</summary>
    Report,

    /// <summary>Mend what can be mended (swap corners, clip to the image), drop what cannot, and list it. The user's files stay as they are.</summary>
    Repair,

    /// <summary>Stop at the first flaw that is more than a note, with an <see cref="InputException"/>.</summary>
    Strict,
}

/// <summary>How to read a data set.</summary>
public sealed record LoadOptions
{
    /// <summary>What to do with malformed input.</summary>
    public FlawPolicy Flaws { get; init; } = FlawPolicy.Report;

    /// <summary>Format name (coco, voc, yolo, open-images), or null to decide by content.</summary>
    public string? Format { get; init; }

    /// <summary>Only images of this part (train, val, test ...), or null for all.</summary>
    public string? Part { get; init; }

    /// <summary>Further folders to look for images in.</summary>
    public IReadOnlyList<string> ImageFolders { get; init; } = [];

    /// <summary>Whether files outside the data set's folder, its parent and <see cref="ImageFolders"/> may be read.</summary>
    public bool AllowOutside { get; init; }

    /// <summary>Read Pascal VOC corners as 1-based and inclusive (the standard) instead of as they stand.</summary>
    public bool VocOneBased { get; init; }

    /// <summary>Images whose header claims more are refused before decoding, megapixels.</summary>
    public int MaxMegapixels { get; init; } = 250;

    /// <summary>Told the share of the input read so far, in [0, 1].</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Stops reading.</summary>
    public CancellationToken Cancellation { get; init; }
}
