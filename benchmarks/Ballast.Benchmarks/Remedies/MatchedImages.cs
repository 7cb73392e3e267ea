namespace Ballast.Benchmarks;

/// <summary>The first images of a data set under RetinaNet's anchors at a small input side, for what is counted over several images.</summary>
internal sealed class MatchedImages
{
    private const int Most = 20;

    private static readonly DetectorProfile Profile = DetectorProfile.RetinaNet with { Input = InputSize.Parse("480x800") };

    private readonly DetectionDataset _data;
    private readonly Lazy<AnchorScene[]> _assigned;

    /// <param name="data">The data set.</param>
    /// <param name="name">What pages call it.</param>
    public MatchedImages(DetectionDataset data, string name)
    {
        (_data, Name) = (data, name);
        Count = Math.Min(Most, data.Images.Count);
        _assigned = new(() => [.. Enumerable.Range(0, Count).Select(image => Scene(image, Profile.Assigner))]);
    }

    /// <summary>What pages call the data set.</summary>
    public string Name { get; }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Each image with its anchors assigned as the profile does it.</summary>
    public IReadOnlyList<AnchorScene> Assigned => _assigned.Value;

    /// <summary>Each image with its anchors assigned otherwise.</summary>
    public IEnumerable<AnchorScene> AssignedBy(Assigner assigner) => Enumerable.Range(0, Count).Select(image => Scene(image, assigner));

    private AnchorScene Scene(int image, Assigner assigner)
    {
        var scene = new AnchorScene(Profile);
        scene.Load(_data, image);
        scene.Assign(assigner);
        return scene;
    }
}
