using Ballast.Cli;

namespace Ballast.Tests.Cli;

/// <summary>Pictures of remedies from the command line; the boxes alone are tested with the demo.</summary>
public sealed class ShowCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-show-").FullName;

    public ShowCommandTests() => DemoDataset.Write(Path.Combine(_folder, "shapes"), seed: 1, images: 3);

    [Theory]
    [InlineData("iou-balanced-negative")]
    [InlineData("atss")]
    [InlineData("fpn")]
    public void A_remedy_is_painted_on_the_users_images(string kind)
    {
        var run = CliRun.Of("show", Path.Combine(_folder, "shapes"), "--remedy", kind, "--input-side", "240x320", "--limit", "2", "-o", Path.Combine(_folder, kind));
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Equal(2, run.Lines.Count);
        Assert.All(run.Lines, file => Assert.EndsWith($"-{kind}.png", file, StringComparison.Ordinal));
        Assert.All(run.Lines, file => Assert.True(new FileInfo(file).Length > 10_000));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
