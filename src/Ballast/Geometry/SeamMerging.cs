namespace Ballast;

/// <summary>Joins what the slices of an image found: an object in an overlap is found twice, one on a seam in pieces.</summary>
public static class SeamMerging
{
    /// <summary>An edge of a slice that lies inside the image cuts boxes that come this near, pixels.</summary>
    private const float CutPixels = 1;

    /// <summary>
    /// Keeps one box for each object. Boxes that no seam cut come first, best first, then the cut ones; each takes those of its class from other slices that the rule tells
    /// to be the same object. A cut box grows to the hull of the pieces it takes and has the best score among them.
    /// </summary>
    /// <param name="boxes">[N], pixels of the whole image.</param>
    /// <param name="scores">[N].</param>
    /// <param name="classes">[N].</param>
    /// <param name="slices">[N]: the window each was found in.</param>
    /// <param name="windows">The windows, pixels of the image.</param>
    /// <param name="options">The rule.</param>
    /// <returns>Boxes, scores and classes of the objects, best first.</returns>
    public static IReadOnlyList<(Box Box, float Score, int Class)> Merge(
        BoxArray boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> classes, ReadOnlySpan<int> slices, IReadOnlyList<Box> windows, SliceOptions options)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, boxes.Count, nameof(scores));
        ArgumentOutOfRangeException.ThrowIfNotEqual(classes.Length, boxes.Count, nameof(classes));
        ArgumentOutOfRangeException.ThrowIfNotEqual(slices.Length, boxes.Count, nameof(slices));
        var image = Hull(windows);
        var found = new Found[boxes.Count];
        for (var i = 0; i < found.Length; i++) found[i] = new(boxes[i], scores[i], classes[i], slices[i], IsCut(boxes[i], windows[slices[i]], image));
        var order = Order(found, options.Rule);
        var (taken, result) = (new bool[found.Length], new List<(Box, float, int)>());
        for (var k = 0; k < order.Length; k++)
        {
            if (taken[order[k]]) continue;
            var (first, box, score) = (found[order[k]], found[order[k]].Box, found[order[k]].Score);
            for (var other = k + 1; other < order.Length; other++)
            {
                ref readonly var second = ref found[order[other]];
                if (taken[order[other]] || second.Class != first.Class || second.Slice == first.Slice || !IsSame(first, second, windows, options)) continue;
                taken[order[other]] = true;
                score = MathF.Max(score, second.Score);
                if (options.Rule == SeamRule.Smaller && first.IsCut) box = Hull([box, second.Box]);
            }

            result.Add((box, score, first.Class));
        }

        return [.. result.Select((entry, index) => (entry, index)).OrderByDescending(pair => pair.entry.Item2).ThenBy(pair => pair.index).Select(pair => pair.entry)];
    }

    /// <summary>Best first; by the rule of pieces the whole boxes before all cut ones. Ties by index.</summary>
    private static int[] Order(Found[] found, SeamRule rule)
        => [.. Enumerable.Range(0, found.Length).OrderBy(i => rule == SeamRule.Smaller && found[i].IsCut).ThenByDescending(i => found[i].Score).ThenBy(i => i)];

    private static bool IsSame(in Found first, in Found second, IReadOnlyList<Box> windows, SliceOptions options)
    {
        if (options.Rule == SeamRule.Suppress) return Overlap.IoU(first.Box, second.Box) > options.Threshold;
        // Where only one slice could see, a piece of the other cannot be.
        var shared = Common(windows[first.Slice], windows[second.Slice]);
        var (a, b) = (Common(first.Box, shared), Common(second.Box, shared));
        var least = MathF.Min(Area(a), Area(b));
        return least > 0 && Area(Common(a, b)) > options.Threshold * least;
    }

    private static bool IsCut(in Box box, in Box window, in Box image)
        => (window.X1 > image.X1 && box.X1 <= window.X1 + CutPixels) || (window.Y1 > image.Y1 && box.Y1 <= window.Y1 + CutPixels)
            || (window.X2 < image.X2 && box.X2 >= window.X2 - CutPixels) || (window.Y2 < image.Y2 && box.Y2 >= window.Y2 - CutPixels);

    private static Box Common(in Box a, in Box b) => new(MathF.Max(a.X1, b.X1), MathF.Max(a.Y1, b.Y1), MathF.Min(a.X2, b.X2), MathF.Min(a.Y2, b.Y2));

    private static float Area(in Box box) => MathF.Max(0, box.Width) * MathF.Max(0, box.Height);

    private static Box Hull(IReadOnlyList<Box> boxes)
        => boxes.Count == 0 ? default : new(boxes.Min(box => box.X1), boxes.Min(box => box.Y1), boxes.Max(box => box.X2), boxes.Max(box => box.Y2));

    private readonly record struct Found(Box Box, float Score, int Class, int Slice, bool IsCut);
}
