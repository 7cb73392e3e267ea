using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Ballast.Tests.Formats;

/// <summary>A folder of generated annotations, deleted at the end of the test.</summary>
internal sealed class AnnotationFolder : IDisposable
{
    private readonly string _above = Directory.CreateTempSubdirectory("ballast-").FullName;

    public AnnotationFolder() => Directory.CreateDirectory(Root);

    /// <summary>The data set's folder; the folder above it is the test's own too.</summary>
    public string Root => Path.Combine(_above, "set");

    public string this[string path] => Path.Combine(Root, path);

    /// <summary>A new path beside the folder.</summary>
    public string Beside(string name) => Path.Combine(_above, name);

    public AnnotationFolder Add(string path, string text) => Add(path, Encoding.UTF8.GetBytes(text));

    public AnnotationFolder Add(string path, byte[] bytes)
    {
        var full = Path.GetFullPath(this[path]);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return this;
    }

    /// <summary>An image of a size: a PNG's header and no pixels, which is all that reading annotations looks at.</summary>
    public AnnotationFolder AddImage(string path, int width = 100, int height = 50) => Add(path, PngHeader(width, height));

    /// <summary>Packs the folder into a zip beside it, below a top folder when one is named.</summary>
    public string Zip(string top = "")
    {
        var path = Beside($"set{Guid.NewGuid():N}.zip");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
            archive.CreateEntryFromFile(file, top + Path.GetRelativePath(Root, file).Replace('\\', '/'));
        return path;
    }

    public DetectionDataset Load(LoadOptions? options = null) => DetectionDataset.Load(Root, options);

    public static byte[] PngHeader(int width, int height)
    {
        var bytes = new byte[8 + 8 + 13 + 4 + 12];
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]).CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        ((ReadOnlySpan<byte>)[8, 2, 0, 0, 0]).CopyTo(bytes.AsSpan(24));
        "IEND"u8.CopyTo(bytes.AsSpan(37));
        return bytes;
    }

    /// <summary>A file of ../shared, or null when it is not here.</summary>
    public static string? Shared(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Ballast.slnx"))) continue;
            var shared = Path.Combine(folder.FullName, "..", "shared", path);
            return Path.Exists(shared) ? Path.GetFullPath(shared) : null;
        }

        return null;
    }

    public void Dispose() => Directory.Delete(_above, recursive: true);
}
