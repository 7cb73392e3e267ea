namespace Ballast;

/// <summary>Which files of a tree are the configuration of a YOLO set.</summary>
internal static class YoloFiles
{
    private const int MostBytesSniffed = 1 << 16;

    /// <summary>Names of text files that stand among labels and are none.</summary>
    public static IReadOnlyList<string> NamesLikeLabels { get; } = ["classes.txt", "labels.txt", "train.txt", "val.txt", "valid.txt", "test.txt"];

    public static bool IsYaml(string path)
        => path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file holds class names by its own name.</summary>
    public static bool IsNames(string path)
        => path.EndsWith(".names", StringComparison.OrdinalIgnoreCase)
            || Path.GetFileName(path.AsSpan()).Equals("classes.txt", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file a person named is the way into a YOLO set.</summary>
    public static bool IsEntry(FileTree tree, string file)
    {
        if (IsYaml(file)) return IsDatasetYaml(tree, file);
        if (file.EndsWith(".data", StringComparison.OrdinalIgnoreCase)) return IsData(tree, file);
        return IsNames(file) || (file.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && IsList(tree, file));
    }

    /// <summary>
    /// The configuration of a folder or zip: <c>data.yaml</c> before others, then <c>obj.data</c>, the one nearest to the root; null when there is none.
    /// </summary>
    /// <exception cref="InputException">Several stand side by side.</exception>
    public static string? FindConfiguration(FileTree tree)
        => Nearest(tree, tree.Files.Where(IsYaml).Where(path => IsDatasetYaml(tree, path)), "data.")
            ?? Nearest(tree, tree.Files.Where(path => path.EndsWith(".data", StringComparison.OrdinalIgnoreCase)).Where(path => IsData(tree, path)), "obj.");

    /// <summary>The file with the class names nearest to the root, or null.</summary>
    public static string? FindNames(FileTree tree)
        => tree.Files.Where(IsNames).OrderBy(Depth).ThenBy(path => path, StringComparer.Ordinal).FirstOrDefault();

    private static string? Nearest(FileTree tree, IEnumerable<string> found, string preferred)
    {
        var nearest = found.GroupBy(Depth).OrderBy(level => level.Key).FirstOrDefault()?.ToArray() ?? [];
        var named = Array.FindAll(nearest, path => Path.GetFileName(path).StartsWith(preferred, StringComparison.OrdinalIgnoreCase));
        if (nearest.Length > 1 && named.Length > 0) nearest = named;
        if (nearest.Length > 1)
            throw new InputException($"'{tree.Root}' holds several YOLO sets: {string.Join(", ", nearest.Select(tree.Display))}. Name the one to read.");
        return nearest.Length == 1 ? nearest[0] : null;
    }

    private static int Depth(string path) => path.AsSpan().Count('/');

    /// <summary>Whether a YAML file configures a data set: it names classes, or counts them and says where the images are.</summary>
    private static bool IsDatasetYaml(FileTree tree, string path)
    {
        var keys = Lines(tree, path)
            .Select(line => line.TrimStart('\uFEFF'))
            .Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]))
            .Select(line => line.Split(':')[0].Trim().Trim('"', '\''))
            .ToHashSet();
        if (keys.Contains("names"))
            return keys.Overlaps(["train", "val", "test", "path", "nc"])
                || Path.GetFileNameWithoutExtension(path).Equals("data", StringComparison.OrdinalIgnoreCase);
        return keys.Contains("nc") && keys.Overlaps(["train", "val", "test"]);
    }

    private static bool IsData(FileTree tree, string path)
    {
        var keys = Lines(tree, path).Where(line => line.Contains('=')).Select(line => line.Split('=')[0].Trim()).ToHashSet();
        return keys.Contains("names") && keys.Overlaps(["classes", "train", "valid"]);
    }

    /// <summary>Whether each of the first lines names an image.</summary>
    private static bool IsList(FileTree tree, string path)
    {
        var lines = Lines(tree, path).Select(line => line.Trim()).Where(line => line.Length > 0).Take(3).ToArray();
        return lines.Length > 0 && Array.TrueForAll(lines, line => ImageName.HasImageExtension(line));
    }

    /// <summary>The first lines of a text file; none when it cannot be read, for looking at files never stops a set.</summary>
    private static List<string> Lines(FileTree tree, string path)
    {
        var buffer = new char[MostBytesSniffed];
        try
        {
            using var reader = new StreamReader(tree.OpenForward(path));
            return [.. new string(buffer, 0, reader.ReadBlock(buffer)).Split('\n').Select(line => line.TrimEnd('\r'))];
        }
        catch (Exception e) when (e is InputException or IOException)
        {
            return [];
        }
    }
}
