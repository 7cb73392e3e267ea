using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// Up to 32 slices of truths and detections that one pass measures side by side: bit a of a word tells whether a truth counts in slice a, and whether a detection that
/// matches nothing counts against it there. COCO's area ranges are such slices; so are pyramid levels, image zones and crowding.
/// </summary>
internal sealed class MatchSlices(string[] names, uint[] truths, uint[] detections)
{
    public IReadOnlyList<string> Names => names;

    public int Count => names.Length;

    /// <summary>A word for each box of the data set.</summary>
    public uint[] Truths => truths;

    /// <summary>A word for each detection.</summary>
    public uint[] Detections => detections;

    /// <summary>The area ranges of the options.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static MatchSlices ByArea(DetectionDataset truth, DetectionTable detections, EvaluationOptions options)
    {
        var truthWords = new uint[truth.Boxes.Count];
        var detectionWords = new uint[detections.Count];
        var ranges = options.AreaRanges.AsSpan().ToArray();
        for (var image = 0; image < truth.Images.Count; image++)
        {
            var scale = AreaScale(truth, image, options.AreaInput);
            var (start, end) = truth.Boxes.Of(image);
            for (var box = start; box < end; box++) truthWords[box] = Word(ranges, AreaOf(truth, image, box) * scale);
            (start, end) = detections.Of(image);
            for (var row = start; row < end; row++) detectionWords[row] = Word(ranges, detections.Width[row] * detections.Height[row] * scale);
        }

        return new([.. options.AreaRanges.Select(range => range.Name)], truthWords, detectionWords);
    }

    /// <summary>The file's area of a truth (of its mask, where it has one), else width x height, square pixels.</summary>
    public static double AreaOf(DetectionDataset truth, int image, int box)
    {
        var area = truth.Boxes.Area(box);
        if (!double.IsNaN(area)) return area;
        var place = ClassTruths.Place(truth, image, box);
        return place.Width * place.Height;
    }

    /// <summary>How much larger areas are after the resize to the input; 1 without one.</summary>
    public static double AreaScale(DetectionDataset truth, int image, InputSize? input)
    {
        if (input is null) return 1;
        if (!truth.Images.HasSize(image))
            throw new InputException($"The size of image {truth.Images.IdText(image)} '{truth.Images.File(image)}' is not known, so areas at input size {input} are not either; pass --images, or measure areas in the image's own pixels.");
        var (width, height) = (truth.Images.Width(image), truth.Images.Height(image));
        var (resizedWidth, resizedHeight) = input.Resize(width, height);
        return (double)resizedWidth / width * ((double)resizedHeight / height);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Word(AreaRange[] ranges, double area)
    {
        var word = 0u;
        for (var a = 0; a < ranges.Length; a++)
        {
            // As pycocotools leaves out: below or above; an area that is no number is inside.
            if (!(area < ranges[a].Low || area > ranges[a].High)) word |= 1u << a;
        }

        return word;
    }
}
