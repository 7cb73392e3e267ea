namespace Ballast.Training;

/// <summary>
/// Which beginnings of names to take off so that a file's names meet a module's: a detector's file has "backbone.body.conv1.weight" where a backbone has
/// "conv1.weight", or the other way round.
/// </summary>
internal static class NameAlignment
{
    /// <summary>The pair of beginnings, at least one of them empty, under which most names and shapes agree.</summary>
    /// <param name="file">Names and shapes of the file.</param>
    /// <param name="module">Names and shapes of the module.</param>
    /// <param name="what">The file's name, for sentences.</param>
    /// <exception cref="InputException">Nothing agrees, or two choices fit as well.</exception>
    public static (string From, string Into) Find(IReadOnlyDictionary<string, string> file, IReadOnlyDictionary<string, string> module, string what)
    {
        var ranked = Beginnings(file, module).Select(pair => (From: pair.Key, Into: "", Count: pair.Value))
            .Concat(Beginnings(module, file).Where(pair => pair.Key.Length > 0).Select(pair => (From: "", Into: pair.Key, Count: pair.Value)))
            .OrderByDescending(choice => choice.Count).ThenBy(choice => choice.From.Length + choice.Into.Length).ToArray();
        if (ranked.Length == 0)
            throw new InputException($"Nothing of '{what}' fits the model: the file has {Some(file.Keys)}, the model {Some(module.Keys)}. "
                + "Take weights of the same architecture.");
        var best = ranked[0];
        if (best.From.Length + best.Into.Length > 0 && ranked.Length > 1 && ranked[1].Count == best.Count)
            throw new InputException($"'{what}' fits the model in two ways, by the names under '{best.From}{best.Into}' and under "
                + $"'{ranked[1].From}{ranked[1].Into}'. Name one of them.");
        return (best.From, best.Into);
    }

    /// <summary>For each beginning of the longer names, how many of the rest agree with a shorter name and its shape.</summary>
    private static Dictionary<string, int> Beginnings(IReadOnlyDictionary<string, string> longer, IReadOnlyDictionary<string, string> shorter)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, shape) in longer)
        {
            for (var start = 0; start >= 0 && start < name.Length; start = name.IndexOf('.', start) is >= 0 and var dot ? dot + 1 : -1)
            {
                if (!shorter.TryGetValue(name[start..], out var other) || other != shape) continue;
                counts[name[..start]] = counts.GetValueOrDefault(name[..start]) + 1;
            }
        }

        return counts;
    }

    private static string Some(IEnumerable<string> names)
        => string.Join(", ", names.Take(3).Select(name => $"'{name}'")) is { Length: > 0 } text ? text + " ..." : "none";
}
