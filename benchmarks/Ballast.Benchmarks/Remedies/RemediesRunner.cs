using System.Text;

namespace Ballast.Benchmarks;

/// <summary><c>remedies</c>: writes the generated parts of docs/remedies and docs/imbalances.</summary>
internal static class RemediesRunner
{
    /// <summary>Writes the pages below a folder.</summary>
    public static int Run(string docs)
    {
        using var demo = DemoFolder.Draw();
        var pages = new RemedyPages(new(demo.Data));
        foreach (var remedy in Remedies.All) Write(Path.Combine(docs, "remedies", $"{remedy.Kind}.md"), text => pages.Remedy(remedy, text));
        foreach (var imbalance in Imbalance.All) Write(Path.Combine(docs, "imbalances", $"{imbalance.Id}.md"), text => RemedyPages.Imbalance(imbalance, text));
        Write(Path.Combine(docs, "remedies", "README.md"), RemedyPages.Index);
        return 0;
    }

    private static void Write(string path, Func<string?, string> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var before = File.Exists(path) ? File.ReadAllText(path) : null;
        string after;
        try
        {
            after = write(before);
        }
        catch (InputException e)
        {
            throw new InputException($"'{path}': {e.Message}", e);
        }

        if (after == before) return;
        File.WriteAllText(path, after, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Console.WriteLine(path);
    }
}
