namespace Ballast.Tests.Cli;

/// <summary>Texts that are held against a file beside the tests; BALLAST_SNAPSHOTS=write writes them anew.</summary>
internal static class Snapshot
{
    public static void Check(string name, string text)
    {
        var path = Path.Combine(Repository.Root, "tests", "Ballast.Tests", "Cli", name);
        if (Environment.GetEnvironmentVariable("BALLAST_SNAPSHOTS") == "write") File.WriteAllText(path, text);
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }
}
