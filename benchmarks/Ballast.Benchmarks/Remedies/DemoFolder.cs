namespace Ballast.Benchmarks;

/// <summary>The demo data set in a folder of its own, drawn from its seed.</summary>
internal sealed class DemoFolder : IDisposable
{
    private const int Images = 60;

    private readonly string _folder;

    private DemoFolder(string folder)
    {
        _folder = folder;
        Data = DetectionDataset.Load(Path.Combine(folder, "shapes"));
    }

    /// <summary>The data set.</summary>
    public DetectionDataset Data { get; }

    /// <summary>Draws it.</summary>
    public static DemoFolder Draw()
    {
        var folder = Directory.CreateTempSubdirectory("ballast-remedies-").FullName;
        DemoDataset.Write(Path.Combine(folder, "shapes"), seed: 1, images: Images);
        return new(folder);
    }

    public void Dispose()
    {
        Data.Source.Tree.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
