using System.Text.RegularExpressions;
using Ballast.Tests;

namespace Ballast.Training.Tests;

/// <summary>The pages below docs/, and what stands in them.</summary>
internal static partial class PageText
{
    /// <summary>Path of each page of imbalances and remedies, from the repository's root.</summary>
    public static IEnumerable<string> All
        => new[] { "docs/imbalances", "docs/remedies" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md")
            .Select(path => $"{folder}/{Path.GetFileName(path)}")).Order(StringComparer.Ordinal);

    /// <summary>A page.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    /// <summary>The fenced blocks of a language.</summary>
    public static string[] Blocks(string text, string language)
        => [.. Fences().Matches(text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value.TrimEnd('\n'))];

    /// <summary>What the links of a page lead to.</summary>
    public static IEnumerable<string> Links(string text) => Link().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\]\(([^):#]+)\)")]
    private static partial Regex Link();
}
