namespace Ballast.Benchmarks;

/// <summary>The first images of a data set under RetinaNet's anchors at a small input side, for what is counted over several images.</summary>
internal sealed class MatchedImages
{
    private const int Most = 20;

    private static readonly DetectorProfile Profile = DetectorProfile.RetinaNet with { Input = InputSize.Parse("480x800") };

    private readonly DetectionDataset _data;
    private readonly Lazy<AnchorScene[]> _assigned;

    public MatchedImages(DetectionDataset data)
    {
        _data = data;
        Count = Math.Min(Most, data.Images.Count);
        _assigned = new(() => [.. Enumerable.Range(0, Count).Select(image => Scene(image, Profile.Assigner))]);
    }

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
