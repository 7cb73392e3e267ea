namespace Ballast;

public sealed partial class DetectionDataset
{
    /// <summary>The segmentation of a box as its annotation file has it: JSON in UTF-8, polygons or a run-length code; empty when the box has none.</summary>
    /// <exception cref="InputException">The annotation file has changed since it was read, or cannot be read any more.</exception>
    public byte[] ReadSegmentation(int box)
    {
        using var reader = new SegmentationReader(Source);
        return reader.Read(Boxes.Segmentation(box));
    }
}
