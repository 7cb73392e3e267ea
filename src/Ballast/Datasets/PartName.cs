namespace Ballast;

/// <summary>Names of parts: which words mean one, and which of a data set's parts a person asks for.</summary>
internal static class PartName
{
    private static readonly string[] Words = ["train", "training", "val", "valid", "validation", "test", "testing"];

    /// <summary>Whether a folder or file of this name holds a part.</summary>
    public static bool IsWord(string name) => Array.Exists(Words, word => word.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first step of a path (its last step, the file, aside) that names a part, or null.</summary>
    public static string? InPath(string path)
    {
        var start = 0;
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', start))
        {
            var step = path[start..slash];
            if (IsWord(step)) return step;
            start = slash + 1;
        }

        return null;
    }

    /// <summary>The common name of a part: train, val or test for the words that mean them, else the name itself.</summary>
    public static string Common(string name) => name.ToLowerInvariant() switch
    {
        "train" or "training" => "train",
        "val" or "valid" or "validation" => "val",
        "test" or "testing" => "test",
        _ => name,
    };

    /// <summary>Where a part stands among others: train, val, test, then all that have other names.</summary>
    public static int Rank(string name) => Common(name) switch
    {
        "train" => 0,
        "val" => 1,
        "test" => 2,
        _ => 3,
    };

    /// <summary>The part a person asks for: by its name, by case, or by another word for it (val, valid, validation) when just one part goes by it.</summary>
    /// <exception cref="InputException">There is no such part; the sentence lists those there are.</exception>
    public static string Choose(string asked, IEnumerable<string> known, string path)
    {
        var parts = known.Distinct(StringComparer.Ordinal).ToArray();
        if (Array.IndexOf(parts, asked) >= 0) return asked;
        var sameWord = Array.FindAll(parts, part => part.Equals(asked, StringComparison.OrdinalIgnoreCase));
        if (sameWord.Length == 1) return sameWord[0];
        var sameMeaning = Array.FindAll(parts, part => Common(part) == Common(asked));
        if (sameMeaning.Length == 1) return sameMeaning[0];
        if (parts.Length == 0) throw new InputException($"'{path}' has no parts, so there is no part '{asked}'. Leave the part out.");
        var list = string.Join(", ", parts.Order(StringComparer.Ordinal));
        throw new InputException($"'{path}' has no part '{asked}'; its parts are {list}.{NearestWord.Hint(asked, parts)}");
    }

    /// <summary>Names for writing parts in a format's own words, made safe for files; where two parts would share a name, both keep their own.</summary>
    public static string[] ForWriting(IReadOnlyList<string> names, Func<string, string> style)
    {
        var styled = names.Select(name => SafeName.OfStep(style(Common(name)))).ToArray();
        if (styled.Distinct(StringComparer.OrdinalIgnoreCase).Count() == styled.Length) return styled;
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. names.Select(name => SafeName.Unique(SafeName.OfStep(name), taken))];
    }
}
