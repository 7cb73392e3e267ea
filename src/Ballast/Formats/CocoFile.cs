namespace Ballast;

/// <summary>A COCO file of a tree and the part its images belong to.</summary>
/// <param name="Entry">Its path in the tree.</param>
/// <param name="Part">Name of the part, or null.</param>
internal sealed record CocoFile(string Entry, string? Part)
{
    /// <summary>How many json files of names that mean nothing are opened in search of COCO.</summary>
    private const int MostProbes = 64;

    private static readonly string[] OtherTasks = ["captions_", "person_keypoints_", "stuff_", "panoptic_", "image_info_"];

    private static readonly string[] NamesWithoutMeaning = ["_annotations.coco", "annotations", "instances", "instances_default", "result", "coco", "labels", "default"];

    private static readonly string[] PartWords = ["train", "training", "trainval", "val", "valid", "validation", "minival", "dev", "test", "testing"];

    private static readonly string[] FoldersWithoutMeaning = ["annotations", "labels"];

    /// <summary>The folder it lies in, with a slash at the end; "" at the root.</summary>
    public string Folder => Entry[..(Entry.LastIndexOf('/') + 1)];

    /// <summary>
    /// All COCO files of a tree, with their parts. Names that COCO tools write are tried first; only when none of them is COCO, other json files are.
    /// </summary>
    public static IReadOnlyList<CocoFile> Find(FileTree tree)
    {
        var json = tree.Files.Where(file => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)).ToArray();
        var found = json.Where(HasKnownName).Where(file => CocoProbe.IsCoco(tree, file)).ToArray();
        if (found.Length == 0)
            found = [.. json.Where(file => !HasKnownName(file)).OrderBy(file => file.Count(c => c == '/')).Take(MostProbes).Where(file => CocoProbe.IsCoco(tree, file))];
        return WithParts(WithoutOtherTasks(found));
    }

    /// <summary>Gives each file the part that its name or its folder tells; names that tell nothing, or the same, are told apart by more of the path.</summary>
    internal static IReadOnlyList<CocoFile> WithParts(IReadOnlyList<string> entries)
    {
        if (entries.Count == 1) return [new(entries[0], LonePartOf(entries[0]))];
        Func<string, string?>[] namings = [PartOf, entry => NameOf(entry), entry => Path.ChangeExtension(entry, null)];
        foreach (var naming in namings)
        {
            var parts = entries.Select(naming).ToArray();
            if (parts.Distinct().Count() == parts.Length) return [.. entries.Zip(parts, (entry, part) => new CocoFile(entry, part))];
        }

        throw new InvalidOperationException("Paths in a tree are different.");
    }

    /// <summary>
    /// The part of a file that has no others beside it: only a word for a part, or a name COCO tools give to one, says that there are parts at all.
    /// </summary>
    private static string? LonePartOf(string entry)
    {
        var part = PartOf(entry);
        var name = Path.GetFileNameWithoutExtension(entry);
        var named = name.StartsWith("instances_", StringComparison.OrdinalIgnoreCase) && !Contains(NamesWithoutMeaning, name);
        return part is not null && (named || Contains(PartWords, part)) ? part : null;
    }

    /// <summary>instances_train2017 is train, train/_annotations.coco is train, and a name without meaning at the root is no part.</summary>
    private static string? PartOf(string entry)
    {
        var name = NameOf(entry);
        return name is { Length: > 4 } && name[^4..].All(char.IsAsciiDigit) && name[^4..^2] is "20" && char.IsAsciiLetter(name[^5]) ? name[..^4] : name;
    }

    private static string? NameOf(string entry)
    {
        var name = Path.GetFileNameWithoutExtension(entry);
        if (!Contains(NamesWithoutMeaning, name)) return name.StartsWith("instances_", StringComparison.OrdinalIgnoreCase) ? name["instances_".Length..] : name;
        return entry.Split('/').SkipLast(1).LastOrDefault(folder => !Contains(FoldersWithoutMeaning, folder));
    }

    private static string[] WithoutOtherTasks(string[] files)
    {
        var instances = files.Where(file => Name(file).StartsWith("instances", StringComparison.OrdinalIgnoreCase)).ToArray();
        return instances.Length == 0
            ? files
            : [.. files.Where(file => !OtherTasks.Any(task => Name(file).StartsWith(task, StringComparison.OrdinalIgnoreCase)))];
    }

    private static bool HasKnownName(string file)
    {
        var name = Name(file);
        return name.StartsWith("instances", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".coco.json", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("lvis_", StringComparison.OrdinalIgnoreCase) || name.Equals("result.json", StringComparison.OrdinalIgnoreCase);
    }

    private static string Name(string file) => file[(file.LastIndexOf('/') + 1)..];

    private static bool Contains(string[] words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);
}
