namespace Ballast;

/// <summary>
/// An object-detection data set: classes, images, boxes and what is wrong with the input. Immutable and columnar. It holds annotations only; images are opened
/// when they are needed, through <see cref="Source"/>.
/// </summary>
public sealed partial class DetectionDataset
{
    internal DetectionDataset(string name, DatasetSource source, ClassTable classes, ImageTable images, BoxTable boxes, FlawList flaws, int unplacedBoxes)
    {
        Name = name;
        Source = source;
        Classes = classes;
        Images = images;
        Boxes = boxes;
        Flaws = flaws;
        UnplacedBoxes = unplacedBoxes;
    }

    /// <summary>A short name for people: the file's or folder's.</summary>
    public string Name { get; }

    /// <summary>Where the data set came from: format, path, and where its images are looked for.</summary>
    public DatasetSource Source { get; }

    /// <summary>K class names, with the ids their file gives them.</summary>
    public ClassTable Classes { get; }

    /// <summary>The images.</summary>
    public ImageTable Images { get; }

    /// <summary>The boxes, sorted by image.</summary>
    public BoxTable Boxes { get; }

    /// <summary>Every repair and refusal, with file, id and kind.</summary>
    public FlawList Flaws { get; }

    /// <summary>Boxes of the file that stand on no known image; they are flaws (<c>unknown-image</c>) and not in <see cref="Boxes"/>.</summary>
    public int UnplacedBoxes { get; }

    /// <summary>The same data set with what was found wrong later, such as by <see cref="ImageCheck"/>.</summary>
    /// <param name="more">Flaws to add.</param>
    /// <param name="replaced">Kinds of which only the added ones count, because they were looked for anew; null for none.</param>
    public DetectionDataset WithFlaws(FlawList more, IReadOnlyCollection<FlawCode>? replaced = null)
        => new(Name, Source, Classes, Images, Boxes, Flaws.With(more, replaced ?? []), UnplacedBoxes);

    /// <summary>Corners in pixels of a box of an image.</summary>
    public Corners Corners(int image, int box) => Boxes.Corners(box, Images.Width(image), Images.Height(image));
}
