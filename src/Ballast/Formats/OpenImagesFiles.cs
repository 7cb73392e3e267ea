using CsvHelper;

namespace Ballast;

/// <summary>What a CSV file of an Open Images set holds.</summary>
internal enum OpenImagesKind
{
    /// <summary>Something else.</summary>
    Other,

    /// <summary>Boxes: ImageID, LabelName, XMin, XMax, YMin, YMax and flags.</summary>
    Boxes,

    /// <summary>Labels of whole images: ImageID, LabelName, Confidence.</summary>
    Labels,

    /// <summary>Images: ImageID and Subset, OriginalURL or Rotation.</summary>
    Images,

    /// <summary>Classes: code and name, without a header.</summary>
    Classes,
}

/// <summary>A CSV file of an Open Images set.</summary>
/// <param name="Path">Its path in the tree.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Part">The part its name tells, or null.</param>
internal sealed record OpenImagesFile(string Path, OpenImagesKind Kind, string? Part)
{
    private const int MostFiles = 256;
    private const int LargestRow = 1 << 20;
    private static readonly char[] Separators = ['-', '_', '.', '/'];

    /// <summary>The CSV files of a set, by what their headers say.</summary>
    public static IReadOnlyList<OpenImagesFile> Find(FileTree tree)
    {
        var files = tree.Files.Where(IsCsv).Take(MostFiles).Select(path => new OpenImagesFile(path, KindOf(tree, path), PartOf(path)));
        return [.. files.Where(file => file.Kind != OpenImagesKind.Other)];
    }

    public static bool IsCsv(string path) => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a file before its first row. A quote that is never closed spoils its line, not the rest of the file.</summary>
    /// <exception cref="InputException">It cannot be opened.</exception>
    public static CsvReader Open(FileTree tree, string path) => CsvReader.Create(
        tree.OpenForward(path),
        new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrimWhitespace = true,
            AllowLineBreaksInQuotes = false,
            TrackLineNumbers = true,
            MaxRecordSize = LargestRow,
            MissingField = CsvMissingFieldHandling.ReturnEmpty,
        },
        leaveOpen: false);

    /// <summary>What the first row says a file holds; <see cref="OpenImagesKind.Other"/> when it cannot be read.</summary>
    public static OpenImagesKind KindOf(FileTree tree, string path)
    {
        try
        {
            using var csv = Open(tree, path);
            return csv.Read() ? KindOf([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)], path) : OpenImagesKind.Other;
        }
        catch (Exception e) when (e is CsvFormatException or InputException or IOException)
        {
            return OpenImagesKind.Other;
        }
    }

    private static OpenImagesKind KindOf(string[] header, string path)
    {
        bool Has(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (!header.Contains(name, StringComparer.OrdinalIgnoreCase)) return false;
            }

            return true;
        }

        if (Has("ImageID", "LabelName", "XMin", "XMax", "YMin", "YMax")) return OpenImagesKind.Boxes;
        if (Has("ImageID", "LabelName")) return Has("Confidence") ? OpenImagesKind.Labels : OpenImagesKind.Other;
        if (Has("ImageID")) return Has("Subset") || Has("OriginalURL") || Has("Rotation") ? OpenImagesKind.Images : OpenImagesKind.Other;
        var isNamedSo = path.Replace('_', '-').Contains("class-descriptions", StringComparison.OrdinalIgnoreCase);
        return header.Length == 2 && (isNamedSo || header[0].StartsWith("/m/", StringComparison.Ordinal)) ? OpenImagesKind.Classes : OpenImagesKind.Other;
    }

    /// <summary>train-annotations-bbox.csv is train; so is oidv6-train-annotations-bbox.csv.</summary>
    private static string? PartOf(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (Array.Find(name.Split(Separators), PartName.IsWord) is { } word) return word;
        var end = Math.Max(name.IndexOf("-annotations-", StringComparison.Ordinal), name.IndexOf("-images-", StringComparison.Ordinal));
        return end > 0 ? name[..end] : PartName.InPath(path);
    }
}
