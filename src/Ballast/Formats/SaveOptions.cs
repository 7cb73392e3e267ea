namespace Ballast;

/// <summary>What to do with the images when annotations are written.</summary>
public enum ImageTransfer
{
    /// <summary>Leave them where they are.</summary>
    None,

    /// <summary>Copy the files, byte for byte.</summary>
    Copy,

    /// <summary>Make symbolic links to the files (files in a zip are copied).</summary>
    Link,
}

/// <summary>How to write a data set.</summary>
public sealed record SaveOptions
{
    /// <summary>
    /// What to do with the images; null for what the format needs: YOLO and Open Images hold no sizes, and YOLO's tools find labels through the images,
    /// so there images are copied; COCO and Pascal VOC are written without.
    /// </summary>
    public ImageTransfer? Images { get; init; }

    /// <summary>Write nothing, and throw, when the format cannot hold everything or an image that is to be copied is not found.</summary>
    public bool Strict { get; init; }

    /// <summary>Told the share of the work done so far, in [0, 1].</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Stops writing; nothing is left behind.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>What writing a data set came to.</summary>
/// <param name="Folder">The folder as the person named it.</param>
/// <param name="Format">Name of the format.</param>
/// <param name="Losses">What the format could not hold.</param>
/// <param name="ImagesWritten">Image files copied or linked.</param>
/// <param name="ImagesMissing">Image files that were to be copied or linked and were not found.</param>
/// <param name="Missing">The first of them, as the annotations name them.</param>
/// <param name="Searched">Where they were looked for; empty when none is missing.</param>
public sealed record SaveResult(
    string Folder,
    string Format,
    IReadOnlyList<FormatLoss> Losses,
    int ImagesWritten,
    int ImagesMissing,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Searched);
