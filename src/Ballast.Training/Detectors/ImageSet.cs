namespace Ballast.Training;

/// <summary>Images to look at: one file, those in a folder, or those of a data set, whose ids and classes results then go by.</summary>
public sealed class ImageSet : IDisposable
{
    private readonly FileTree _tree;
    private readonly IReadOnlyList<string> _files;
    private readonly DetectionDataset? _data;

    private ImageSet(FileTree tree, IReadOnlyList<string> files, DetectionDataset? data, string what) => (_tree, _files, _data, What) = (tree, files, data, what);

    /// <summary>Number of images.</summary>
    public int Count => _files.Count;

    /// <summary>What it was taken for, for people.</summary>
    public string What { get; }

    /// <summary>Opens what a person named; its content decides what it is.</summary>
    /// <param name="path">An image, a folder of images or a .zip of them, or an annotation file.</param>
    /// <param name="options">How to read a data set.</param>
    /// <exception cref="InputException">There is no image in it.</exception>
    public static ImageSet Open(string path, LoadOptions? options = null)
    {
        if (Directory.Exists(path)) return OfTree(new FolderTree(path), path, options);
        if (!File.Exists(path)) throw new InputException($"'{path}' does not exist. Give an image, a folder of images, or an annotation file.");
        if (Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase)) return OfTree(FileTree.OpenTree(path), path, options);
        using (var stream = File.OpenRead(path))
        {
            if (ImageFile.TryProbe(stream) is not null) return new(new FolderTree(Path.GetDirectoryName(Path.GetFullPath(path))!), [Path.GetFileName(path)], null, $"{path}: an image");
        }

        return OfData(DetectionDataset.Load(path, options), path);
    }

    /// <summary>The images of a data set.</summary>
    /// <param name="data">Is disposed of with the set.</param>
    public static ImageSet Of(DetectionDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return OfData(data, data.Name);
    }

    /// <summary>The file name of an image, from the set's folder.</summary>
    public string NameOf(int image) => _files[image];

    /// <summary>The image's id in its data set; null when results name it by its file.</summary>
    public object? Id(int image) => _data is null ? null : _data.Images.TextId(image) as object ?? _data.Images.Id(image);

    /// <summary>The id of a class in the data set; null when it has no class of the name.</summary>
    public long? ClassId(string name) => _data is not null && _data.Classes.IndexOf(name) is >= 0 and var index ? _data.Classes.Id(index) : null;

    /// <summary>Whether results are named by a data set's ids.</summary>
    public bool HasIds => _data is not null;

    /// <summary>What sentences call an image.</summary>
    public string Display(int image) => _data is null ? _tree.Display(_files[image]) : _files[image];

    /// <summary>Opens an image. Safe to call from several threads.</summary>
    /// <exception cref="InputException">It is not there, or cannot be read.</exception>
    public Stream Open(int image)
        => _data is null ? _tree.Open(_files[image]) : _data.OpenImage(image) ?? throw new InputException($"'{_files[image]}' was not found. Name its folder with --images DIR.");

    /// <summary>The folder of the images where it is one on disk; null in a zip.</summary>
    internal string? Folder => (_tree as FolderTree)?.FullPath;

    /// <inheritdoc/>
    public void Dispose() => _tree.Dispose();

    private static ImageSet OfData(DetectionDataset data, string path)
        => new(data.Source.Tree, [.. Enumerable.Range(0, data.Images.Count).Select(data.Images.File)], data, $"{path}: a data set of {data.Images.Count:N0} images");

    private static ImageSet OfTree(FileTree tree, string path, LoadOptions? options)
    {
        string[] files = [.. tree.Files.Where(file => ImageName.HasImageExtension(file))];
        if (files.Length > 0) return new(tree, files, null, $"{path}: {files.Length:N0} {(files.Length == 1 ? "image" : "images")}");
        tree.Dispose();
        try
        {
            return OfData(DetectionDataset.Load(path, options), path);
        }
        catch (InputException e)
        {
            throw new InputException($"'{path}' holds no image ({string.Join(", ", ImageName.Extensions)}) and no data set.", e);
        }
    }
}
