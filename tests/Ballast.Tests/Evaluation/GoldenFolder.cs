namespace Ballast.Tests.Evaluation;

/// <summary>Where reference values lie: the folder BALLAST_GOLDEN names, or the repository's own copy.</summary>
internal static class GoldenFolder
{
    public static string Of(string component)
    {
        var root = Environment.GetEnvironmentVariable("BALLAST_GOLDEN") ?? Path.Combine(RepositoryRoot(), "tests", "golden");
        var folder = Path.Combine(root, component);
        Assert.True(Directory.Exists(folder), $"The reference values '{folder}' are missing.");
        return folder;
    }

    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ballast.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
