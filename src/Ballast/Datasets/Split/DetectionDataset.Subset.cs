namespace Ballast;

public sealed partial class DetectionDataset
{
    /// <summary>The data set of some of its images and their boxes, classes and flaws as they are. Nothing is read anew.</summary>
    /// <param name="images">Indices of images, ascending, each once.</param>
    /// <param name="name">What it is called; null for the name it has.</param>
    /// <exception cref="InputException">An index is none of an image, or they do not ascend.</exception>
    public DetectionDataset Subset(IReadOnlyList<int> images, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        for (var i = 0; i < images.Count; i++)
        {
            if (images[i] < 0 || images[i] >= Images.Count || (i > 0 && images[i] <= images[i - 1]))
                throw new InputException($"DetectionDataset.Subset: index {images[i]} at place {i}; indices are 0 to {Images.Count - 1} and must ascend, each once.");
        }

        var (boxes, first) = DatasetRows.Boxes(Boxes, images);
        return new(name ?? Name, Source, Classes, new(DatasetRows.Images(Images, images)), new(boxes, first), Flaws, UnplacedBoxes);
    }

    /// <summary>The same data with the classes in another order: as a detector learned them.</summary>
    /// <param name="order">Each class name of the data set once.</param>
    /// <exception cref="InputException">The names are not those of the data set.</exception>
    public DetectionDataset WithClassOrder(IReadOnlyList<string> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (Classes.SequenceEqual(order, StringComparer.Ordinal)) return this;
        int[] from = [.. order.Select(Classes.IndexOf)];
        if (from.Length != Classes.Count || from.Contains(-1) || from.Distinct().Count() != from.Length)
            throw new InputException($"'{Name}' has the classes {Phrases.List([.. Classes])}, which are not {Phrases.List([.. order])}; the names must be the same.");
        var place = new int[from.Length];
        for (var k = 0; k < from.Length; k++) place[from[k]] = k;
        var classes = new ClassTable(
            [.. order], [.. from.Select(Classes.Id)], [.. from.Select(Classes.Supercategory)], from.Any(k => Classes.Code(k) is not null) ? [.. from.Select(Classes.Code)] : null);
        int[] all = [.. Enumerable.Range(0, Images.Count)];
        var (boxes, first) = DatasetRows.Boxes(Boxes, all, place);
        return new(Name, Source, classes, new(DatasetRows.Images(Images, all, place)), new(boxes, first), Flaws, UnplacedBoxes);
    }
}
