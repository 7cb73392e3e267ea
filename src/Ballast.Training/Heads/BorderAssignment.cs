namespace Ballast.Training;

/// <summary>
/// Assigns only the candidates that do not reach over the edge of their image by more than a border, so that an object's best candidate is one of them
/// (mmdetection's allowed_border; the rule of the RPN paper is a border of 0).
/// </summary>
/// <param name="pixels">The border; right and bottom edges must stay under it.</param>
internal sealed class BorderAssignment(float pixels)
{
    private readonly Assignment _inside = new();

    /// <summary>Assigns; candidates outside are left out.</summary>
    public void Assign(Assigner assigner, AnchorSet anchors, BatchImage image, Assignment result)
    {
        var (boxes, places, counts) = (new BoxArray(), new List<int>(), new int[anchors.LevelCounts.Count]);
        for (int level = 0, i = 0; level < counts.Length; level++)
        {
            for (var end = i + anchors.LevelCounts[level]; i < end; i++)
            {
                var box = anchors.Boxes[i];
                if (!(box.X1 >= -pixels && box.Y1 >= -pixels && box.X2 < image.InputWidth + pixels && box.Y2 < image.InputHeight + pixels)) continue;
                boxes.Add(box);
                places.Add(i);
                counts[level]++;
            }
        }

        assigner.Assign(AnchorSet.Of(boxes, counts), image.Truths, _inside);
        result.Reset(anchors.Count, Assignment.Ignored);
        for (var i = 0; i < places.Count; i++) (result.Truths[places[i]], result.Overlaps[places[i]]) = (_inside.Truths[i], _inside.Overlaps[i]);
    }
}
