using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class EvaluateCommandTests
{
    private const string Hostile = "</script>[bold]\u001b[31m\u202e{0}";

    [Fact]
    public void Json_holds_COCO_s_figures_and_each_class()
    {
        using var set = ResultSet.Small();
        using var json = Json(set);
        var root = json.RootElement;
        // boat: 51 of the 101 recalls (0 to 0.50) are reached, with precision 1/2.
        const double boat = 51 * 0.5 / 101;
        Assert.Equal((1 + boat) / 2, root.GetProperty("AP").GetDouble(), 12);
        Assert.Equal((1 + boat) / 2, root.GetProperty("AP50").GetDouble(), 12);
        Assert.Equal(1, root.GetProperty("APm").GetDouble(), 12);
        Assert.Equal(boat, root.GetProperty("APl").GetDouble(), 12);
        // With one detection an image and class boat finds nothing: its false alarm comes first.
        Assert.Equal(0.5, root.GetProperty("AR1").GetDouble(), 12);
        Assert.Equal(0.75, root.GetProperty("AR100").GetDouble(), 12);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("APs").ValueKind);
        Assert.Equal(-1, root.GetProperty("coco").GetProperty("APs").GetDouble());
        Assert.Equal(boat, root.GetProperty("coco").GetProperty("APl").GetDouble(), 12);
        foreach (var name in new[] { "AP75", "AR10", "ARs", "ARm", "ARl", "intervals", "lrp", "errors", "slices", "notes", "flaws", "mapping", "verdict" })
            Assert.True(root.TryGetProperty(name, out _), name);
        var classes = root.GetProperty("classes");
        Assert.Equal(["car", "boat", "never"], classes.EnumerateArray().Select(each => each.GetProperty("name").GetString()));
        Assert.Equal(boat, classes[1].GetProperty("AP").GetDouble(), 12);
        Assert.Equal(10, classes[1].GetProperty("APByIoU").GetArrayLength());
        // All of car is taken: the least LRP needs its lower score. boat: one hit, one alarm, one miss, at 0.6; 2 / 3.
        Assert.Equal(0.8, classes[0].GetProperty("threshold").GetDouble());
        Assert.Equal(0.6, classes[1].GetProperty("threshold").GetDouble());
        Assert.Equal(2 / 3.0, classes[1].GetProperty("lrp").GetProperty("error").GetDouble(), 12);
        Assert.Equal(JsonValueKind.Null, classes[2].GetProperty("AP").ValueKind);
        Assert.Equal(JsonValueKind.Null, classes[2].GetProperty("threshold").ValueKind);
        Assert.Equal(1 / 3.0, root.GetProperty("lrp").GetProperty("error").GetDouble(), 12);
        Assert.Equal("Images are named by id; classes are named by id.", root.GetProperty("mapping").GetString());
        Assert.Equal(["classification", "localization", "both", "duplicate", "background", "miss"], root.GetProperty("errors").GetProperty("kinds").EnumerateArray().Select(each => each.GetProperty("kind").GetString()));
        Assert.Equal(["class-frequency", "size", "pyramid-level", "zone", "crowding"], root.GetProperty("slices").EnumerateArray().Select(axis => axis.GetProperty("by").GetString()));
    }

    [Fact]
    public void The_view_is_as_it_was()
    {
        using var set = ResultSet.Large();
        var detections = set.Detector("found.json", 9, 2);
        using var text = new StringWriter { NewLine = "\n" };
        var truth = DetectionDataset.Load(set.Truth);
        EvaluationView.Write(new(text, TextWriter.Null, CliRun.Plain), EvaluationSummary.Of(detections, truth), "found.json", "report.html", "ballast diagnose truth.json");
        Snapshot.Check("EvaluationView.txt", text.ToString());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(200)]
    public void Lines_fit_the_terminal(int width)
    {
        using var set = ResultSet.Large();
        var run = CliRun.In(CliRun.Plain with { Width = width }, "evaluate", set.Detector("found.json", 9, 2), "--truth", set.Truth);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.All(run.Lines, line => Assert.InRange(line.Length, 0, width));
        if (width >= 80) Assert.InRange(run.Lines.Count, 10, 39);
    }

    [Fact]
    public void A_class_that_is_rare_and_missed_is_what_costs_AP()
    {
        using var set = ResultSet.Large();
        var run = CliRun.Of("evaluate", set.Detector("found.json", 9, 2), "--truth", set.Truth);
        Assert.Contains("Class frequency costs 0.", run.Output);
        Assert.Contains("95 %: ", run.Output);
        Assert.Matches(@"(?m)^  boat +0\.\d+ +0\.\d+-0\.\d+ +12 ", run.Output);
    }

    [Fact]
    public void Colour_and_unicode_are_additions()
    {
        using var set = ResultSet.Large();
        var found = set.Detector("found.json", 9, 2);
        var plain = CliRun.Of("evaluate", found, "--truth", set.Truth).Output;
        var colored = CliRun.In(CliRun.Plain with { Color = true }, "evaluate", found, "--truth", set.Truth).Output;
        Assert.Contains("\u001b[", colored);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(colored, "\u001b\\[[0-9;]*m", ""));
        var ascii = CliRun.In(CliRun.Plain with { Unicode = false }, "evaluate", found, "--truth", set.Truth).Output;
        Assert.All(ascii, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"U+{(int)c:X4}"));
    }

    [Fact]
    public void Hostile_names_are_harmless()
    {
        using var set = ResultSet.Small(Hostile, string.Concat(Enumerable.Repeat("中文", 40)));
        var run = CliRun.Of("evaluate", set.Detections, "--truth", set.Truth, "-o", set["r.html"]);
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u202e', run.Output);
        Assert.Contains("[bold]", run.Output);
        Assert.Contains("中文", run.Output);
        Assert.DoesNotContain("</script>[bold]", File.ReadAllText(set["r.html"]));
    }

    [Fact]
    public void Quiet_prints_the_verdict_and_a_line_a_figure()
    {
        using var set = ResultSet.Small();
        var run = CliRun.Of("evaluate", set.Detections, "--truth", set.Truth, "--quiet");
        Assert.Equal("", run.Error);
        Assert.Equal(13, run.Lines.Count);
        Assert.Equal("APs   -", run.Lines[4]);
        Assert.Equal("AR100 0.750", run.Lines[9]);
    }

    [Fact]
    public void A_mapping_that_fits_twice_is_refused_with_the_option_that_decides()
    {
        using var set = ResultSet.Small();
        var found = set.Write("one.json", """[{"image_id":10,"category_id":1,"bbox":[200,100,100,100],"score":0.9}]""");
        var refused = CliRun.Of("evaluate", found, "--truth", set.Truth, "--json");
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("by place, from 0", refused.Error);
        Assert.Contains("by place, from 1", refused.Error);
        Assert.Contains("--map-classes: index0 or index1", refused.Error);
        Assert.Contains("by place, from 0.", CliRun.Of("evaluate", found, "--truth", set.Truth, "--json", "--map-classes", "index0").Output);
        Assert.Contains("by place, from 1.", CliRun.Of("evaluate", found, "--truth", set.Truth, "--json", "--map-classes", "index1").Output);
    }

    [Fact]
    public void Images_that_fit_twice_are_refused_with_the_option_that_decides()
    {
        using var set = new ResultSet();
        set.Write("truth.json", """
            {"images":[{"id":2,"file_name":"1.jpg","width":64,"height":64},{"id":1,"file_name":"2.jpg","width":64,"height":64}],"categories":[{"id":1,"name":"a"}],
             "annotations":[{"id":1,"image_id":2,"category_id":1,"bbox":[0,0,9,9],"area":81}]}
            """);
        var found = set.Write("found.json", """[{"image_id":2,"category_id":1,"bbox":[0,0,9,9],"score":0.9}]""");
        var refused = CliRun.Of("evaluate", found, "--truth", set.Truth);
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("--map-images: id or stem", refused.Error);
        Assert.Contains("AP    1.000", CliRun.Of("evaluate", found, "--truth", set.Truth, "--map-images", "id", "-q").Output);
        Assert.Contains("AP    0.000", CliRun.Of("evaluate", found, "--truth", set.Truth, "--map-images", "stem", "-q").Output);
    }

    [Fact]
    public void An_unusable_detection_is_named_by_index_and_id_and_refused_under_strict()
    {
        using var set = ResultSet.Small();
        var found = set.Write("bad.json", """
            [{"image_id":10,"category_id":3,"bbox":[10,10,50,50],"score":0.9},{"image_id":11,"category_id":3,"bbox":[0,0,1,1],"score":0.9},
             {"image_id":10,"category_id":3,"bbox":[0,0,1,1],"score":"high"},{"image_id":20,"category_id":7,"bbox":[0,0,-1,1],"score":0.5}]
            """);
        var run = CliRun.Of("evaluate", found, "--truth", set.Truth, "--json");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("detection 1 of image 11, class 3", run.Error);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            ["detection-negative-size", "detection-score", "detection-unknown-image"],
            json.RootElement.GetProperty("flaws").EnumerateArray().Where(flaw => flaw.GetProperty("of").GetString() == "detections").Select(flaw => flaw.GetProperty("code").GetString()).Order());
        var strict = CliRun.Of("evaluate", found, "--truth", set.Truth, "--json", "--strict");
        Assert.Equal(ExitCode.BadInput, strict.Code);
        Assert.Equal("", strict.Output);
        Assert.Contains("detection 2 of image 10, class 3", strict.Error);
    }

    [Fact]
    public void An_empty_list_gives_zeros_and_no_truth_is_undefined()
    {
        using var set = ResultSet.Small();
        var empty = CliRun.Of("evaluate", set.Write("empty.json", "[]"), "--truth", set.Truth, "-q");
        Assert.Equal(ExitCode.Done, empty.Code);
        Assert.StartsWith("There are no detections: every figure is 0.\nAP    0.000\n", empty.Output);
        set.Write("truth.json", """{"images":[{"id":10,"file_name":"a.jpg","width":64,"height":64}],"categories":[{"id":3,"name":"a"}],"annotations":[]}""");
        var found = set.Write("one.json", """[{"image_id":10,"category_id":3,"bbox":[0,0,9,9],"score":0.9}]""");
        var none = CliRun.Of("evaluate", found, "--truth", set.Truth);
        Assert.Equal(ExitCode.Done, none.Code);
        Assert.Contains("Undefined: there is no truth", none.Output);
        using var json = JsonDocument.Parse(CliRun.Of("evaluate", found, "--truth", set.Truth, "--json").Output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("AP").ValueKind);
        Assert.Equal(-1, json.RootElement.GetProperty("coco").GetProperty("AP").GetDouble());
    }

    [Fact]
    public void Options_reach_the_evaluation()
    {
        using var set = ResultSet.Small();
        using var json = Json(set, "--iou", "0.5,0.7", "--areas", "tiny=0-60,huge=60-", "--limits", "1,5", "--replicates", "0", "--seed", "4", "--profile", "ssd");
        var options = json.RootElement.GetProperty("options");
        Assert.Equal([0.5, 0.7], options.GetProperty("iou").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(["all", "tiny", "huge"], options.GetProperty("areas").EnumerateArray().Select(area => area.GetProperty("name").GetString()));
        Assert.Equal(3600, options.GetProperty("areas")[1].GetProperty("high").GetDouble());
        Assert.Equal([1, 5], options.GetProperty("limits").EnumerateArray().Select(limit => limit.GetInt32()));
        Assert.Equal("ssd", options.GetProperty("profile").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("intervals").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("AP75").ValueKind);
        using var resized = Json(set, "--input-side", "320x320");
        // At a scale of one half a 50 px car has 25 px: small.
        Assert.Equal(1, resized.RootElement.GetProperty("APs").GetDouble(), 12);
    }

    [Fact]
    public void The_classes_of_the_training_set_decide_which_are_rare()
    {
        using var set = ResultSet.Small();
        using var alone = Json(set);
        Assert.Equal("rare", alone.RootElement.GetProperty("classes")[1].GetProperty("frequency").GetString());
        using var large = ResultSet.Large();
        using var trained = Json(set, "--train", large.Truth);
        Assert.Contains("Rare classes", trained.RootElement.GetProperty("groups").GetString());
        Assert.Equal("frequent", trained.RootElement.GetProperty("classes")[0].GetProperty("frequency").GetString());
        Assert.Equal("common", trained.RootElement.GetProperty("classes")[1].GetProperty("frequency").GetString());
    }

    [Fact]
    public void The_page_is_written_where_it_is_asked_for()
    {
        using var set = ResultSet.Small();
        var run = CliRun.Of("evaluate", set.Detections, "--truth", set.Truth, "-o", set["page.html"]);
        Assert.Contains("report: ", run.Output);
        Assert.Contains("<title>Ballast", File.ReadAllText(set["page.html"]));
    }

    [Fact]
    public void A_stopped_evaluation_ends_with_130_and_leaves_nothing()
    {
        using var set = ResultSet.Small();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var run = CliRun.In(CliRun.Plain, stop.Token, "evaluate", set.Detections, "--truth", set.Truth, "-o", set["page.html"]);
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Equal("", run.Output);
        Assert.False(File.Exists(set["page.html"]));
    }

    [Fact]
    public void A_missing_file_or_a_wrong_option_has_its_sentence_and_code()
    {
        using var set = ResultSet.Small();
        Assert.Equal(ExitCode.BadInput, CliRun.Of("evaluate", set["no.json"], "--truth", set.Truth).Code);
        Assert.Equal(ExitCode.BadInput, CliRun.Of("evaluate", set.Detections, "--truth", set["no.json"]).Code);
        Wrong("'--truth' is missing");
        Wrong("'x' in 'x' does not fit: write IoU thresholds", "--truth", "t", "--iou", "x");
        Wrong("IoU thresholds are 0.7, 0.5", "--truth", "t", "--iou", "0.7,0.5");
        Wrong("write area ranges", "--truth", "t", "--areas", "small");
        Wrong("write detection limits", "--truth", "t", "--limits", "1,b");
        Wrong("--replicates is 7; it must be at least 100, or 0 for no intervals.", "--truth", "t", "--replicates", "7");
        Wrong("Did you mean 'index0'?", "--truth", "t", "--map-classes", "index");

        static void Wrong(string sentence, params string[] more)
        {
            var run = CliRun.Of(["evaluate", "found.json", .. more]);
            Assert.Equal(ExitCode.Usage, run.Code);
            Assert.Contains(sentence, run.Error);
        }
    }

    private static JsonDocument Json(ResultSet set, params string[] more)
    {
        var run = CliRun.Of(["evaluate", set.Detections, "--truth", set.Truth, "--json", .. more]);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return JsonDocument.Parse(run.Output);
    }
}
