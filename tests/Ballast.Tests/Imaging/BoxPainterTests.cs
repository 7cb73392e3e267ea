using System.Security.Cryptography;

namespace Ballast.Tests.Imaging;

public class BoxPainterTests
{
    [Fact]
    public void A_painted_picture_has_the_same_bytes_on_every_machine()
    {
        using var folder = new TestFolder();
        var picture = new BoxPainter(Crowd(folder)).Paint(0)!;
        Assert.Equal((640, 497), (picture.Width, picture.Height));
        Assert.Equal("4A6E57773EA93BFB0E3A6F31FDFA5D64", Convert.ToHexString(SHA256.HashData(picture.Bytes))[..32]);
    }

    [Fact]
    public void Outlines_stand_on_the_edges_and_the_inside_stays_as_it_is()
    {
        using var folder = new TestFolder();
        folder.Put("a.png", TestImages.RgbPng(TestImages.Picture(640, 480)));
        var data = folder.Dataset("", new TestImage("a.png", 640, 480) { Boxes = [("cat", BoxMarks.None, 100, 100, 300, 200)] });
        var painter = new BoxPainter(data, new() { Labels = false, Legend = false });
        var picture = painter.Paint(0)!;
        var original = TestImages.Picture(640, 480);
        var colour = painter.Colours[0];
        foreach (var (x, y) in ((int, int)[])[(100, 150), (299, 150), (200, 100), (200, 199)])
            Assert.Equal(colour, new Rgb(picture.Row(y)[x * 4], picture.Row(y)[x * 4 + 1], picture.Row(y)[x * 4 + 2]));
        for (var y = 110; y < 190; y++) Assert.Equal(original.Row(y).Slice(110 * 4, 180 * 4), picture.Row(y).Slice(110 * 4, 180 * 4));
        Assert.Equal(original.Row(300), picture.Row(300));
    }

    [Fact]
    public void Boxes_follow_the_picture_when_it_is_shrunk_enlarged_or_turned()
    {
        using var folder = new TestFolder();
        folder.Put("large.png", TestImages.RgbPng(TestImages.Picture(1280, 960)));
        folder.Put("small.png", TestImages.RgbPng(TestImages.Picture(240, 180)));
        folder.Put("turned.png", TestImages.RgbPng(TestImages.Picture(640, 480), ("eXIf", TestImages.Exif(6))));
        var data = folder.Dataset(
            "",
            new("large.png", 1280, 960) { Boxes = [("cat", BoxMarks.None, 200, 200, 600, 400)] },
            new("small.png", 240, 180) { Boxes = [("cat", BoxMarks.None, 50, 50, 150, 100)] },
            new("turned.png", 640, 480) { Boxes = [("cat", BoxMarks.None, 100, 100, 300, 200)] },
            new("turned.png", 480, 640) { Boxes = [("cat", BoxMarks.None, 280, 100, 380, 300)] });
        var options = new PaintOptions { Labels = false, Legend = false };
        AssertOutline(new BoxPainter(data, options with { MaxSide = 640 }), 0, (640, 480), (100, 150), (299, 199));
        AssertOutline(new BoxPainter(data, options), 1, (480, 360), (100, 150), (299, 199));
        AssertOutline(new BoxPainter(data, options), 2, (480, 640), (280, 150), (379, 299));
        AssertOutline(new BoxPainter(data, options), 3, (480, 640), (280, 150), (379, 299));
    }

    [Fact]
    public void Flawed_boxes_and_hostile_names_paint_without_failing()
    {
        using var folder = new TestFolder();
        folder.Put("a.png", TestImages.RgbPng(TestImages.Picture(60, 40)));
        string[] names = ["", "\u001b[31mred\u0007", "\u202Eevil\u202C", new('x', 10_000), "\U0001F469\u200D\U0001F467", "</script>", "\ud800", "猫", "é\u0301\u0301", "a\nb"];
        var boxes = names.SelectMany(name => ((string, BoxMarks, double, double, double, double)[])
            [
                (name, BoxMarks.None, 5, 5, 5, 9), (name, BoxMarks.Crowd, -50, -50, 500, 500), (name, BoxMarks.None, double.NaN, 0, 1, 1), (name, BoxMarks.Ignore, 1e300, -1e300, 3, 4),
                (name, BoxMarks.None, 30, 20, 10, 10), (name, BoxMarks.None, 59.5, 39.5, 60, 40), (name, BoxMarks.None, 900, 900, 950, 950),
            ]).ToArray();
        var data = folder.Dataset("", new TestImage("a.png", 60, 40) { Boxes = boxes });
        var picture = new BoxPainter(data).Paint(0)!;
        Assert.Equal(480, picture.Width);
    }

