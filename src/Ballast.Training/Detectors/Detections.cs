namespace Ballast.Training;

/// <summary>What a detector found in one image, best first.</summary>
public sealed class Detections
{
    /// <summary>[D]: boxes, pixels of the image as it is.</summary>
    public BoxArray Boxes { get; } = new();

    /// <summary>[D]: probabilities, falling.</summary>
    public List<float> Scores { get; } = [];

    /// <summary>[D]: 0..K-1.</summary>
    public List<int> Classes { get; } = [];

    /// <summary>Number of detections, D.</summary>
    public int Count => Scores.Count;

    /// <summary>Appends a detection.</summary>
    public void Add(Box box, float score, int @class)
    {
        Boxes.Add(box);
        Scores.Add(score);
        Classes.Add(@class);
    }
}
