using CsCheck;

namespace Ballast.Tests.Geometry;

public class NonMaximumSuppressionTests
{
    /// <summary>Coordinates and scores on coarse grids, so that equal scores, equal boxes, exact thresholds and boxes without area occur.</summary>
    private static readonly Gen<(Box Box, float Score, int Group)> Detection = Gen.Select(
        Gen.Int[0, 12], Gen.Int[0, 12], Gen.Int[0, 8], Gen.Int[0, 8], Gen.Int[0, 9], Gen.Int[-1, 2],
        (x, y, w, h, score, group) => (new Box(x, y, x + w, y + h), score == 9 ? float.NaN : score / 8f, group));

    [Fact]
    public void Greedy_suppression_equals_its_plain_twin()
        => Gen.Select(Detection.Array[0, 80], Gen.OneOf(0, 0.25f, 0.5f, 0.7f, 1)).Sample((detections, threshold) =>
        {
            var keep = new List<int>();
            NonMaximumSuppression.Greedy(Boxes(detections), [.. detections.Select(d => d.Score)], threshold, keep);
            Assert.Equal(Plain(detections, threshold, grouped: false), keep);
        });

    [Fact]
    public void Suppression_among_thousands_equals_its_plain_twin()
        => Gen.Select(Gen.Int[0, 400], Gen.Int[0, 400], Gen.OneOf(Gen.Int[0, 30], Gen.Int[0, 400]), Gen.Int[0, 60], Gen.Int[0, 99], (x, y, w, h, score) => (new Box(x, y, x + w, y + h), score / 8f, 0))
            .Array[2500, 3000].Sample(
                detections =>
                {
                    var keep = new List<int>();
                    NonMaximumSuppression.Greedy(Boxes(detections), [.. detections.Select(d => d.Item2)], 0.4f, keep);
                    Assert.Equal(Plain(detections, 0.4f, grouped: false), keep);
                },
                iter: 5);

    [Fact]
    public void Batched_suppression_equals_its_plain_twin()
        => Gen.Select(Detection.Array[0, 80], Gen.OneOf(0, 0.25f, 0.5f, 0.7f, 1)).Sample((detections, threshold) =>
        {
            var keep = new List<int>();
            NonMaximumSuppression.Batched(Boxes(detections), [.. detections.Select(d => d.Score)], [.. detections.Select(d => d.Group)], threshold, keep);
            Assert.Equal(Plain(detections, threshold, grouped: true), keep);
        });

    [Fact]
    public void Equal_scores_keep_the_order_of_their_indices()
    {
        var boxes = Boxes([(new(0, 0, 4, 4), 0, 0), (new(9, 9, 12, 12), 0, 0), (new(0, 0, 4, 4), 0, 0)]);
        var keep = new List<int>();
        NonMaximumSuppression.Greedy(boxes, [0.5f, 0.5f, 0.5f], 0.5f, keep);
        Assert.Equal([0, 1], keep);
    }

    [Fact]
    public void An_overlap_at_the_threshold_stays()
    {
        var boxes = Boxes([(new(0, 0, 3, 1), 0, 0), (new(1, 0, 4, 1), 0, 0)]);
        var keep = new List<int>();
        NonMaximumSuppression.Greedy(boxes, [0.9f, 0.8f], 0.5f, keep);
        Assert.Equal([0, 1], keep);
    }

    [Fact]
    public void Sort_keys_order_scores_downwards_then_indices_upwards()
    {
        (float Score, int Index)[] ordered = [(float.PositiveInfinity, 3), (1, 0), (1, 9), (0, 1), (-0f, 2), (-1e-40f, 0), (-2, 7), (float.NegativeInfinity, 0), (float.NaN, 0), (float.NaN, 5)];
        var keys = ordered.Select(entry => NonMaximumSuppression.Key(entry.Score, entry.Index)).ToArray();
        Assert.Equal(keys.Order(), keys);
        Assert.Equal(ordered.Select(entry => entry.Index), keys.Select(NonMaximumSuppression.Index));
    }

    [Fact]
    public void Only_as_many_detections_stay_as_asked_for()
    {
        var boxes = Boxes([(new(0, 0, 4, 4), 0, 0), (new(9, 9, 12, 12), 0, 0)]);
        var keep = new List<int>();
        NonMaximumSuppression.MultiClass(boxes, [0.9f, 0.01f, 0.2f, 0.95f], 2, new() { Most = 2 }, keep);
        Assert.Equal([3, 0], keep);
    }

    [Fact]
    public void Soft_suppression_lowers_the_specification_example()
    {
        var boxes = Boxes([(new(10, 10, 50, 50), 0, 0), (new(12, 10, 50, 52), 0, 0)]);
        var (scores, keep) = ((float[])[0.9f, 0.8f], new List<int>());
        new SoftSuppression { Decay = SoftDecay.Gaussian, Sigma = 0.5f }.Apply(boxes, scores, keep);
        Assert.Equal([0, 1], keep);
        Assert.Equal(0.154408f, scores[1], 5);
    }

    [Fact]
    public void Soft_suppression_reorders_and_drops_what_falls_too_low()
    {
        var boxes = Boxes([(new(0, 0, 10, 10), 0, 0), (new(0, 0, 10, 9), 0, 0), (new(20, 20, 30, 30), 0, 0), (new(0, 0, 10, 10), 0, 0)]);
        var (scores, keep) = ((float[])[0.9f, 0.8f, 0.3f, 0.7f], new List<int>());
        new SoftSuppression { Decay = SoftDecay.Linear, IoU = 0.3f, MinimumScore = 0.01f }.Apply(boxes, scores, keep);
        Assert.Equal([0, 2, 1], keep);
        Assert.Equal(0.08f, scores[1], 4);
        Assert.Equal(0, scores[3]);
    }

    private static List<int> Plain((Box Box, float Score, int Group)[] detections, float threshold, bool grouped)
    {
        var order = Enumerable.Range(0, detections.Length).OrderBy(i => float.IsNaN(detections[i].Score)).ThenByDescending(i => detections[i].Score).ThenBy(i => i);
        var kept = new List<int>();
        foreach (var i in order)
        {
            var suppressed = kept.Any(other =>
            {
                var inter = Overlap.Intersection(detections[other].Box, detections[i].Box);
                var union = detections[other].Box.Area + detections[i].Box.Area - inter;
                return (!grouped || detections[other].Group == detections[i].Group) && inter > threshold * union;
            });
            if (!suppressed) kept.Add(i);
        }

        return kept;
    }

    private static BoxArray Boxes((Box Box, float Score, int Group)[] detections)
    {
        var boxes = new BoxArray();
        foreach (var detection in detections) boxes.Add(detection.Box);
        return boxes;
    }
}
