namespace Ballast.Benchmarks;

/// <summary>The first images of a data set under RetinaNet's anchors at a small input side, for what is counted over several images.</summary>
internal sealed class MatchedImages
{
    private const int Most = 20;

    private readonly DetectionDataset _data;

    public MatchedImages(DetectionDataset data)
    {
        _data = data;
        Scene = new(DetectorProfile.RetinaNet with { Input = InputSize.Parse("480x800") });
        Count = Math.Min(Most, data.Images.Count);
    }

    /// <summary>The scene, which shows one image after another.</summary>
    public AnchorScene Scene { get; }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Shows each image in turn.</summary>
    public void ForEach(Action<AnchorScene> look)
    {
        for (var image = 0; image < Count; image++)
        {
            Scene.Load(_data, image);
            look(Scene);
        }
    }
}
