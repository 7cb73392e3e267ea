using System.Text;

namespace Ballast.Benchmarks;

/// <summary><c>remedies</c>: writes the generated parts of docs/remedies and docs/imbalances.</summary>
internal static class RemediesRunner
{
    /// <summary>Writes the pages below a folder.</summary>
    /// <param name="docs">The folder.</param>
    /// <param name="real">A real data set to measure samplers and assigners on too, in a part of its own; null for none.</param>
    public static int Run(string docs, string? real = null)
    {
        using var demo = DemoFolder.Draw();
        var pages = new RemedyPages(new(demo.Data));
        var images = real is null ? null : new MatchedImages(DetectionDataset.Load(real), $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(real)).ToUpperInvariant()} (not part of this repository)");
        foreach (var remedy in Remedies.All)
        {
            Write(Path.Combine(docs, "remedies", $"{remedy.Kind}.md"), text => WithReal(pages.Remedy(remedy, text), remedy, images));
        }

        foreach (var imbalance in Imbalance.All) Write(Path.Combine(docs, "imbalances", $"{imbalance.Id}.md"), text => RemedyPages.Imbalance(imbalance, text));
        Write(Path.Combine(docs, "remedies", "README.md"), RemedyPages.Index);
        return 0;
    }

    /// <summary>What needs data that a clone does not have stands in a part that no test compares.</summary>
    private static string WithReal(string text, Remedy remedy, MatchedImages? images)
    {
        if (images is null) return text;
        if (remedy.Family == RemedyFamily.Sampler) return MarkedText.PutAfter(text, "effect", "real data", SamplingEffect.Of(remedy, images));
        return remedy.Family == RemedyFamily.Assigner ? MarkedText.PutAfter(text, "effect", "real data", AssigningEffect.Of(remedy, images)) : text;
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
