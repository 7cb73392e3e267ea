using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class DemoCommandTests(DemoSet demo) : IClassFixture<DemoSet>
{
    [Fact]
    public void The_demo_is_drawn_diagnosed_measured_and_says_what_is_next()
    {
        Assert.True(demo.Run.Code == ExitCode.Done, demo.Run.Error);
        Assert.StartsWith("shapes · 6 images", demo.Run.Output);
        Assert.Contains("detections.json against shapes", string.Concat(demo.Run.Lines));
        Assert.Contains("  AP50 0.", demo.Run.Output);
        foreach (var page in new[] { "report.html", "evaluation.html" }) Assert.True(File.Exists(Path.Combine(demo.Beside("demo"), page)), page);
        Assert.Contains("next: ballast show ", demo.Run.Error);
    }

    [Fact]
    public void The_same_demo_is_not_drawn_twice_and_another_one_asks_for_its_own_folder()
    {
        var again = CliRun.Of("demo", "-o", demo.Beside("demo"), "--count", "6", "--seed", "3");
        Assert.Equal(demo.Run.Output, again.Output);
        Assert.Contains("drawn by an earlier run", again.Error);
        Assert.Equal(ExitCode.BadInput, CliRun.Of("demo", "-o", demo.Beside("demo"), "--count", "6", "--seed", "4").Code);
    }

    [Fact]
    public void Pictures_are_spread_over_the_data_or_named()
    {
        var run = CliRun.Of("show", demo.Data, "-o", demo.Beside("spread"), "--limit", "2");
        var images = DetectionDataset.Load(demo.Data).Images;
        Assert.Equal([images.File(0), images.File(3)], run.Lines.Select(Path.GetFileName));
        Assert.All(run.Lines, file => Assert.True(new FileInfo(file).Length > 1000));
        run = CliRun.Of("show", demo.Data, "-o", demo.Beside("named"), "--image", "000002", "--image", "#0", "--max-side", "200", "--json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(["000002.jpg", "000001.jpg"], json.RootElement.GetProperty("files").EnumerateArray().Select(file => Path.GetFileName(file.GetString())));
    }

    [Fact]
    public void An_image_that_is_not_there_is_bad_input()
    {
        var run = CliRun.Of("show", demo.Data, "-o", demo.Beside("none"), "--image", "00000l");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("has no image '00000l'", run.Error);
        Assert.False(Directory.Exists(demo.Beside("none")));
    }

    [Fact]
    public void Converting_says_what_was_written_and_lost()
    {
        var run = CliRun.Of("convert", demo.Data, "-o", demo.Beside("yolo"), "--format", "yolo", "--images-mode", "copy");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("YOLO, 6 images, ", run.Output);
        Assert.Contains(", 6 image files", run.Output);
        var (before, after) = (DetectionDataset.Load(demo.Data), DetectionDataset.Load(demo.Beside("yolo")));
        Assert.Equal(before.Boxes.Count, after.Boxes.Count);
        Assert.Equal(ExitCode.BadInput, CliRun.Of("convert", demo.Data, "-o", demo.Beside("yolo"), "--format", "yolo").Code);
    }

    [Fact]
    public void What_a_format_cannot_hold_is_counted_and_refused_under_strict()
    {
        var crowd = demo.Beside("crowd.json");
        File.WriteAllText(crowd, """
            {"images":[{"id":1,"file_name":"a.jpg","width":64,"height":64}],"categories":[{"id":1,"name":"a"}],
             "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,9,9],"area":81,"iscrowd":1,"segmentation":[[1,1,9,1,9,9]]}]}
            """);
        var strict = CliRun.Of("convert", crowd, "-o", demo.Beside("strict"), "--format", "yolo", "--images-mode", "none", "--strict");
        Assert.Equal(ExitCode.BadInput, strict.Code);
        Assert.False(Directory.Exists(demo.Beside("strict")));
        var run = CliRun.Of("convert", crowd, "-o", demo.Beside("lossy"), "--format", "yolo", "--images-mode", "none", "--json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.NotEmpty(json.RootElement.GetProperty("losses").EnumerateArray());
        Assert.Contains("lost: ", CliRun.Of("convert", crowd, "-o", demo.Beside("lossy2"), "--format", "yolo", "--images-mode", "none").Output);
    }
}
