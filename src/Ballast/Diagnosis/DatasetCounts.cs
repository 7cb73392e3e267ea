namespace Ballast;

/// <summary>The counts in the head of everything a person sees.</summary>
public sealed class DatasetCounts
{
    internal DatasetCounts(DatasetSummary summary, DetectionDataset? data)
    {
        Images = summary.Images;
        var (boxes, images) = (summary.Whole[ClassForeground.BoxTally], summary.Whole[ClassForeground.ImageTally]);
        Boxes = boxes.Total() + summary.Whole[ClassForeground.UnknownTally].Total() + (data?.UnplacedBoxes ?? 0);
        Ignored = summary.Whole[ClassForeground.IgnoredTally].Total();
        Classes = [.. summary.Classes.Select((name, i) => (name, boxes[i], images[i]))];
    }

    /// <summary>Number of images.</summary>
    public long Images { get; }

    /// <summary>Objects as the file has them, flawed ones included; crowds and ignore regions are counted apart.</summary>
    public long Boxes { get; }

    /// <summary>Crowds and ignore regions.</summary>
    public long Ignored { get; }

    /// <summary>Objects of each class, and images with the class.</summary>
    public IReadOnlyList<(string Name, long Boxes, long Images)> Classes { get; }
}
