namespace Ballast;

/// <summary>What a writer could not put into its format.</summary>
/// <param name="What">What was lost: "crowd marks", "segmentations" ...</param>
/// <param name="Count">How many of them.</param>
public readonly record struct FormatLoss(string What, long Count);

/// <summary>One annotation format: recognises, reads and writes it.</summary>
public abstract class AnnotationFormat
{
    /// <summary>Every format Ballast reads and writes.</summary>
    public static IReadOnlyList<AnnotationFormat> All { get; } = [new CocoFormat(), new PascalVocFormat(), new YoloFormat(), new OpenImagesFormat()];

    /// <summary>The name <c>--format</c> takes: coco, voc, yolo, open-images.</summary>
    public abstract string Name { get; }

    /// <summary>The name people know.</summary>
    public abstract string Title { get; }

    /// <summary>What <see cref="Recognize"/> looks for, for the sentence that says nothing was found.</summary>
    internal virtual string LookedFor => Title;

    /// <summary>
    /// The entry to read (a path in the tree, or "" for the tree as a whole) when the content is of this format, else null. Looks at names first and opens as
    /// little as it needs.
    /// </summary>
    /// <param name="tree">The files.</param>
    /// <param name="file">The one file a person named, or null when they named a folder or zip.</param>
    internal abstract string? Recognize(FileTree tree, string? file);

    /// <summary>Reads a data set.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="entry">What <see cref="Recognize"/> returned.</param>
    /// <param name="path">What the person named, for messages and the data set's name.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="InputException">Nothing of the input can be read, or a flaw under the strict policy.</exception>
    internal abstract DetectionDataset Read(FileTree tree, string entry, string path, LoadOptions options);

    /// <summary>How the names of images must differ for this format to tell them apart.</summary>
    internal virtual NameScope Names => NameScope.Path;

    /// <summary>What to do with the images when a person does not say.</summary>
    internal virtual ImageTransfer DefaultImages => ImageTransfer.None;

    /// <summary>Where in the output folder an image belongs, so that reading finds it beside the annotations.</summary>
    internal virtual string PlaceOf(ImageTable images, int image)
        => images.File(image).StartsWith("images/", StringComparison.Ordinal) ? images.File(image) : $"images/{images.File(image)}";

    /// <summary>
    /// Writes the annotations into a folder that holds nothing but (perhaps) the images, at their places. File names of the data set are safe here: relative,
    /// without "..", different as <see cref="Names"/> says.
    /// </summary>
    /// <returns>What the format could not hold, counted and named.</returns>
    internal abstract IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation);

    /// <summary>What the format cannot hold of this data set; empty when nothing is lost. <see cref="Write"/> loses just that.</summary>
    internal abstract IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset);
}
