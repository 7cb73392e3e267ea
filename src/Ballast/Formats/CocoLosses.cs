namespace Ballast;

/// <summary>What COCO cannot hold of a data set.</summary>
internal static class CocoLosses
{
    public static IReadOnlyList<FormatLoss> Of(DetectionDataset dataset)
    {
        long notFinite = 0, withoutSize = 0, withoutClass = 0;
        var (boxes, images) = (dataset.Boxes, dataset.Images);
        for (var image = 0; image < images.Count; image++)
        {
            var (start, end) = boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                if (boxes.Class(box) < 0) withoutClass++;
                else if (LacksSize(dataset, image)) withoutSize++;
                else if (!IsFinite(dataset, image, box)) notFinite++;
            }
        }

        FormatLoss[] all =
        [
            new("boxes on images that do not exist", dataset.UnplacedBoxes),
            new("boxes of classes that do not exist", withoutClass),
            new("boxes in fractions of images of unknown size", withoutSize),
            new("boxes with a coordinate that is not a number", notFinite),
        ];
        return [.. all.Where(loss => loss.Count > 0)];
    }

    /// <summary>Whether a box can be written at all.</summary>
    public static bool Holds(DetectionDataset dataset, int image, int box)
        => dataset.Boxes.Class(box) >= 0 && !LacksSize(dataset, image) && IsFinite(dataset, image, box);

    private static bool LacksSize(DetectionDataset dataset, int image)
        => dataset.Boxes.Encoding is BoxEncoding.NormalizedCenterSize or BoxEncoding.NormalizedCorners && !dataset.Images.HasSize(image);

    private static bool IsFinite(DetectionDataset dataset, int image, int box)
    {
        if (dataset.Boxes.Encoding != BoxEncoding.CornerSize) return dataset.Corners(image, box).IsFinite;
        var (x, y, width, height) = dataset.Boxes.Numbers(box);
        return double.IsFinite(x) && double.IsFinite(y) && double.IsFinite(width) && double.IsFinite(height);
    }
}
