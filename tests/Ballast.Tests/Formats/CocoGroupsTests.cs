using Ballast.Tests.Cli;

namespace Ballast.Tests;

public sealed class CocoGroupsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-groups-").FullName;

    private string Source => Path.Combine(_folder, "a.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_video_or_scene_of_an_image_is_its_group_by_number_or_name()
    {
        Write("\"video_id\":7", "\"scene\":\"harbour\"", "\"video\":null", "\"group\":\"7\"");
        var images = DetectionDataset.Load(Source).Images;
        Assert.Equal(["7", "harbour"], images.GroupNames);
        Assert.Equal([0, 1, -1, 0], Enumerable.Range(0, 4).Select(images.Group));
    }

    [Fact]
    public void Groups_come_back_after_writing()
    {
        Write("\"video_id\":7", "\"scene\":\"harbour\"", "\"video\":null", "\"group\":\"7\"");
        var saved = DetectionDataset.Load(Source).Save(Path.Combine(_folder, "out"), "coco");
        Assert.Empty(saved.Losses);
        var images = DetectionDataset.Load(saved.Folder).Images;
        Assert.Equal(["7", "", "7"], new[] { 0, 2, 3 }.Select(image => images.Group(image) < 0 ? "" : images.GroupNames[images.Group(image)]));
    }

    [Fact]
    public void A_diagnosis_draws_groups_apart_and_says_when_there_are_none()
    {
        Write("\"video_id\":7", "\"video_id\":8", "\"video_id\":8", "\"video_id\":7");
        Assert.Equal(0, CliRun.Of("diagnose", Source, "--by", "group", "--json").Code);
        var options = new DiagnosisOptions { Anchors = false, By = SliceBy.Group };
        var shares = Diagnosis.Of(DetectionDataset.Load(Source), options).Finding("class-foreground").Figures.OfType<BarFigure>().Single(figure => figure.Title.StartsWith("Share of boxes", StringComparison.Ordinal));
        Assert.Equal(["all", "7", "8"], shares.Series.Select(series => series.Name));
        Write("\"width\":9");
        var run = CliRun.Of("diagnose", Source, "--by", "group", "--json");
        Assert.Equal(3, run.Code);
        Assert.Contains("has no groups", run.Error, StringComparison.Ordinal);
    }

    private void Write(params string[] properties)
    {
        var images = string.Join(',', properties.Select((property, i) => $$"""{"id":{{i + 1}},"file_name":"{{i}}.jpg","width":100,"height":80,{{property}}}"""));
        var boxes = string.Join(',', properties.Select((_, i) => $$"""{"id":{{i + 1}},"image_id":{{i + 1}},"category_id":1,"bbox":[5,5,20,{{20 + i}}],"area":400,"iscrowd":0}"""));
        File.WriteAllText(Source, $$"""{"images":[{{images}}],"annotations":[{{boxes}}],"categories":[{"id":1,"name":"a"}]}""");
    }
}
