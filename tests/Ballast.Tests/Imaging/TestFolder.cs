using System.IO.Compression;

namespace Ballast.Tests.Imaging;

/// <summary>A folder of a test's own, gone afterwards, and data sets in it.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ballast-images-{Guid.NewGuid():N}");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, its folders too.</summary>
    public string Put(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Link(string name, string target)
    {
        if (Directory.Exists(target)) Directory.CreateSymbolicLink(this[name], target);
        else File.CreateSymbolicLink(this[name], target);
    }

    public string Zip(string name, params (string Entry, byte[] Content)[] entries)
    {
        using var archive = ZipFile.Open(this[name], ZipArchiveMode.Create);
        foreach (var (entry, content) in entries)
        {
            using var stream = archive.CreateEntry(entry).Open();
            stream.Write(content);
        }

        return this[name];
    }

    /// <summary>A data set of this folder (or of a folder or zip in it) from images with their boxes.</summary>
    public DetectionDataset Dataset(string root, params TestImage[] images)
    {
        var builder = new DatasetBuilder(BoxEncoding.Corners, FlawPolicy.Report);
        foreach (var image in images)
        {
            var index = builder.AddImage(builder.ImageCount + 1, image.File, image.Width, image.Height, image.Part);
            foreach (var (name, marks, x1, y1, x2, y2) in image.Boxes)
            {
                var @class = builder.ClassNames.ToList().IndexOf(name);
                builder.AddBox(index, @class < 0 ? builder.AddClass(name, builder.ClassCount) : @class, x1, y1, x2, y2, marks);
            }
        }

        var path = root.Length == 0 ? Path : this[root];
        return builder.Build("test", new("voc", path, FileTree.OpenTree(path)));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>An image of a test's data set.</summary>
internal sealed record TestImage(string File, int Width = 0, int Height = 0, string? Part = null)
{
    public (string Class, BoxMarks Marks, double X1, double Y1, double X2, double Y2)[] Boxes { get; init; } = [];
}
