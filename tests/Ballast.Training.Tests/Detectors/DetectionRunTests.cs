using System.Text.Json;

namespace Ballast.Training.Tests;

[Collection(nameof(Alone))]
public sealed class DetectionRunTests : IDisposable
{
    private static readonly DetectOptions All = new() { MinimumProbability = 0 };

    private readonly TemporaryFolder _folder = new();
    private readonly TrainedDetector _detector = new(SmallDetectors.Of("ssd").Build(PaintedScenes.Facts, seed: 3));

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Images_of_a_folder_are_named_by_their_files_and_read_back_for_evaluation()
    {
        WriteImages("images", 3);
        using var images = ImageSet.Open(_folder.At("images"));
        var run = DetectionRun.Of(_detector, images, All);
        Assert.Equal(3, run.Found.Count);
        Assert.All(run.Found, image => Assert.Equal(_detector.Detect(PaintedScenes.Picture(image.Image), All), image.Objects));
        Assert.Equal(run.Found.Sum(image => image.Objects.Count), run.Counts.Sum());
        run.Save(_folder.At("found.json"));
        var truth = DetectionDataset.Load(WriteCoco(3));
        var table = DetectionResults.Read(_folder.At("found.json"), truth, new() { Images = ImageNaming.File });
        Assert.Equal(run.Counts.Sum(), table.Count);
    }

    [Fact]
    public void Images_of_a_data_set_and_its_classes_go_by_their_ids()
    {
        WriteImages("images", 2);
        using var images = ImageSet.Open(WriteCoco(2), new() { ImageFolders = [_folder.At("images")] });
        var run = DetectionRun.Of(_detector, images, All);
        run.Save(_folder.At("found.json"));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("found.json")));
        Assert.Equal(run.Counts.Sum(), json.RootElement.GetArrayLength());
        Assert.All(json.RootElement.EnumerateArray(), each =>
        {
            Assert.InRange(each.GetProperty("image_id").GetInt64(), 70, 71);
            Assert.Equal(each.GetProperty("category_name").GetString(), each.GetProperty("category_id").GetInt64() switch { 5 => "red", 9 => "green", _ => "blue" });
        });
    }

    [Fact]
    public void An_image_that_cannot_be_decoded_is_skipped_and_named_or_ends_a_strict_run()
    {
        WriteImages("images", 2);
        File.WriteAllText(_folder.At("images/00.png"), "no image");
        using var images = ImageSet.Open(_folder.At("images"));
        var run = DetectionRun.Of(_detector, images, All);
        Assert.Equal(2, run.Found.Count);
        Assert.Contains("00.png", Assert.Single(run.Skipped), StringComparison.Ordinal);
        Assert.Throws<InputException>(() => DetectionRun.Of(_detector, images, All, strict: true));
    }

    [Fact]
    public void Pictures_are_written_apart_even_where_images_share_a_name()
    {
        WriteImages("images", 1);
        WriteImages("images/more", 1);
        using var images = ImageSet.Open(_folder.At("images"));
        var run = DetectionRun.Of(_detector, images, All, _folder.At("pictures"));
        Assert.Equal(2, run.Pictures.Distinct().Count());
        Assert.All(run.Pictures, file => Assert.True(new FileInfo(file).Length > 0));
        Assert.Throws<InputException>(() => DetectionRun.Of(_detector, images, All, _folder.At("images")));
    }

    [Fact]
    public void A_run_that_is_stopped_leaves_no_pictures()
    {
        WriteImages("images", 4);
        using var images = ImageSet.Open(_folder.At("images"));
        using var stop = new CancellationTokenSource();
        var progress = new StopAfter(2, stop);
        Assert.Throws<OperationCanceledException>(() => DetectionRun.Of(_detector, images, All with { Cancellation = stop.Token }, _folder.At("pictures"), progress: progress));
        Assert.False(Directory.Exists(_folder.At("pictures")));
    }

    [Fact]
    public void What_holds_no_image_is_refused()
    {
        Directory.CreateDirectory(_folder.At("empty"));
        Assert.Contains("holds no image", Assert.Throws<InputException>(() => ImageSet.Open(_folder.At("empty"))).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => ImageSet.Open(_folder.At("none"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detections_never_replace_a_file_of_another_kind()
    {
        WriteImages("images", 1);
        using var images = ImageSet.Open(_folder.At("images"));
        File.WriteAllText(_folder.At("notes.txt"), "dear diary");
        Assert.Throws<InputException>(() => DetectionRun.Of(_detector, images, All).Save(_folder.At("notes.txt")));
        Assert.Equal("dear diary", File.ReadAllText(_folder.At("notes.txt")));
    }

    private void WriteImages(string folder, int count)
    {
        Directory.CreateDirectory(_folder.At(folder));
        for (var i = 0; i < count; i++)
        {
            using var file = File.Create(_folder.At($"{folder}/scene{i}.png"));
            ImageFile.Encode(PaintedScenes.Picture(i), file, ImageCodec.Png);
        }
    }

    private string WriteCoco(int count)
    {
        var images = Enumerable.Range(0, count).Select(i => $$"""{ "id": {{70 + i}}, "file_name": "scene{{i}}.png", "width": 128, "height": 128 }""");
        File.WriteAllText(_folder.At("truth.json"), $$"""
            { "images": [{{string.Join(',', images)}}], "annotations": [],
              "categories": [{ "id": 5, "name": "red" }, { "id": 9, "name": "green" }, { "id": 11, "name": "blue" }] }
            """);
        return _folder.At("truth.json");
    }

    /// <summary>Stops a run when so many images are done.</summary>
    private sealed class StopAfter(int images, CancellationTokenSource stop) : IProgress<double>
    {
        private int _done;

        public void Report(double value)
        {
            if (++_done == images) stop.Cancel();
        }
    }
}
