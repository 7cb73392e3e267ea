namespace Ballast;

/// <summary>Decides by content which format a data set has.</summary>
internal static class FormatDetection
{
    private const int MostShown = 8;

    /// <summary>The format of a data set and the entry to read.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="file">The one file a person named, or null.</param>
    /// <param name="path">What the person named, for messages.</param>
    /// <param name="name">The format a person forces, or null.</param>
    /// <exception cref="InputException">No format or more than one fits, or the name is unknown.</exception>
    public static (AnnotationFormat Format, string Entry) Find(FileTree tree, string? file, string path, string? name)
    {
        if (name is not null)
        {
            var forced = ByName(name);
            if (forced.Recognize(tree, file) is { } recognized) return (forced, recognized);
            throw new InputException($"'{path}' is not {forced.Title}: looked for {forced.LookedFor}; {Found(tree, file)}.");
        }

        var fitting = new List<(AnnotationFormat Format, string Entry)>();
        foreach (var format in AnnotationFormat.All)
        {
            if (format.Recognize(tree, file) is { } entry) fitting.Add((format, entry));
        }

        if (fitting.Count == 1) return fitting[0];
        if (fitting.Count > 1)
        {
            var titles = fitting.Select(fit => fit.Entry.Length > 0 ? $"{fit.Format.Title} ('{tree.Display(fit.Entry)}')" : fit.Format.Title);
            var names = string.Join(" or ", fitting.Select(fit => fit.Format.Name));
            throw new InputException(
                $"'{path}' can be read as {string.Join(" and as ", titles)}. Say which with --format {names} (--from in convert), or name the annotation file itself.");
        }

        var looked = string.Join("; ", AnnotationFormat.All.Select(format => $"{format.Title}: {format.LookedFor}"));
        throw new InputException($"'{path}' holds no annotations of a known format ({looked}); {Found(tree, file)}.");
    }

    /// <summary>A format by the name <c>--format</c> takes, or the name people know.</summary>
    /// <exception cref="InputException">There is none; the sentence suggests the nearest.</exception>
    public static AnnotationFormat ByName(string name)
    {
        var plain = Plain(name);
        foreach (var format in AnnotationFormat.All)
        {
            if (Plain(format.Name) == plain || Plain(format.Title) == plain) return format;
        }

        var names = AnnotationFormat.All.Select(format => format.Name).ToArray();
        throw new InputException($"There is no format '{name}'; the formats are {string.Join(", ", names)}.{NearestWord.Hint(name, names)}");
    }

    /// <summary>
    /// A short name for a data set: that of its folder or zip, also when a person named a file in it that is called the same everywhere (data.yaml).
    /// </summary>
    public static string NameOf(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full)) return Path.GetFileName(full);
        if (full.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) return Path.GetFileNameWithoutExtension(full);
        return Path.GetFileName(Path.GetDirectoryName(full)) ?? full;
    }

    /// <summary>The source of a data set whose image names start at the tree's root.</summary>
    public static DatasetSource SourceOf(AnnotationFormat format, FileTree tree, string path, LoadOptions options)
        => new(format.Name, path, tree) { ImageFolders = options.ImageFolders, AllowOutside = options.AllowOutside };

    private static string Plain(string name) => new([.. name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);

    /// <summary>What one file holds instead; a file that cannot be opened throws its own sentence.</summary>
    private static string FoundIn(FileTree tree, string file)
    {
        var head = new byte[2];
        using var stream = tree.OpenForward(file);
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == 0) return "the file is empty";
        return head is [0xFF, 0xFE] or [0xFE, 0xFF] ? "the file is UTF-16; save it as UTF-8" : $"found {tree.Length(file)} bytes of something else";
    }

    /// <summary>What there is instead, for the sentence: the kinds of files and some names.</summary>
    private static string Found(FileTree tree, string? file)
    {
        if (file is not null) return FoundIn(tree, file);
        if (tree.Files.Count == 0) return "found no file at all";
        var kinds = tree.Files
            .GroupBy(path => Path.GetExtension(path).ToLowerInvariant())
            .OrderByDescending(kind => kind.Count())
            .ThenBy(kind => kind.Key, StringComparer.Ordinal)
            .Take(MostShown)
            .Select(kind => $"{kind.Count()} {(kind.Key.Length > 0 ? kind.Key : "without extension")} (such as '{kind.First()}')");
        return $"found {string.Join(", ", kinds)}";
    }
}
