namespace Ballast.Benchmarks;

/// <summary>What the stages of a cascade are fed when each stage halves the errors of its boxes, beside the same thresholds without it.</summary>
internal static class CascadeEffect
{
    private static readonly float[] Thresholds = [0.5f, 0.6f, 0.7f];

    public static string Of(MatchedImages images)
    {
        var pairs = images.Assigned.SelectMany(Positives).ToArray();
        var rows = Thresholds.Select((threshold, stage) =>
        {
            var (raw, refined) = (At(pairs, threshold, 0), At(pairs, threshold, stage));
            return new[] { $"{stage + 1} (IoU {MeasuredEffects.Number(threshold)})", MeasuredEffects.Percent(raw.Share), MeasuredEffects.Number(raw.Mean), MeasuredEffects.Percent(refined.Share), MeasuredEffects.Number(refined.Mean) };
        });
        return $"RetinaNet's positive anchors at input side 480 on the first {images.Count} images of {images.Name} stand for proposals, {pairs.Length:#,0} of them. Refined: every stage moves each corner half the "
            + "way to its object.\n\n"
            + MeasuredEffects.Table(["stage", "positive, never refined", "their mean IoU", "positive, refined by the stages before", "their mean IoU"], rows);
    }

    private static (double Share, double Mean) At((Box Anchor, Box Truth)[] pairs, float threshold, int stages)
    {
        var overlaps = pairs.Select(pair => Overlap.IoU(Moved(pair.Anchor, pair.Truth, stages), pair.Truth)).Where(overlap => overlap >= threshold).ToArray();
        return ((double)overlaps.Length / Math.Max(1, pairs.Length), overlaps.DefaultIfEmpty(0).Average());
    }

    private static Box Moved(Box box, Box truth, int stages)
    {
        for (var stage = 0; stage < stages; stage++) box = new((box.X1 + truth.X1) / 2, (box.Y1 + truth.Y1) / 2, (box.X2 + truth.X2) / 2, (box.Y2 + truth.Y2) / 2);
        return box;
    }

    private static IEnumerable<(Box Anchor, Box Truth)> Positives(AnchorScene scene)
    {
        for (var anchor = 0; anchor < scene.Assignment.Count; anchor++)
        {
            var truth = scene.Assignment.Truths[anchor];
            if (truth >= 0) yield return (scene.Anchors[anchor], scene.Truths.Boxes[truth]);
        }
    }
}
