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

    /// <summary>The annotation file segmentations point into, or null.</summary>
    public string? SegmentationFile { get; init; }

    /// <summary>Length of the annotation file when it was read; a segmentation is refused later when the file has changed.</summary>
    public long SegmentationFileLength { get; init; }

    /// <summary>Last write time of the annotation file when it was read, ticks UTC.</summary>
    public long SegmentationFileTicks { get; init; }
}
