using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public sealed class DetectCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Objects_speed_detections_and_pictures_come_out()
    {
        var (run, images) = (SmallRun.Save(_folder), SmallRun.SaveImages(_folder, 2));
        var (file, pictures) = (Path.Combine(_folder, "found.json"), Path.Combine(_folder, "pictures"));
        var cli = CliRun.Of("detect", run, images, "--min-probability", "0", "-o", file, "--draw", pictures);
        Assert.Equal("", string.Join('\n', cli.Error.Split('\n').Where(line => line.StartsWith("ballast:", StringComparison.Ordinal))));
        Assert.Equal(ExitCode.Done, cli.Code);
        Assert.Contains("in 2 images", cli.Output, StringComparison.Ordinal);
        Assert.Contains("images a second", cli.Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(pictures).Length);
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.True(json.RootElement.GetArrayLength() > 0);
    }

    [Fact]
    public void Programs_get_json_and_slices_are_taken()
    {
        var cli = CliRun.Of("detect", SmallRun.Save(_folder), SmallRun.SaveImages(_folder, 1), "--json", "--tiles", "64", "--overlap", "0.25", "-q");
        Assert.Equal(ExitCode.Done, cli.Code);
        using var json = JsonDocument.Parse(cli.Output);
        Assert.Equal(1, json.RootElement.GetProperty("images").GetInt32());
        Assert.Equal(SmallRun.Classes, json.RootElement.GetProperty("classes").EnumerateArray().Select(each => each.GetProperty("name").GetString()));
        Assert.All(json.RootElement.GetProperty("classes").EnumerateArray(), each => Assert.Equal(0.5, each.GetProperty("minimumProbability").GetDouble()));
        Assert.True(json.RootElement.GetProperty("imagesPerSecond").GetDouble() > 0);
    }

    [Theory]
    [InlineData("detect", "RUN is missing")]
    [InlineData("detect a b --overlap 0.2", "give --tiles N with them")]
    [InlineData("detect a b --tiles 4", "SliceOptions.TilePixels is 4")]
    [InlineData("detect a b --tiles 640 --overlap 2", "SliceOptions.OverlapFraction is 2")]
    [InlineData("detect a b --tiles 640 --merge all", "'all' is no value of '--merge'")]
    [InlineData("detect a b --min-probability 3", "--min-probability is 3")]
    public void A_wrong_command_line_gets_a_sentence(string line, string sentence)
    {
        var cli = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Usage, cli.Code);
        Assert.Contains(sentence, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_bad_input()
    {
        var cli = CliRun.Of("detect", _folder, _folder);
        Assert.Equal(ExitCode.BadInput, cli.Code);
        Assert.Contains("it is no training run", cli.Error, StringComparison.Ordinal);
    }
}
