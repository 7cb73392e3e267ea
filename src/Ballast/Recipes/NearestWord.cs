namespace Ballast;

/// <summary>The known word a person most likely meant: for sentences about unknown options, kinds, formats and parts.</summary>
public static class NearestWord
{
    private const int LongestWord = 64;
    private const int ShortestStart = 3;

    /// <summary>
    /// The known word nearest to a word by edits (insert, delete, replace, swap neighbours), case aside, or one that starts with it; null when none is
    /// near enough to suggest.
    /// </summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(known);
        if (word.Length is 0 or > LongestWord) return null;
        var lower = word.ToLowerInvariant();
        var (best, fewest) = ((string?)null, Math.Max(1, word.Length / 3) + 1);
        foreach (var candidate in known)
        {
            if (candidate.Length is 0 or > LongestWord) continue;
            var starts = word.Length >= ShortestStart && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase);
            var edits = starts ? 1 : Edits(lower, candidate.ToLowerInvariant());
            if (edits < fewest) (best, fewest) = (candidate, edits);
        }

        return best;
    }

    /// <summary>" Did you mean 'yolo'?" with the blank in front, or "" when nothing is near.</summary>
    public static string Hint(string word, IEnumerable<string> known) => Of(word, known) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>"did you mean 'x'?" for the nearest word, or else "known are" and all of them.</summary>
    public static string Choice(string word, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return Of(word, known) is { } near ? $"did you mean '{near}'?" : $"known are {string.Join(", ", known)}.";
    }

    /// <summary>The optimal string alignment distance.</summary>
    private static int Edits(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[LongestWord + 1];
        Span<int> last = stackalloc int[LongestWord + 1];
        Span<int> row = stackalloc int[LongestWord + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            last.CopyTo(beforeLast);
            row.CopyTo(last);
        }

        return last[b.Length];
    }
}
