namespace Ballast.Cli;

/// <summary>Writes the report, and never over a file of another kind that nobody named.</summary>
internal static class ReportFile
{
    private const string DefaultName = "report.html";

    /// <summary>Writes the report's page.</summary>
    /// <param name="save">Writes it to a path.</param>
    /// <param name="path">The path a person named, or null.</param>
    /// <param name="byDefault">Whether the page is written when no path was named.</param>
    /// <param name="session">The running command.</param>
    /// <returns>The path, or null when no page was written.</returns>
    public static string? Write(Action<string, CancellationToken> save, string? path, bool byDefault, Session session)
    {
        if (path is null && !byDefault) return null;
        if (path is null && IsForeign(DefaultName))
        {
            session.Terminal.Note($"'{DefaultName}' here is no report of Ballast, so it stays as it is. Name another file with -o.");
            return null;
        }

        path ??= DefaultName;
        using (session.Terminal.Progress($"writing {path}")) save(path, session.Cancellation);
        return path;
    }

    /// <summary>The head of the page stands in its first few thousand characters.</summary>
    private static bool IsForeign(string path)
    {
        if (!File.Exists(path)) return false;
        using var reader = new StreamReader(path);
        var start = new char[4096];
        var length = reader.ReadBlock(start);
        return !start.AsSpan(0, length).Contains("<title>Ballast", StringComparison.Ordinal);
    }
}
