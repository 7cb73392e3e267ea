using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public sealed class TrainCommandTests(DemoSet demo) : IClassFixture<DemoSet>
{
    /// <summary>A detector of the least size that is one: what it learns does not matter here.</summary>
    private static readonly string[] Small =
    [
        "--set", "detector.backbone={\"type\":\"small\",\"width\":8,\"normalization\":\"group\",\"groups\":2}", "--set", "detector.neck={\"type\":\"fpn\",\"channels\":16}",
        "--set", "detector.headConvolutions=1", "--set", "detector.profile.input={\"short\":96,\"long\":128}", "--set", "training.epochs=1", "--set", "loader.batchSize=2",
    ];

    [Fact]
    public void A_run_says_what_it_does_and_ends_with_what_it_is_worth()
    {
        var run = demo.Beside("run");
        var cli = CliRun.Of(["train", demo.Data, .. Small, "-o", run]);
        Assert.True(cli.Code == ExitCode.Done, cli.Error);
        foreach (var said in new[] { "data, for the usual recipe of retinanet", "train on: shapes (train)", "Before the first step, by the labels alone, at input side 96x128", "training: 1 epoch, ", "epoch 1: AP 0.", $"run: {run}" })
            Assert.Contains(said, cli.Error, StringComparison.Ordinal);
        Assert.Contains("AP50", cli.Output, StringComparison.Ordinal);
        Assert.Contains("run.html", cli.Output, StringComparison.Ordinal);
        var again = CliRun.Of(["train", demo.Data, .. Small, "-o", run]);
        Assert.Equal(ExitCode.BadInput, again.Code);
        Assert.Contains("--resume", again.Error, StringComparison.Ordinal);
        var resumed = CliRun.Of("train", "--resume", "-o", run, "--json");
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        using var json = JsonDocument.Parse(resumed.Output);
        Assert.Equal(["AP", "AP50", "classes", "seconds", "secondsPerStep", "peakMiB"], json.RootElement.EnumerateObject().Select(member => member.Name).TakeLast(6));
        var other = CliRun.Of(["train", demo.Data, .. Small, "--set", "training.seed=5", "--resume", "-o", run]);
        Assert.Contains("training.seed 1 -> 5", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_are_named_on_the_line_and_belong_to_a_beginning()
    {
        var missing = demo.Beside("missing.safetensors");
        var cli = CliRun.Of(["train", demo.Data, .. Small, "--weights", missing, "-o", demo.Beside("from-weights")]);
        Assert.Equal(ExitCode.BadInput, cli.Code);
        Assert.Contains(missing, cli.Error, StringComparison.Ordinal);
        var resumed = CliRun.Of("train", "--resume", "--weights", missing, "-o", demo.Beside("from-weights"));
        Assert.Contains("goes on with its own recipe", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_race_ends_with_a_verdict_and_leaves_out_what_contradicts_itself()
    {
        var cli = CliRun.Of(["train", demo.Data, .. Small, "--vary", "detector.boxLoss.type=l1,giou", "-o", demo.Beside("race"), "--json", "-q"]);
        Assert.True(cli.Code == ExitCode.Done, cli.Error);
        using var json = JsonDocument.Parse(cli.Output);
        Assert.Equal(["boxLoss=l1", "boxLoss=giou"], json.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
        Assert.Single(json.RootElement.GetProperty("verdicts").EnumerateArray());
        var resumed = CliRun.Of("train", "--resume", "-o", demo.Beside("race"));
        Assert.True(resumed.Code == ExitCode.Done, resumed.Error);
        Assert.Contains("boxLoss=giou", resumed.Output, StringComparison.Ordinal);
        Assert.Contains("race.html", resumed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_a_recipe_has_its_line_and_the_nearest_right_word()
    {
        var recipe = demo.Beside("wrong.json");
        File.WriteAllText(recipe, "{\n  // smaller boxes\n  \"detector\": { \"type\": \"retinanet\", \"boxLos\": \"giou\" }\n}\n");
        var cli = CliRun.Of("train", recipe);
        Assert.Equal(ExitCode.BadInput, cli.Code);
        Assert.Contains("line 3", cli.Error, StringComparison.Ordinal);
        Assert.Contains("boxLoss", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_printed_and_nothing_trained()
    {
        var cli = CliRun.Of("train", "--schema");
        Assert.Equal(ExitCode.Done, cli.Code);
        using var json = JsonDocument.Parse(cli.Output);
        Assert.Equal("object", json.RootElement.GetProperty("type").GetString());
        Assert.Equal("", cli.Error);
    }

    [Theory]
    [InlineData("train", "RECIPE|DATA is missing")]
    [InlineData("train --resume", "name it with -o")]
    [InlineData("train a --seeds 3", "give --vary with them")]
    [InlineData("train a --detector retinant", "Did you mean 'retinanet'?")]
    [InlineData("train a --device tpu", "'tpu' is no value of '--device'")]
    [InlineData("train a --strict --repair", "give one of them")]
    public void A_wrong_command_line_gets_a_sentence(string line, string sentence)
    {
        var cli = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Usage, cli.Code);
        Assert.Contains(sentence, cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train nowhere", "'nowhere' does not exist")]
    [InlineData("train --resume -o nowhere", "'nowhere' is no folder")]
    public void What_is_not_there_is_bad_input(string line, string sentence)
    {
        var cli = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.BadInput, cli.Code);
        Assert.Contains(sentence, cli.Error, StringComparison.Ordinal);
    }
}
