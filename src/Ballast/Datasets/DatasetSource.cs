namespace Ballast;

/// <summary>Where a data set was read from.</summary>
/// <param name="Format">The format's name as <c>--format</c> takes it: coco, voc, yolo, open-images.</param>
/// <param name="Path">The file, folder or zip a person named.</param>
/// <param name="Tree">The files beside the annotations, where images are looked for first.</param>
public sealed record DatasetSource(string Format, string Path, FileTree Tree)
{
    /// <summary>Folders a person named for images (<c>--images</c>), searched after the data set's own.</summary>
    public IReadOnlyList<string> ImageFolders { get; init; } = [];

    /// <summary>Whether files outside the data set's folder, its parent and the image folders may be read (<c>--allow-outside</c>).</summary>
    public bool AllowOutside { get; init; }

    /// <summary>Folder of the annotation file in <see cref="Tree"/>, "" for its root: where the names of images start.</summary>
    public string AnnotationFolder { get; init; } = "";

    /// <summary>The annotation files that segmentations stand in, by <see cref="ByteRange.File"/>; empty when there are none.</summary>
    public IReadOnlyList<SegmentationFile> SegmentationFiles { get; init; } = [];
}

/// <summary>An annotation file as it was when it was read; its segmentations are refused later when it has changed.</summary>
/// <param name="Entry">Its path in the tree.</param>
/// <param name="Length">Its length, bytes.</param>
/// <param name="Written">When it was last written, UTC.</param>
public sealed record SegmentationFile(string Entry, long Length, DateTime Written);