    [Fact]
    public void An_image_without_boxes_says_so_and_a_missing_image_is_null()
    {
        using var folder = new TestFolder();
        folder.Put("a.png", TestImages.RgbPng(TestImages.Picture(640, 480)));
        var data = folder.Dataset("", new("a.png", 640, 480), new("gone.png", 640, 480));
        Assert.Equal(TestImages.Picture(640, 480).Row(470), new BoxPainter(data).Paint(0)!.Row(470));
        Assert.Null(new BoxPainter(data).Paint(1));
    }

    [Fact]
    public void Pictures_are_written_whole_under_names_of_their_own()
    {
        using var folder = new TestFolder();
        foreach (var file in (string[])["set/train/a.png", "set/val/a.png", "set/b.png"]) folder.Put(file, TestImages.RgbPng(TestImages.Picture(500, 40)));
        folder.Put("set/broken.png", [1, 2, 3]);
        var data = folder.Dataset(
            "set", new("train/a.png", 500, 40), new("val/a.png", 500, 40), new("b.png", 500, 40),
            new("broken.png", 500, 40), new("gone.png", 500, 40), new("b.png", 500, 40));
        var result = new BoxPainter(data).Write([0, 1, 2, 3, 4, 5], folder["out"], ImageCodec.Png);
        Assert.Equal(["train-a.png", "val-a.png", "b-2.png", "b-5.png"], result.Files.Select(Path.GetFileName));
        Assert.Equal(2, result.Skipped.Count);
        Assert.Contains("broken.png", result.Skipped[0], StringComparison.Ordinal);
        Assert.Equal("'gone.png' was not found.", result.Skipped[1]);
        Assert.Equal(4, Directory.GetFiles(folder["out"]).Length);
        foreach (var file in result.Files) Assert.Equal(500, TestImages.Decode(File.ReadAllBytes(file)).Pixels.Width);
    }

    [Fact]
    public void Pictures_never_go_where_the_images_are()
    {
        using var folder = new TestFolder();
        var file = TestImages.RgbPng(TestImages.Picture(500, 40));
        folder.Put("set/images/a.png", file);
        var data = folder.Dataset("set", new TestImage("a.png", 500, 40));
        Assert.Throws<InputException>(() => new BoxPainter(data).Write([0], folder["set/images"], ImageCodec.Png));
        Assert.Equal(file, File.ReadAllBytes(folder["set/images/a.png"]));
    }

    [Fact]
    public void Painting_without_any_image_says_where_was_searched()
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<InputException>(() => new BoxPainter(folder.Dataset("", new TestImage("gone.png", 5, 5))).Write([0], folder["out"]));
        Assert.Contains("Searched:", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public void Images_of_which_none_can_be_painted_are_an_error_that_says_why()
    {
        using var folder = new TestFolder();
        folder.Put("broken.png", [1, 2, 3]);
        var error = Assert.Throws<InputException>(() => new BoxPainter(folder.Dataset("", new TestImage("broken.png", 5, 5))).Write([0], folder["out"]));
        Assert.Contains("broken.png", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(folder["out"]) ? Directory.GetFiles(folder["out"]) : []);
    }

    /// <summary>Many boxes of a majority class, few of a rare one, a crowd, on a synthetic picture.</summary>
    private static DetectionDataset Crowd(TestFolder folder)
    {
        folder.Put("a.png", TestImages.RgbPng(TestImages.Picture(640, 480)));
        var boxes = Enumerable.Range(0, 40).Select(i => ("common", BoxMarks.None, 10.0 + i % 8 * 78, 20.0 + i / 8 * 90, 70.0 + i % 8 * 78, 80.0 + i / 8 * 90))
            .Append(("Rare one", BoxMarks.None, 300.5, 200.25, 420.75, 330.5))
            .Append(("quite {rare} 2", BoxMarks.None, 500, 400, 639, 479))
            .Append(("common", BoxMarks.Crowd, 100, 300, 400, 470))
            .ToArray();
        return folder.Dataset("", new TestImage("a.png", 640, 480) { Boxes = boxes });
    }

    private static void AssertOutline(BoxPainter painter, int image, (int Width, int Height) size, (int X, int Y) left, (int X, int Y) corner)
    {
        var picture = painter.Paint(image)!;
        Assert.Equal(size, (picture.Width, picture.Height));
        foreach (var (x, y) in ((int X, int Y)[])[left, corner])
            Assert.Equal(painter.Colours[0], new Rgb(picture.Row(y)[x * 4], picture.Row(y)[x * 4 + 1], picture.Row(y)[x * 4 + 2]));
    }
}
