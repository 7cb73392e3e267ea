namespace Ballast.Training.Tests;

public class VersionNeedTests
{
    [Fact]
    public void One_demand_of_the_binding_becomes_optional_and_nothing_else_changes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The binding is an ELF library on Linux.");
        var before = Binding();
        var after = Binding();
        Assert.True(VersionNeed.MakeOptional(after, SystemLibrary.MissingVersion));
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToArray();
        Assert.Single(changed);
        Assert.Equal((0, 2), (before[changed[0]], after[changed[0]]));
    }

    [Fact]
    public void A_version_that_is_not_demanded_changes_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The binding is an ELF library on Linux.");
        var bytes = Binding();
        Assert.False(VersionNeed.MakeOptional(bytes, "GLIBCXX_9.9.9"));
        Assert.Equal(Binding(), bytes);
    }

    [Fact]
    public void Broken_and_foreign_files_are_refused_without_an_exception()
    {
        Assert.False(VersionNeed.MakeOptional([], "x"));
        Assert.False(VersionNeed.MakeOptional([.. "MZ"u8], "x"));
        if (!OperatingSystem.IsLinux()) return;
        var bytes = Binding();
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var broken = bytes[..random.Next(0, 5000)];
            for (var k = 0; k < 8 && broken.Length > 16; k++) broken[random.Next(16, Math.Min(broken.Length, 600))] = (byte)random.Next(256);
            Assert.False(VersionNeed.MakeOptional(broken, SystemLibrary.MissingVersion));
        }
    }

    private static byte[] Binding() => File.ReadAllBytes(Path.Combine(LibtorchFolder.TorchSharp(), NativeName.File("LibTorchSharp")));
}
