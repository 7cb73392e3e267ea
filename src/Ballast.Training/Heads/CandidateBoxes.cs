using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>The decoded candidates of an image, before the worse of overlapping ones go.</summary>
internal sealed class CandidateBoxes
{
    private readonly BoxArray _boxes = new();
    private readonly List<float> _scores = [];
    private readonly List<int> _classes = [];
    private readonly List<SideDeviations> _deviations = [];

    /// <summary>Appends a candidate, in pixels of the batch.</summary>
    public void Add(Box box, float score, int @class, SideDeviations deviations = default)
    {
        _boxes.Add(box);
        _scores.Add(score);
        _classes.Add(@class);
        _deviations.Add(deviations);
    }

    /// <summary>What stays of them, best first, in pixels of the image as it is.</summary>
    /// <param name="image">The image.</param>
    /// <param name="iou">IoU above which the worse of two boxes of a class goes.</param>
    /// <param name="most">Most detections.</param>
    public Detections Suppressed(BatchImage image, float iou, int most)
    {
        var keep = new List<int>();
        NonMaximumSuppression.Batched(_boxes, CollectionsMarshal.AsSpan(_scores), CollectionsMarshal.AsSpan(_classes), iou, keep);
        var detections = new Detections();
        foreach (var i in keep.Take(most)) detections.Add(image.ToImage(_boxes[i]), _scores[i], _classes[i]);
        return detections;
    }

    /// <summary>What stays of them by voting inside soft suppression, class by class, best first, in pixels of the image as it is.</summary>
    /// <param name="image">The image.</param>
    /// <param name="voting">How boxes vote.</param>
    /// <param name="most">Most detections.</param>
    public Detections Voted(BatchImage image, VarianceVoting voting, int most)
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
