namespace Ballast;

/// <summary>Objects of the class finding worth looking at: some of the rarest class, spread over its images, and the most crowded image.</summary>
internal static class ClassExamples
{
    private const int Most = 6;

    public static IReadOnlyList<Example> Of(ClassView view)
    {
        if (view.Context.Data is not { } data || view.Present == 0) return [];
        var rarest = view.Order[view.Present - 1];
        var examples = OfClass(data, rarest, Most).Select(place => new Example($"the rarest class: {view.Name(rarest)}", place.Image, place.Box, data.Images.File(place.Image))).ToList();
        var crowded = Enumerable.Range(0, data.Images.Count).MaxBy(data.Boxes.CountOf);
        if (data.Images.Count > 0 && data.Boxes.CountOf(crowded) > 1)
            examples.Add(new("the most crowded image", crowded, -1, $"{data.Images.File(crowded)}: {Phrases.Count(data.Boxes.CountOf(crowded), "box", "boxes")}"));
        return examples;
    }

    /// <summary>Up to a number of objects of a class, from as many images, spread over the data set.</summary>
    public static IEnumerable<(int Image, int Box)> OfClass(DetectionDataset data, int @class, int most)
    {
        var found = new List<(int Image, int Box)>();
        for (var image = 0; image < data.Images.Count; image++)
        {
            var (start, end) = data.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                if (data.Boxes.Class(box) != @class || data.Boxes.IsIgnored(box) || !data.Corners(image, box).IsValid) continue;
                found.Add((image, box));
                break;
            }
        }

        return Enumerable.Range(0, Math.Min(most, found.Count)).Select(i => found[(int)((long)i * found.Count / Math.Min(most, found.Count))]);
    }
}
