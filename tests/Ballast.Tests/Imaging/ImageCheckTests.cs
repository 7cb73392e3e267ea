namespace Ballast.Tests.Imaging;

public class ImageCheckTests
{
    [Fact]
    public void Each_flaw_of_an_image_file_is_found_and_named()
    {
        using var folder = new TestFolder();
        var picture = TestImages.Picture(40, 30);
        var jpeg = TestImages.Encode(picture, ImageCodec.Jpeg);
        folder.Put("good.jpg", jpeg);
        folder.Put("cut.jpg", jpeg[..^60]);
        folder.Put("cut.png", TestImages.RgbPng(picture)[..^30]);
        folder.Put("text.jpg", "no image"u8.ToArray());
        folder.Put("tiny.png", TestImages.RgbPng(TestImages.Picture(9, 30)));
        folder.Put("other.jpg", jpeg);
        folder.Put("turned.jpg", TestImages.WithExif(jpeg, 6));
        folder.Put("stored.jpg", TestImages.WithExif(jpeg, 8));
        folder.Put("trailer.jpg", [.. jpeg, .. new byte[5000]]);
        folder.Put("tiff.tif", TestImages.Tiff(40, 30, 1, little: true));
        var data = folder.Dataset(
            "",
            new("good.jpg", 40, 30),
            new("cut.jpg", 40, 30),
            new("cut.png", 40, 30),
            new("text.jpg"),
            new("tiny.png", 9, 30),
            new("other.jpg", 80, 60),
            new("turned.jpg", 30, 40),
            new("stored.jpg", 40, 30),
            new("trailer.jpg", 40, 30),
            new("tiff.tif", 40, 30),
            new("gone.jpg", 40, 30));
        var result = ImageCheck.Run(data);
        Assert.Equal((11, 10), (result.Checked, result.Found));
        Assert.Null(result.NothingFound);
        Assert.Equal(
            [
                ("image-missing", "gone.jpg"), ("image-rotated", "turned.jpg"), ("image-rotated", "stored.jpg"), ("image-size-mismatch", "other.jpg"), ("image-tiny", "tiny.png"),
                ("image-truncated", "cut.jpg"), ("image-truncated", "cut.png"), ("image-unreadable", "text.jpg"),
            ],
            result.Flaws.Listed.Select(flaw => (flaw.Code.Code, flaw.File)));
        Assert.Contains("the displayed size", Detail(result, "turned.jpg"), StringComparison.Ordinal);
        Assert.Contains("the stored size", Detail(result, "stored.jpg"), StringComparison.Ordinal);
        Assert.Equal("annotations 80x60, image 40x30", Detail(result, "other.jpg"));
    }

    [Fact]
    public void A_header_over_the_limit_is_a_flaw_and_not_decoded()
    {
        using var folder = new TestFolder();
        folder.Put("a.png", TestImages.RgbPng(TestImages.Picture(1200, 1000)));
        var data = folder.Dataset("", new TestImage("a.png", 1200, 1000));
        Assert.Equal(1, ImageCheck.Run(data, new() { MaxMegapixels = 1, Decode = true }).Flaws.CountOf(FlawCode.ImageTooLarge));
        Assert.Equal(0, ImageCheck.Run(data, new() { MaxMegapixels = 2, Decode = true }).Flaws.Count);
    }

    [Fact]
    public void Damage_in_the_middle_is_found_by_a_full_decode_only()
    {
        using var folder = new TestFolder();
        var file = TestImages.RgbPng(TestImages.Picture(200, 200));
        for (var i = file.Length / 2; i < file.Length / 2 + 40; i++) file[i] ^= 0x5A;
        folder.Put("a.png", file);
        var data = folder.Dataset("", new TestImage("a.png", 200, 200));
        Assert.Equal(0, ImageCheck.Run(data).Flaws.Count);
        var flaws = ImageCheck.Run(data, new() { Decode = true }).Flaws;
        Assert.Equal(1, flaws.CountOf(FlawCode.ImageTruncated) + flaws.CountOf(FlawCode.ImageUnreadable));
    }

