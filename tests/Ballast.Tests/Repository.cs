namespace Ballast.Tests;

/// <summary>The working copy the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Ballast.slnx.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ballast.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("Ballast.slnx is in no folder above the tests.");
    }
}
