using System.Text.Json;
using Ballast.Cli;
using Ballast.Tests.Formats;

namespace Ballast.Tests.Cli;

public class DiagnoseCommandTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)> [bold]\u001b[31m\u202e";

    [Fact]
    public void The_view_is_as_it_was()
    {
        using var text = new StringWriter { NewLine = "\n" };
        DiagnosisView.Write(new(text, TextWriter.Null, CliRun.Plain), Diagnosis.Of(MadeData.WithCounts([300, 60, 12])), "report.html");
        var path = Path.Combine(Repository.Root, "tests", "Ballast.Tests", "Cli", "DiagnoseView.txt");
        if (Environment.GetEnvironmentVariable("BALLAST_SNAPSHOTS") == "write") File.WriteAllText(path, text.ToString());
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text.ToString());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(240)]
    public void Lines_fit_the_terminal(int width)
    {
        using var set = SampleSet.Write();
        var run = Diagnose(set, CliRun.Plain with { Width = width });
        Assert.All(run.Lines, line => Assert.InRange(line.Length, 0, width));
        if (width >= 80) Assert.InRange(run.Lines.Count, 10, 39);
    }

    [Fact]
    public void Every_finding_has_its_verdict_and_a_command_is_given_first()
    {
        using var set = SampleSet.Write();
        var run = Diagnose(set);
        foreach (var subject in new[] { "foreground-foreground", "foreground-background", "boxes", "pyramid levels", "IoU of positives", "location", "regression loss", "classes against boxes" })
            Assert.Contains(run.Lines, line => line.Contains(subject) && new[] { "SEVERE", "mild", "balanced", "cannot tell" }.Any(line.EndsWith));
        Assert.Contains("What to do first", run.Lines);
        Assert.Contains(run.Lines, line => line.StartsWith("     ballast ", StringComparison.Ordinal));
        Assert.StartsWith("report: ", run.Lines[^1]);
    }

    [Fact]
    public void Notes_go_to_stderr_and_say_what_the_data_were_taken_for()
    {
        using var set = SampleSet.Write();
        var notes = Diagnose(set).Error.Split('\n');
        Assert.Equal("set: Pascal VOC, 60 images, parts train, val", notes[0]);
        Assert.StartsWith("None of the 60 images", notes[1]);
    }

    [Fact]
    public void Quiet_prints_a_line_a_finding_and_no_notes()
    {
        using var set = SampleSet.Write();
        var run = Diagnose(set, CliRun.Plain, "--quiet");
        Assert.Equal("", run.Error);
        Assert.Equal(Diagnosis.Of(set.Load()).Findings.Count, run.Lines.Count);
        Assert.StartsWith("class", run.Lines[0]);
    }

    [Fact]
    public void Colour_is_an_addition()
    {
        using var set = SampleSet.Write();
        var colored = Diagnose(set, CliRun.Plain with { Color = true }).Output;
        Assert.Contains("\u001b[", colored);
        Assert.Equal(Diagnose(set).Output, System.Text.RegularExpressions.Regex.Replace(colored, "\u001b\\[[0-9;]*m", ""));
    }

    [Fact]
    public void Without_unicode_everything_is_ascii()
    {
        using var set = SampleSet.Write(20, "Straße", "中文", "ok");
        var run = Diagnose(set, CliRun.Plain with { Unicode = false });
        Assert.All(run.Output + run.Error, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"U+{(int)c:X4}"));
    }

    [Fact]
    public void Hostile_names_are_harmless_and_readable()
    {
        using var set = SampleSet.Write(20, Hostile.Replace("\u001b", "", StringComparison.Ordinal), "[/]", "{{0}}");
        var run = Diagnose(set);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.DoesNotContain('\u202e', run.Output);
        Assert.Contains("[bold]", string.Concat(run.Lines.Select(line => line.Trim())).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_paths_are_harmless_in_errors()
    {
        var run = CliRun.Of("diagnose", $"no\u001b[2J\nballast: all is well{Hostile}", "--json");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain(run.Error.TrimEnd('\n'), char.IsControl);
    }

    [Fact]
    public void Json_is_the_library_s_and_writes_no_report()
    {
        using var set = SampleSet.Write();
        var run = CliRun.Of("diagnose", set.Root, "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(60, json.RootElement.GetProperty("dataset").GetProperty("images").GetInt32());
        Assert.Equal(388, json.RootElement.GetProperty("dataset").GetProperty("boxes").GetInt32());
        var finding = json.RootElement.GetProperty("findings")[0];
        Assert.Equal("class-foreground", finding.GetProperty("id").GetString());
        Assert.Equal(362 / 6.0, finding.GetProperty("measures").GetProperty("ratio").GetDouble(), 12);
    }

    [Fact]
    public void Options_reach_the_diagnosis()
    {
        using var set = SampleSet.Write();
        var run = CliRun.Of("diagnose", set.Root, "--json", "--profile", "faster-rcnn", "--input-side", "400x600", "--part", "val", "--no-anchors");
        using var json = JsonDocument.Parse(run.Output);
        var dataset = json.RootElement.GetProperty("dataset");
        Assert.Equal(("faster-rcnn", "400x600", 12), (dataset.GetProperty("profile").GetString(), dataset.GetProperty("inputSide").GetString(), dataset.GetProperty("images").GetInt32()));
        Assert.Contains("--no-anchors", run.Output);
    }

    [Fact]
    public void A_profile_may_be_a_file()
    {
        using var set = SampleSet.Write(10);
        var profile = set.Beside("profile.json");
        File.WriteAllText(profile, (DetectorProfile.RetinaNet with { Name = "mine" }).ToJson());
        var run = CliRun.Of("diagnose", set.Root, "--json", "--profile", profile);
        Assert.Contains("\"profile\": \"mine\"", run.Output);
    }

    [Fact]
    public void Counts_can_be_kept_and_compared_with()
    {
        using var set = SampleSet.Write();
        var summary = set.Beside("summary.json");
        Assert.Equal(ExitCode.Done, CliRun.Of("diagnose", set.Root, "--json", "--save", summary).Code);
        Assert.Equal(60, DatasetSummary.Load(summary).Images);
        Assert.Equal(ExitCode.Done, CliRun.Of("diagnose", set.Root, "--json", "--baseline", summary).Code);
        var run = CliRun.Of("diagnose", set.Root, "--json", "--baseline", set["Annotations/0000.xml"]);
        Assert.Equal(ExitCode.BadInput, run.Code);
    }

    [Fact]
    public void Several_data_sets_are_drawn_over_the_first()
    {
        using var one = SampleSet.Write();
        using var other = SampleSet.Write(30);
        var run = CliRun.Of("diagnose", one.Root, other.Root, "-o", one.Beside("report.html"));
        Assert.Equal(2, run.Error.Split('\n').Count(line => line.StartsWith("set: Pascal VOC, ", StringComparison.Ordinal)));
        Assert.StartsWith("set with set drawn over it · 60 images", run.Output);
    }

    [Fact]
    public void Strict_reading_stops_at_a_flaw_with_3()
    {
        using var set = SampleSet.Write();
        var run = CliRun.Of("diagnose", set.Root, "--json", "--strict");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal("", run.Output);
        Assert.Contains("0001.jpg", run.Error);
        Assert.Equal(ExitCode.Done, CliRun.Of("diagnose", set.Root, "--json", "--repair").Code);
    }

    [Fact]
    public void A_data_set_without_anything_gets_a_view_that_says_so()
    {
        using var set = new AnnotationFolder();
        set.Add("Annotations/a.xml", "<annotation><filename>a.jpg</filename><size><width>64</width><height>48</height></size></annotation>");
        var run = Diagnose(set);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("1 image · 0 boxes · 0 classes · no flaw", run.Output);
        Assert.Contains("there is no box", run.Output);
    }

    [Fact]
    public void A_stopped_diagnosis_ends_with_130_and_leaves_nothing()
    {
        using var set = SampleSet.Write();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var run = CliRun.In(CliRun.Plain, stop.Token, "diagnose", set.Root, "-o", set.Beside("report.html"), "--save", set.Beside("s.json"));
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Equal("", run.Output);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(set.Root)!));
    }

    [Fact]
    public void A_run_adds_what_only_training_shows()
    {
        using var set = SampleSet.Write();
        using var made = new Telemetry.MadeRun();
        made.With([.. Telemetry.MadeRun.Steps(), .. Telemetry.MadeRun.Looks([20, 1, 1], [1, 1, 1])]);
        var output = Diagnose(set, CliRun.Plain, "--run", made.Folder).Output;
        foreach (var subject in new[] { "classes against boxes", "learned by heart", "gradients by level", "IoU by stage", "loss on own predictions" }) Assert.Contains(subject, output);
        Assert.Contains("classes rule the shared maps", output);
        Assert.Contains("20 looks inside a step", File.ReadAllText(set.Beside("report.html")));
        using var json = JsonDocument.Parse(CliRun.In(CliRun.Plain, "diagnose", set.Root, "--run", made.Folder, "--json").Output);
        Assert.Contains("scale-level-run", json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()));
    }

    [Fact]
    public void A_run_is_diagnosed_with_the_detector_that_was_trained_unless_another_is_named()
    {
        using var set = SampleSet.Write();
        using var made = new Telemetry.MadeRun();
        made.With(Telemetry.MadeRun.Steps());
        File.WriteAllText(Path.Combine(made.Folder, "recipe.json"), """{ "detector": { "type": "faster-rcnn", "profile": { "name": "faster-rcnn", "input": { "short": 240, "long": 320 }, "anchors": { "levels": [{ "name": "P3", "stride": 8, "sizes": [32], "ratios": [1] }] }, "assigner": { "positiveIoU": 0.7, "negativeIoU": 0.3 }, "poolsRegions": true } } }""");
        (string?, string?) Looked(params string[] more)
        {
            using var json = JsonDocument.Parse(CliRun.In(CliRun.Plain, ["diagnose", set.Root, "--run", made.Folder, "--json", .. more]).Output);
            var dataset = json.RootElement.GetProperty("dataset");
            return (dataset.GetProperty("profile").GetString(), dataset.GetProperty("inputSide").GetString());
        }

        Assert.Equal(("faster-rcnn", "240x320"), Looked());
        Assert.Equal(("faster-rcnn", "480x640"), Looked("--input-side", "480x640"));
        Assert.Equal(("ssd", "300x300!"), Looked("--profile", "ssd"));
    }

    [Fact]
    public void A_run_that_is_not_there_is_bad_input()
    {
        using var set = SampleSet.Write();
        var run = CliRun.In(CliRun.Plain, "diagnose", set.Root, "--run", set.Beside("nothing"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("holds no training run", run.Error);
    }

    private static CliRun Diagnose(AnnotationFolder set, TerminalInfo? info = null, params string[] more)
    {
        var run = CliRun.In(info ?? CliRun.Plain, ["diagnose", set.Root, "-o", set.Beside("report.html"), .. more]);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return run;
    }
}
