using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>The decoded candidates of an image, before the worse of overlapping ones go.</summary>
/// <param name="coder">How boxes are told from the anchors or regions they refine.</param>
/// <param name="voting">How boxes vote; null for no vote.</param>
/// <param name="logVariances">Which of the numbers behind the deltas is the first of their four variances' logarithms; null when there are none.</param>
internal sealed class CandidateBoxes(BoxCoder coder, VarianceVoting? voting, int? logVariances)
{
    private readonly BoxArray _boxes = new();
    private readonly List<float> _scores = [];
    private readonly List<int> _classes = [];
    private readonly List<SideDeviations> _deviations = [];

    /// <summary>Appends a candidate, decoded and clipped to its image.</summary>
    /// <param name="anchor">The anchor or region, in pixels of the batch.</param>
    /// <param name="predicted">Its four deltas, then what else the box loss asks for.</param>
    /// <param name="score">Its probability.</param>
    /// <param name="class">Its class.</param>
    /// <param name="image">The image.</param>
    /// <param name="minimumSide">Smaller boxes are left out, pixels of the batch.</param>
    public void Add(in Box anchor, ReadOnlySpan<float> predicted, float score, int @class, BatchImage image, float minimumSide = 0)
    {
        var delta = Delta(predicted);
        var box = coder.Decode(anchor, delta).Clip(image.InputWidth, image.InputHeight);
        if (box.Width < minimumSide || box.Height < minimumSide) return;
        _boxes.Add(box);
        _scores.Add(score);
        _classes.Add(@class);
        _deviations.Add(voting is not null && logVariances is { } first ? SideDeviations.Of(coder, anchor, delta, Delta(predicted[(4 + first)..])) : default);
    }

    /// <summary>What stays of them, by voting where boxes vote, best first, in pixels of the image as it is.</summary>
    /// <param name="image">The image.</param>
    /// <param name="iou">Without a vote: IoU above which the worse of two boxes of a class goes.</param>
    /// <param name="most">Most detections.</param>
    public Detections Kept(BatchImage image, float iou, int most) => voting is null ? Suppressed(image, iou, most) : Voted(image, voting, most);

    private static BoxDelta Delta(ReadOnlySpan<float> numbers) => new(numbers[0], numbers[1], numbers[2], numbers[3]);

    private Detections Suppressed(BatchImage image, float iou, int most)
    {
        var keep = new List<int>();
        NonMaximumSuppression.Batched(_boxes, CollectionsMarshal.AsSpan(_scores), CollectionsMarshal.AsSpan(_classes), iou, keep);
        var detections = new Detections();
        foreach (var i in keep.Take(most)) detections.Add(image.ToImage(_boxes[i]), _scores[i], _classes[i]);
        return detections;
    }

    /// <summary>Voting happens inside soft suppression, class by class.</summary>
    private Detections Voted(BatchImage image, VarianceVoting voting, int most)
    {
        var found = new List<(float Score, Box Box, int Class)>();
        foreach (var group in Enumerable.Range(0, _scores.Count).GroupBy(i => _classes[i]))
        {
            var (boxes, members) = (new BoxArray(), group.ToArray());
            foreach (var i in members) boxes.Add(_boxes[i]);
            var (scores, keep, voted) = (members.Select(i => _scores[i]).ToArray(), new List<int>(), new BoxArray());
            voting.Apply(boxes, members.Select(i => _deviations[i]).ToArray(), scores, keep, voted);
            for (var i = 0; i < keep.Count; i++) found.Add((scores[keep[i]], voted[i].Clip(image.InputWidth, image.InputHeight), group.Key));
        }

        var detections = new Detections();
        foreach (var (score, box, @class) in found.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Class).Take(most))
            detections.Add(image.ToImage(box), score, @class);
        return detections;
    }
}
