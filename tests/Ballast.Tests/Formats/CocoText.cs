using System.Text;

namespace Ballast.Tests;

/// <summary>Reads COCO text as a data set through a folder of its own.</summary>
internal sealed class CocoText : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("ballast-coco-").FullName;

    public static readonly string Categories = """[{"id":1,"name":"cat"},{"id":7,"name":"dog","supercategory":"animal"}]""";

    public static readonly string Images = """[{"id":3,"file_name":"a.jpg","width":100,"height":80},{"id":9,"file_name":"b/c.jpg","width":50,"height":60}]""";

    public static string With(string annotations, string? images = null, string? categories = null)
        => $$"""{"images":{{images ?? Images}},"annotations":[{{annotations}}],"categories":{{categories ?? Categories}}}""";

    public string Put(string name, string text) => Put(name, Encoding.UTF8.GetBytes(text));

    public string Put(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public DetectionDataset Read(string text, FlawPolicy policy = FlawPolicy.Report) => ReadFile(Put("instances.json", text), policy);

    public static DetectionDataset ReadFile(string path, FlawPolicy policy = FlawPolicy.Report)
    {
        var tree = FileTree.OpenTree(path);
        var format = new CocoFormat();
        var file = File.Exists(path) && tree is FolderTree ? Path.GetFileName(path) : null;
        var entry = format.Recognize(tree, file);
        Assert.NotNull(entry);
        return format.Read(tree, entry, path, new() { Flaws = policy });
    }

    public void Dispose() => Directory.Delete(Folder, true);
}
