namespace Ballast.Training.Tests;

public class LibtorchFolderTests
{
    [Fact]
    public void The_libtorch_of_its_own_version_has_everything_the_binding_calls()
        => LibtorchFolder.Check(LibtorchFolder.Libtorch(), LibtorchFolder.Binding());

    [Fact]
    public void A_folder_without_libtorch_is_refused_by_the_library_it_lacks()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains($"has no '{NativeName.File("c10")}'", Refused(folder.At("")));
    }

    [Fact]
    public void A_libtorch_without_the_functions_that_are_called_is_refused_with_the_list()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Functions are compared in ELF libraries.");
        using var folder = new TemporaryFolder();
        var c10 = Path.Combine(LibtorchFolder.Libtorch(), "libc10.so");
        foreach (var name in LibtorchFolder.Libraries) File.CreateSymbolicLink(folder.At(NativeName.File(name)), c10);
        var message = Refused(folder.At(""));
        Assert.Matches("lacks [0-9]{3,} functions that TorchSharp's binding calls: _Z[^,]*at", message);
        Assert.DoesNotContain("GLIBC", message);
    }

    [Fact]
    public void A_file_that_is_no_library_gives_a_sentence()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Functions are compared in ELF libraries.");
        using var folder = new TemporaryFolder();
        foreach (var name in LibtorchFolder.Libraries) File.WriteAllText(folder.At(NativeName.File(name)), new string('x', 100));
        Assert.Contains("it is no 64-bit ELF library", Refused(folder.At("")));
        foreach (var name in LibtorchFolder.Libraries) File.WriteAllBytes(folder.At(NativeName.File(name)), File.ReadAllBytes(Path.Combine(LibtorchFolder.Libtorch(), "libc10.so"))[..5000]);
        Assert.Contains("it was cut off", Refused(folder.At("")));
    }

    [Fact]
    public void Another_libtorch_cannot_be_chosen_after_torch_was_used()
    {
        TorchRuntime.Load();
        Assert.Contains("torch was used already", Assert.Throws<InputException>(() => TorchRuntime.Use(LibtorchFolder.Libtorch())).Message);
    }

    private static string Refused(string folder) => Assert.Throws<InputException>(() => LibtorchFolder.Check(folder, LibtorchFolder.Binding())).Message;
}
