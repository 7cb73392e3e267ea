namespace Ballast;

/// <summary>Counts what a format cannot hold of a data set.</summary>
internal static class LossCounter
{
    private static readonly (BoxMarks Mark, string What)[] Marks =
    [
        (BoxMarks.Crowd, "crowd regions"), (BoxMarks.Ignore, "ignore regions"), (BoxMarks.Difficult, "difficult marks"),
        (BoxMarks.Truncated, "truncated marks"),
        (BoxMarks.Occluded, "occluded marks"), (BoxMarks.Depiction, "depiction marks"), (BoxMarks.Inside, "inside marks"),
    ];

    /// <summary>The losses of a format.</summary>
    /// <param name="dataset">What is to be written.</param>
    /// <param name="encoding">How the format writes boxes.</param>
    /// <param name="held">The marks it can hold.</param>
    /// <param name="fate">What becomes of crowd and ignore regions it cannot hold, in words.</param>
    /// <param name="holdsAbsentClasses">Whether it can say that a class is absent from an image.</param>
    public static IReadOnlyList<FormatLoss> Count(DetectionDataset dataset, BoxEncoding encoding, BoxMarks held, string fate, bool holdsAbsentClasses)
    {
        var boxes = dataset.Boxes;
        var marks = new long[Marks.Length];
        var (unknownClass, withoutSize, segmentations, absent) = (0L, 0L, 0L, 0L);
        for (var image = 0; image < dataset.Images.Count; image++)
        {
            var lacksSize = BoxNumbers.LackSize(dataset, image, encoding);
            if (!holdsAbsentClasses) absent += dataset.Images.AbsentClasses(image).Length;
            var (start, end) = boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                if (boxes.Class(box) < 0) unknownClass++;
                if (lacksSize) withoutSize++;
                if (!boxes.Segmentation(box).IsEmpty) segmentations++;
                for (var i = 0; i < marks.Length; i++) marks[i] += (boxes.Marks(box) & ~held & Marks[i].Mark) != 0 ? 1 : 0;
            }
        }

        var losses = Marks.Select((mark, i) => new FormatLoss(i < 2 ? $"{mark.What} ({fate})" : mark.What, marks[i]));
        FormatLoss[] others =
        [
            new("segmentations", segmentations),
            new("boxes of an unknown class (left out)", unknownClass),
            new("boxes on images of unknown size (left out)", withoutSize),
            new("boxes on unknown images (left out)", dataset.UnplacedBoxes), new("classes known to be absent", absent),
        ];
        return [.. losses.Concat(others).Where(loss => loss.Count > 0)];
    }
}