    [Fact]
    public void When_no_image_is_found_one_sentence_says_where_was_searched()
    {
        using var folder = new TestFolder();
        var data = folder.Dataset("", [.. Enumerable.Range(0, 100).Select(i => new TestImage($"{i}.jpg", 10, 10))]);
        var result = ImageCheck.Run(data);
        Assert.Equal(1, result.Flaws.Count);
        Assert.Contains("None of the 100 images", result.NothingFound, StringComparison.Ordinal);
        Assert.Contains(folder.Path, result.NothingFound, StringComparison.Ordinal);
        Assert.Contains("--images", result.NothingFound, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leads_outside_is_a_flaw_of_its_own()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Links need rights on Windows.");
        using var folder = new TestFolder();
        folder.Put("secret/a.jpg", TestImages.File(ImageCodec.Jpeg, 20, 20));
        folder.Put("one/set/b.jpg", TestImages.File(ImageCodec.Jpeg, 20, 20));
        folder.Link("one/set/a.jpg", folder["secret/a.jpg"]);
        var result = ImageCheck.Run(folder.Dataset("one/set", new("a.jpg", 20, 20), new("b.jpg", 20, 20)));
        Assert.Equal(1, result.Flaws.CountOf(FlawCode.OutsidePath));
        Assert.Equal(1, result.Flaws.Count);
    }

    [Fact]
    public void Images_in_a_zip_are_checked_like_those_in_a_folder()
    {
        using var folder = new TestFolder();
        var jpeg = TestImages.File(ImageCodec.Jpeg, 40, 30);
        folder.Zip("set.zip", ("images/a.jpg", jpeg), ("images/b.jpg", jpeg[..^60]), ("images/c.jpg", [7, 7]));
        var result = ImageCheck.Run(folder.Dataset("set.zip", new("a.jpg", 40, 30), new("b.jpg", 40, 30), new("c.jpg", 40, 30)));
        Assert.Equal(["image-truncated", "image-unreadable"], result.Flaws.Listed.Select(flaw => flaw.Code.Code));
    }

    [Fact]
    public void A_subset_is_checked_alone_and_nothing_at_all_is_fine()
    {
        using var folder = new TestFolder();
        folder.Put("a.jpg", TestImages.File(ImageCodec.Jpeg, 20, 20));
        var data = folder.Dataset("", new("a.jpg", 20, 20), new("gone.jpg", 20, 20));
        Assert.Equal(0, ImageCheck.Run(data, new() { Images = [0] }).Flaws.Count);
        Assert.Equal(0, ImageCheck.Run(data, new() { Images = [] }).Flaws.Count);
        Assert.Null(ImageCheck.Run(folder.Dataset("")).NothingFound);
    }

    [Fact]
    public void Strict_checking_stops_with_the_first_flaw()
    {
        using var folder = new TestFolder();
        folder.Put("a.jpg", TestImages.File(ImageCodec.Jpeg, 20, 20));
        var data = folder.Dataset("", new("a.jpg", 20, 20), new("gone.jpg", 20, 20));
        var error = Assert.Throws<InputException>(() => ImageCheck.Run(data, new() { Flaws = FlawPolicy.Strict }));
        Assert.Contains("gone.jpg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Found_flaws_join_a_data_set_and_replace_those_looked_for_anew()
    {
        using var folder = new TestFolder();
        folder.Put("a.jpg", TestImages.File(ImageCodec.Jpeg, 20, 20));
        var data = folder.Dataset("", new("a.jpg", 20, 20) { Boxes = [("cat", BoxMarks.None, 5, 5, 5, 9)] }, new("gone.jpg", 20, 20));
        var flaws = ImageCheck.Run(data).Flaws;
        var twice = data.WithFlaws(flaws).WithFlaws(flaws);
        Assert.Equal((1, 2), (twice.Flaws.CountOf(FlawCode.BoxZeroSize), twice.Flaws.CountOf(FlawCode.ImageMissing)));
        Assert.Equal(1, data.WithFlaws(flaws).WithFlaws(flaws, ImageCheck.Codes).Flaws.CountOf(FlawCode.ImageMissing));
        Assert.Equal(0, data.Flaws.CountOf(FlawCode.ImageMissing));
    }

    [Fact]
    public void Checking_reports_progress_and_can_be_stopped()
    {
        using var folder = new TestFolder();
        folder.Put("a.jpg", TestImages.File(ImageCodec.Jpeg, 20, 20));
        var data = folder.Dataset("", [.. Enumerable.Range(0, 70).Select(_ => new TestImage("a.jpg", 20, 20))]);
        var most = new Most();
        ImageCheck.Run(data, new() { Progress = most });
        Assert.Equal(1, most.Value);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ImageCheck.Run(data, new() { Cancellation = stopped.Token }));
    }

    private static string Detail(ImageCheckResult result, string file) => result.Flaws.Listed.Single(flaw => flaw.File == file).Detail;

    private sealed class Most : IProgress<double>
    {
        private readonly Lock _lock = new();

        public double Value { get; private set; }

        public void Report(double value)
        {
            lock (_lock) Value = Math.Max(Value, value);
        }
    }
}
