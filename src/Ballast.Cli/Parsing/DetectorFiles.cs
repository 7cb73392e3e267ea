namespace Ballast.Cli;

/// <summary>One side of a comparison as it is written on the command line.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Files">Its files: one for each seed or fold.</param>
internal sealed record DetectorFiles(string Name, IReadOnlyList<string> Files)
{
    /// <summary>Understands FILE, NAME=FILE and NAME=FILE,FILE; a file or folder of the whole name is that file.</summary>
    public static DetectorFiles Parse(string text)
    {
        if (Exists(text)) return new(Stem(text), [text]);
        var cut = text.IndexOf('=', StringComparison.Ordinal);
        var rest = text[(cut + 1)..];
        string[] files = Exists(rest) ? [rest] : rest.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (files.Length == 0) throw new InputException($"'{text}' names no file; write FILE, NAME=FILE or NAME=FILE,FILE.");
        return new(cut > 0 ? text[..cut] : Stem(files[0]), files);
    }

    /// <summary>Names tell sides apart.</summary>
    /// <exception cref="InputException">Two sides have one name.</exception>
    public static void CheckNames(IEnumerable<DetectorFiles> sides)
    {
        if (sides.GroupBy(side => side.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"Two detectors are named '{twice.Key}'; name them apart, as in first={twice.First().Files[0]} second={twice.Last().Files[0]}.");
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } stem ? stem : path;
}
