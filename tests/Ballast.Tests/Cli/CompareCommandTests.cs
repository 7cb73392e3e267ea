using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class CompareCommandTests
{
    [Fact]
    public void Three_seeds_a_side_that_agree_are_better_or_worse()
    {
        using var set = ResultSet.Large();
        string[] weak = [.. Seeds(set, "weak", 4)], strong = [.. Seeds(set, "strong", 9)];
        using var json = Json(set, [$"weak={string.Join(',', weak)}", $"strong={string.Join(',', strong)}", "--primary", "AP50"]);
        var pair = json.RootElement.GetProperty("pairs")[0];
        Assert.Equal("better", pair.GetProperty("verdict").GetString());
        Assert.StartsWith("strong is better than weak in AP50: ", pair.GetProperty("sentence").GetString());
        Assert.Equal([3, 3], json.RootElement.GetProperty("detectors").EnumerateArray().Select(detector => detector.GetProperty("runs").GetInt32()));
        Assert.True(pair.GetProperty("primary").GetProperty("low").GetDouble() > 0);
        using var reverse = Json(set, [$"strong={string.Join(',', strong)}", $"weak={string.Join(',', weak)}", "--primary", "AP50"]);
        Assert.Equal("worse", reverse.RootElement.GetProperty("pairs")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public void One_run_a_side_says_nothing_beyond_these_images()
    {
        using var set = ResultSet.Large();
        var run = CliRun.Of("compare", set.Detector("weak.json", 4, 2), set.Detector("strong.json", 9, 2), "--truth", set.Truth, "--primary", "AP50");
        Assert.Equal(ExitCode.Done, run.Code);
        var text = string.Join(' ', run.Lines);
        Assert.Contains("On images such as these strong as trained is better than weak in AP50", text);
        Assert.Contains("cannot be told under 3 seeds a side", text);
        Assert.Contains("This truth shows differences from 0.", text);
    }

    [Fact]
    public void The_default_endpoint_is_AP_of_the_rarest_classes_and_an_unknown_one_is_refused()
    {
        using var set = ResultSet.Large();
        string[] line = ["compare", set.Detector("a.json", 9, 2), set.Detector("b.json", 9, 2, 1), "--truth", set.Truth];
        Assert.Contains("decided by AP common", string.Join(' ', CliRun.Of(line).Lines));
        var wrong = CliRun.Of([.. line, "--primary", "AP rarest"]);
        Assert.Equal(ExitCode.BadInput, wrong.Code);
        Assert.Contains("AP of class 'boat'", wrong.Error);
    }

    [Fact]
    public void The_view_is_as_it_was()
    {
        using var set = ResultSet.Large();
        var summary = Summary(set);
        using var text = new StringWriter { NewLine = "\n" };
        ComparisonView.Write(new(text, TextWriter.Null, CliRun.Plain), summary, "report.html");
        Snapshot.Check("ComparisonView.txt", text.ToString());
    }

    [Fact]
    public void Tables_are_as_they_were()
    {
        using var set = ResultSet.Large();
        var run = CliRun.Of(
            "compare", $"first={set.Detector("a.json", 5, 2)}", $"second={set.Detector("b.json", 9, 3)}", "--truth", set.Truth, "--csv", set["t.csv"], "--latex", set["t.tex"], "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Snapshot.Check("Comparison.csv.txt", Rounded(File.ReadAllText(set["t.csv"])));
        Snapshot.Check("Comparison.tex.txt", File.ReadAllText(set["t.tex"]));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(160)]
    public void Lines_fit_the_terminal_and_are_few(int width)
    {
        using var set = ResultSet.Large();
        var run = CliRun.In(CliRun.Plain with { Width = width }, "compare", set.Detector("a.json", 5, 2), set.Detector("b.json", 9, 3), set.Detector("c.json", 7, 3), "--truth", set.Truth);
        Assert.All(run.Lines, line => Assert.InRange(line.Length, 0, width));
        if (width >= 80) Assert.InRange(run.Lines.Count, 5, 39);
        foreach (var name in new[] { "a", "b", "c" }) Assert.Contains(name, run.Lines[0]);
    }

    [Fact]
    public void Folds_are_pooled_and_files_that_share_images_are_no_folds()
    {
        using var set = ResultSet.Large();
        var whole = set.Detector("whole.json", 9, 2);
        using var rows = JsonDocument.Parse(File.ReadAllText(whole));
        var early = set.Write("early.json", $"[{string.Join(',', rows.RootElement.EnumerateArray().Where(row => row.GetProperty("image_id").GetInt32() <= 60))}]");
        var late = set.Write("late.json", $"[{string.Join(',', rows.RootElement.EnumerateArray().Where(row => row.GetProperty("image_id").GetInt32() > 60))}]");
        using var json = Json(set, [whole, $"pooled={early},{late}", "--folds"]);
        Assert.Equal(0, json.RootElement.GetProperty("pairs")[0].GetProperty("primary").GetProperty("difference").GetDouble(), 12);
        Assert.Equal(1, json.RootElement.GetProperty("detectors")[1].GetProperty("runs").GetInt32());
        var shared = CliRun.Of("compare", whole, $"b={whole},{early}", "--truth", set.Truth, "--folds");
        Assert.Equal(ExitCode.BadInput, shared.Code);
        Assert.Contains("Compare them as seeds instead", shared.Error);
    }

    [Fact]
    public void Sides_of_one_name_are_refused_and_a_single_one_is_too_few()
    {
        using var set = ResultSet.Large();
        var file = set.Detector("a.json", 9, 2);
        var twice = CliRun.Of("compare", file, file, "--truth", set.Truth);
        Assert.Equal(ExitCode.BadInput, twice.Code);
        Assert.Contains("name them apart, as in first=", twice.Error);
        Assert.Equal(ExitCode.Done, CliRun.Of("compare", file, $"b={file}", "--truth", set.Truth, "-q").Code);
        Assert.Equal(ExitCode.Usage, CliRun.Of("compare", file, "--truth", set.Truth).Code);
        Assert.Equal(ExitCode.BadInput, CliRun.Of("compare", "a=,", file, "--truth", set.Truth).Code);
    }

    [Fact]
    public void Hostile_names_are_harmless()
    {
        using var set = ResultSet.Large();
        var run = CliRun.Of("compare", $"[red]\u001b[31m={set.Detector("a.json", 5, 2)}", $"\u202eb={set.Detector("b.json", 9, 2)}", "--truth", set.Truth, "-o", set["r.html"]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u202e', run.Output);
        Assert.True(File.Exists(set["r.html"]));
    }

    [Fact]
    public void A_stopped_comparison_ends_with_130_and_leaves_nothing()
    {
        using var set = ResultSet.Large();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var run = CliRun.In(CliRun.Plain, stop.Token, "compare", set.Detector("a.json", 5, 2), set.Detector("b.json", 9, 3), "--truth", set.Truth, "--csv", set["t.csv"]);
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.False(File.Exists(set["t.csv"]));
    }

    private static IEnumerable<string> Seeds(ResultSet set, string name, int carsOfTen) => Enumerable.Range(0, 3).Select(seed => set.Detector($"{name}{seed}.json", carsOfTen, 2, seed));

    private static ComparisonSummary Summary(ResultSet set)
    {
        var truth = DetectionDataset.Load(set.Truth);
        return ComparisonSummary.Of(
            truth,
            [
                new("plain", [.. Seeds(set, "a", 4).Select(path => DetectionResults.Read(path, truth))]),
                new("focal", [.. Seeds(set, "b", 9).Select(path => DetectionResults.Read(path, truth))]),
            ],
            new() { Primary = "AP50" });
    }

    /// <summary>Bootstrap figures to six digits: sums of doubles in lanes of another width differ in the last ones.</summary>
    private static string Rounded(string csv)
        => System.Text.RegularExpressions.Regex.Replace(csv, @"-?\d+\.\d+(E-?\d+)?", match => Math.Round(double.Parse(match.Value), 6).ToString("0.######"));

    private static JsonDocument Json(ResultSet set, string[] line)
    {
        var run = CliRun.Of(["compare", .. line, "--truth", set.Truth, "--json"]);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return JsonDocument.Parse(run.Output);
    }
}
