using System.Globalization;

namespace Ballast;

/// <summary>What the configuration of a YOLO set says: its classes, and where the images of its parts are.</summary>
internal sealed class YoloConfig
{
    private const int MostClasses = 1_000_000;
    private static readonly string[] PartKeys = ["train", "val", "validation", "valid", "test", "minival"];

    private static readonly string[] OtherKeys =
    [
        "path", "names", "nc", "channels", "download", "kpt_shape", "kpt_names", "flip_idx", "colors", "roboflow",
        "classes", "backup", "eval", "results", "yaml_file", "top",
    ];

    /// <summary>The classes with the numbers labels name them by, or null when nothing says how many there are.</summary>
    public List<(long Id, string Name)>? Classes { get; private set; }

    /// <summary>Parts and their folders or lists as the file writes them.</summary>
    public List<(string Part, string Target)> Parts { get; } = [];

    /// <summary>Whether a key always names a part; others do when there is such a folder or list.</summary>
    public static bool IsPartKey(string key) => Array.IndexOf(PartKeys, key) >= 0;

    /// <summary>Whether a key means something else than a part.</summary>
    public static bool IsOtherKey(string key) => Array.IndexOf(OtherKeys, key) >= 0;

    /// <summary>Folder the targets start from, as written; null when the file gives none.</summary>
    public string? Path { get; private set; }

    /// <summary>Folder of the configuration in the tree.</summary>
    public string Folder { get; private init; } = "";

    /// <summary>Columns behind the box that hold keypoints; 0 for none.</summary>
    public int KeypointColumns { get; private set; }

    /// <summary>Reads a <c>data.yaml</c>. Its download key is never run.</summary>
    /// <exception cref="InputException">It is no YAML of the kind.</exception>
    public static YoloConfig ReadYaml(FileTree tree, string path, FlawCollector flaws)
    {
        var yaml = YamlValue.ReadMap(tree, path);
        var config = new YoloConfig { Folder = FolderOf(path), Path = yaml["path"]?.Text is { Length: > 0 } text ? text : null };
        if (yaml["download"] is { Text: not "" and not "null" and not "~" } download)
            flaws.Add(FlawCode.DownloadKey, tree.Display(path), "key 'download'", "", download.Line);
        config.ReadClasses(yaml, tree.Display(path), flaws);
        if (yaml["kpt_shape"]?.Items is [var points, var numbers] && Whole(points) is > 0 and < 1000 and var k && Whole(numbers) is > 0 and < 10 and var d)
            config.KeypointColumns = (int)(k * d);
        foreach (var (key, value) in yaml.Entries!)
        {
            if (IsOtherKey(key) || (!IsPartKey(key) && !LooksLikePath(value))) continue;
            foreach (var target in value.Items ?? [value])
            {
                if (target.Text is { Length: > 0 } name && name is not "null" and not "~") config.Parts.Add((key, name));
            }
        }

        return config;
    }

    /// <summary>Reads darknet's <c>obj.data</c>: lines of key = value.</summary>
    public static YoloConfig ReadData(FileTree tree, string path, Func<string, string?> find, FlawCollector flaws)
    {
        var config = new YoloConfig { Folder = FolderOf(path) };
        var (names, count) = ((string?)null, (long?)null);
        foreach (var (key, value) in DataLines(tree, path))
        {
            if (key == "names") names = value;
            else if (key == "classes" && long.TryParse(value, out var number)) count = number;
            else if (IsPartKey(key)) config.Parts.Add((key, value));
        }

        if (names is not null && find(names) is { } file) config.Classes = ReadNames(tree, file);
        else if (names is not null) flaws.Add(FlawCode.PartMissing, tree.Display(path), $"names = {names}", "the file with the names is not there");
        config.Reconcile(count, tree.Display(path), flaws);
        return config;
    }

    /// <summary>Reads only names: a <c>classes.txt</c> or <c>*.names</c>, a class a line.</summary>
    public static YoloConfig OfNames(FileTree tree, string? path)
        => new() { Folder = path is null ? "" : FolderOf(path), Classes = path is null ? null : ReadNames(tree, path) };

    /// <summary>Key and value of each line of an <c>obj.data</c>.</summary>
    public static IEnumerable<(string Key, string Value)> DataLines(FileTree tree, string path)
    {
        using var reader = new StreamReader(tree.OpenForward(path));
        while (reader.ReadLine() is { } line)
        {
            var equals = line.IndexOf('=');
            if (equals > 0 && !line.TrimStart().StartsWith('#')) yield return (line[..equals].Trim(), line[(equals + 1)..].Trim());
        }
    }

    private static List<(long Id, string Name)> ReadNames(FileTree tree, string path)
    {
        using var reader = new StreamReader(tree.OpenForward(path));
        var names = new List<(long, string)>();
        var blank = 0;
        while (reader.ReadLine() is { } line)
        {
            // Blank lines at the end are no classes; one between others is a class without a name, or the numbers behind it would shift.
            if (line.Trim() is not { Length: > 0 } name)
            {
                blank++;
                continue;
            }

            for (; blank > 0; blank--) names.Add((names.Count, $"class_{names.Count}"));
            names.Add((names.Count, name));
            if (names.Count > MostClasses) throw new InputException($"'{tree.Display(path)}' names more than {MostClasses} classes.");
        }

        return names;
    }

    private void ReadClasses(YamlValue yaml, string file, FlawCollector flaws)
    {
        var names = yaml["names"];
        if (names?.Items is { } items) Classes = [.. items.Select((item, i) => ((long)i, item.Text ?? $"class_{i}"))];
        else if (names?.Entries is { } entries)
            Classes = [.. entries.Select(entry => (ParseId(entry.Key, file, names.Line), entry.Value.Text ?? $"class_{entry.Key}")).OrderBy(c => c.Item1)];
        else if (names?.Text is { Length: > 0 } text and not "null" and not "~")
            throw new InputException($"'{file}' line {names.Line}: names is '{text}', where a list or a map of numbers to names is expected.");
        if (yaml["nc"] is not { } count) return;
        Reconcile(Whole(count) ?? throw new InputException($"'{file}' line {count.Line}: nc is '{count.Text}', where a whole number is expected."), file, flaws);
    }

    /// <summary>The names decide; a number of classes without names gives class_0, class_1 ...</summary>
    private void Reconcile(long? count, string file, FlawCollector flaws)
    {
        if (count is not { } number) return;
        if (number is < 0 or > MostClasses) throw new InputException($"'{file}' claims {number} classes; 0 to {MostClasses} are allowed.");
        if (Classes is null) Classes = [.. Enumerable.Range(0, (int)number).Select(i => ((long)i, $"class_{i}"))];
        else if (Classes.Count != number) flaws.Add(FlawCode.ClassCountMismatch, file, "nc and names", $"{number} and {Classes.Count}");
    }

    private static long ParseId(string key, string file, long line)
        => long.TryParse(key, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) && id >= 0
        ? id
        : throw new InputException($"'{file}' line {line}: names has the key '{key}', where the number of a class is expected.");

    private static long? Whole(YamlValue value)
        => long.TryParse(value.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether the value of an unknown key may be a part a person made up (fold1: images/fold1): folders or lists.</summary>
    private static bool LooksLikePath(YamlValue value)
    {
        return (value.Items ?? [value]) is { Count: > 0 } items && items.All(item => item.Text is { } text && IsPath(text));

        static bool IsPath(string text) => (text.Contains('/') || text.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)) && !text.Contains("://");
    }

    private static string FolderOf(string path) => path[..(path.LastIndexOf('/') + 1)];
}
