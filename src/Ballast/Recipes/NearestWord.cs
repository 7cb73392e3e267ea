namespace Ballast;

/// <summary>The known word a mistyped one was most likely meant to be.</summary>
internal static class NearestWord
{
    /// <summary>The known word within a third of the letters (at least 2) of edits, or one that starts alike; null when none is near. Case does not count.</summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        var (best, bestDistance) = ((string?)null, int.MaxValue);
        foreach (var candidate in known)
        {
            var distance = Distance(word, candidate);
            var near = distance <= Math.Max(2, Math.Max(word.Length, candidate.Length) / 3)
                || (word.Length >= 3 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase));
            if (near && distance < bestDistance) (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary>"; did you mean 'x'?" for the nearest word, or else the list of all.</summary>
    public static string Hint(string word, IReadOnlyCollection<string> known)
        => Of(word, known) is { } nearest ? $"did you mean '{nearest}'?" : $"known are {string.Join(", ", known)}.";

    /// <summary>Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[3][];
        for (var i = 0; i < 3; i++) rows[i] = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) rows[0][j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (current, above, twoAbove) = (rows[i % 3], rows[(i - 1) % 3], rows[(i + 1) % 3]);
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(above[j], current[j - 1]) + 1, above[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) current[j] = Math.Min(current[j], twoAbove[j - 2] + 1);
            }
        }

        return rows[a.Length % 3][b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
