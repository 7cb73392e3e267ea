namespace Ballast.Training.Tests;

public class PrivateCopyTests
{
    private static readonly byte[] Content = [1, 2, 3];

    [Fact]
    public void A_copy_lies_under_its_hash_in_a_folder_of_mode_0700()
    {
        using var folder = new TemporaryFolder();
        using var copy = PrivateCopy.Of(Content, "x.so", folder.At("cache"));
        Assert.Equal("039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81-x.so", Path.GetFileName(copy.Path));
        Assert.Equal(Content, File.ReadAllBytes(copy.Path));
        Assert.Single(Directory.GetFiles(folder.At("cache")));
        if (!OperatingSystem.IsWindows()) Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(folder.At("cache")), 8));
    }

    [Fact]
    public void A_copy_whose_content_is_not_its_hash_is_replaced_by_another_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "An open file cannot be renamed over on Windows.");
        using var folder = new TemporaryFolder();
        using (var copy = PrivateCopy.Of(Content, "x.so", folder.At("cache"))) File.WriteAllBytes(copy.Path, [9]);
        var name = Directory.GetFiles(folder.At("cache"))[0];
        using var held = File.OpenRead(name);
        using var again = PrivateCopy.Of(Content, "x.so", folder.At("cache"));
        Assert.Equal(Content, File.ReadAllBytes(again.Path));
        Assert.Equal(9, held.ReadByte());
    }

    [Fact]
    public void A_copy_that_is_right_is_not_written_again()
    {
        using var folder = new TemporaryFolder();
        using var copy = PrivateCopy.Of(Content, "x.so", folder.At("cache"));
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy.Path, written);
        using var again = PrivateCopy.Of(Content, "x.so", folder.At("cache"));
        Assert.Equal(written, File.GetLastWriteTimeUtc(again.Path));
    }

    [Fact]
    public void An_open_folder_is_closed_to_others()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are Unix'.");
            return;
        }

        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("cache"), (UnixFileMode)0b111_111_111);
        using var copy = PrivateCopy.Of(Content, "x.so", folder.At("cache"));
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(folder.At("cache")), 8));
    }

    [Fact]
    public void Without_a_folder_of_its_own_a_temporary_one_is_made_and_deleted()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("elsewhere"));
        if (!OperatingSystem.IsWindows()) Directory.CreateSymbolicLink(folder.At("link"), folder.At("elsewhere"));
        string?[] places = OperatingSystem.IsWindows() ? [null] : [null, folder.At("link")];
        foreach (var place in places)
        {
            var copy = PrivateCopy.Of(Content, "x.so", place);
            Assert.Equal(Content, File.ReadAllBytes(copy.Path));
            Assert.StartsWith(Path.GetTempPath(), copy.Path);
            copy.Dispose();
            Assert.False(File.Exists(copy.Path));
        }

        Assert.Empty(Directory.GetFiles(folder.At("elsewhere")));
    }

    [Fact]
    public void A_file_where_the_folder_should_be_is_no_obstacle()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("cache"), "");
        using var copy = PrivateCopy.Of(Content, "x.so", folder.At("cache"));
        Assert.Equal(Content, File.ReadAllBytes(copy.Path));
    }
}
