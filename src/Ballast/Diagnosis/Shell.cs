namespace Ballast;

/// <summary>Words of a command as a person can paste them.</summary>
internal static class Shell
{
    /// <summary>Single-quotes a word that a shell would take apart; class and file names may hold anything.</summary>
    public static string Quote(string word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"_-./,:=+@%".Contains(c, StringComparison.Ordinal)) return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        }

        return word.Length == 0 ? "''" : word;
    }
}
