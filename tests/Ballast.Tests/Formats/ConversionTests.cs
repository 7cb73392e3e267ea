using CsCheck;

namespace Ballast.Tests.Formats;

public sealed class ConversionTests : IDisposable
{
    private static readonly string[] Formats = ["coco", "voc", "yolo", "open-images"];
    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_and_back_again_gives_the_same_boxes_through_every_pair_of_formats() => Random.Sample(made =>
    {
        using var folder = new AnnotationFolder();
        Write(made, folder);
        var original = folder.Load();
        foreach (var a in Formats)
        {
            var first = Convert(original, a, folder);
            foreach (var b in Formats)
            {
                var back = Convert(Convert(first, b, folder), a, folder);
                if (a is "coco" or "voc") Assert.Equal(Boxes(first), Boxes(back));
                else AssertWithinRounding(Boxes(first), Boxes(back));
                Assert.Equal(first.Classes, back.Classes);
                Assert.Equal(Parts(first), Parts(back));
            }
        }

        Assert.Equal(Boxes(original), Boxes(Convert(Convert(Convert(original, "yolo", folder), "coco", folder), "voc", folder)));
    }, iter: 12, threads: 1);

    [Theory]
    [InlineData("voc")]
    [InlineData("coco")]
    public void Writing_a_format_again_keeps_its_numbers_and_the_images_are_found_when_copied(string format)
    {
        _folder.Add("Annotations/a.xml", PascalVocTests.Xml("a", "10.125", "5", "30.7", "25")).AddImage("JPEGImages/a.png");
        var result = _folder.Load().Save(_folder.Beside("out"), format, new() { Images = ImageTransfer.Copy });
        var data = DetectionDataset.Load(_folder.Beside("out"));
        Assert.Equal((1, 0), (result.ImagesWritten, result.ImagesMissing));
        Assert.NotNull(data.FindImage(0));
        Assert.Equal(10.125, data.Corners(0, 0).X1);
        Assert.Equal(30.7, data.Corners(0, 0).X2, 12);
    }

    [Fact]
    public void Yolo_without_images_still_loads_with_its_parts()
    {
        _folder.Add("train/a.xml", PascalVocTests.Xml("a")).Add("valid/b.xml", PascalVocTests.Xml("b"));
        var result = _folder.Load().Save(_folder.Beside("out"), "yolo");
        Assert.Equal(2, result.ImagesMissing);
        Assert.NotEmpty(result.Searched);
        Assert.Equal(["train/a.png", "valid/b.png"], result.Missing);
        var data = DetectionDataset.Load(_folder.Beside("out"));
        Assert.Equal(["train", "val"], data.Images.PartNames);
        Assert.Equal(2, data.Boxes.Count);
        Assert.Throws<InputException>(() => _folder.Load().Save(_folder.Beside("strict"), "yolo", new() { Strict = true }));
        Assert.False(Path.Exists(_folder.Beside("strict")));
    }

    [Fact]
    public void What_is_lost_is_counted_and_refused_under_strict_before_anything_is_written()
    {
        _folder.Add("instances.json", """
            {"images":[{"id":1,"file_name":"a.png","width":100,"height":50}],"categories":[{"id":1,"name":"cat"}],"annotations":[
            {"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":1,"segmentation":[[1,2,4,2,4,6]]},
            {"id":2,"image_id":1,"category_id":1,"bbox":[5,6,7,8],"area":56,"iscrowd":0,"ignore":1},
            {"id":3,"image_id":1,"category_id":1,"bbox":[5,6,8,8],"area":64,"iscrowd":0}]}
            """);
        var data = _folder.Load();
        var losses = data.Save(_folder.Beside("out"), "yolo").Losses;
        Assert.Equal([new("crowd regions (left out)", 1), new("ignore regions (left out)", 1), new("segmentations", 1)], losses);
        Assert.Equal(1, DetectionDataset.Load(_folder.Beside("out")).Boxes.Count);
        var error = Assert.Throws<InputException>(() => data.Save(_folder.Beside("strict"), "voc", new() { Strict = true }));
        Assert.Contains("1 crowd regions (written as difficult)", error.Message);
        Assert.False(Path.Exists(_folder.Beside("strict")));
        data.Save(_folder.Beside("voc"), "voc");
        Assert.Equal([BoxMarks.Difficult, BoxMarks.Difficult, BoxMarks.None], DetectionDataset.Load(_folder.Beside("voc")).Boxes.AllMarks.ToArray());
    }

    [Fact]
    public void Marks_and_absent_classes_survive_open_images()
    {
        _folder.Add("boxes.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\na,/m/1,0,1,0,1,1,1,1,1,1\n")
            .AddImage("a.png")
            .Add("class-descriptions.csv", "/m/1,\"say \"\"one\"\", two\"\n/m/2,two\n")
                .Add("labels.csv", "ImageID,Source,LabelName,Confidence\na,verification,/m/2,0\n");
        var first = _folder.Load();
        var result = first.Save(_folder.Beside("out"), "open-images", new() { Strict = true });
        var data = DetectionDataset.Load(_folder.Beside("out"));
        Assert.Empty(result.Losses);
        Assert.Equal(first.Boxes.Marks(0), data.Boxes.Marks(0));
        Assert.Equal([1], data.Images.AbsentClasses(0).ToArray());
        Assert.Equal(["say \"one\", two", "two"], data.Classes);
        Assert.Equal("/m/1", data.Classes.Code(0));
    }

    [Fact]
    public void Only_a_new_or_empty_folder_is_written()
    {
        var data = _folder.Add("a.xml", PascalVocTests.Xml("a")).Load();
        Directory.CreateDirectory(_folder.Beside("empty"));
        data.Save(_folder.Beside("empty"), "voc");
        Assert.Contains("not empty", Assert.Throws<InputException>(() => data.Save(_folder.Beside("empty"), "voc")).Message);
        File.WriteAllText(_folder.Beside("file"), "x");
        Assert.Contains("is a file", Assert.Throws<InputException>(() => data.Save(_folder.Beside("file"), "voc")).Message);
        if (OperatingSystem.IsWindows()) return;
        var target = Directory.CreateDirectory(_folder.Beside("target"));
        Directory.CreateSymbolicLink(_folder.Beside("link"), target.FullName);
        Assert.Contains("link", Assert.Throws<InputException>(() => data.Save(_folder.Beside("link"), "voc")).Message);
        Assert.Empty(target.EnumerateFileSystemInfos());
    }

    [Fact]
    public void A_cancelled_or_failed_writing_leaves_nothing_behind()
    {
        var data = _folder.Add("a.xml", PascalVocTests.Xml("a")).AddImage("a.png").Load();
        foreach (var format in Formats)
            Assert.ThrowsAny<OperationCanceledException>(() => data.Save(_folder.Beside("out"), format, new() { Images = ImageTransfer.Copy, Cancellation = new(canceled: true) }));
        Assert.Equal(["set"], Directory.EnumerateFileSystemEntries(_folder.Beside("")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../../../evil.png")]
    [InlineData("/etc/evil.png")]
    [InlineData("C:\\\\evil.png")]
    [InlineData("..\\\\..\\\\evil.png")]
    [InlineData("CON.png")]
    [InlineData("a\\u0000b\\n.png")]
    [InlineData("images/../../evil.png")]
    [InlineData("...")]
    [InlineData("")]
    public void Hostile_names_of_images_stay_in_the_folder(string name)
    {
        _folder.Add("instances.json", $$"""
            {"images":[{"id":1,"file_name":"{{name}}","width":100,"height":50},{"id":2,"file_name":"{{name}}","width":100,"height":50}],
            "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}],"categories":[{"id":1,"name":"cat"}]}
            """);
        var data = _folder.Load();
        foreach (var format in Formats)
        {
            data.Save(_folder.Beside(format), format, new() { Images = ImageTransfer.None });
            var read = DetectionDataset.Load(_folder.Beside(format));
            Assert.Equal(2, read.Images.Count);
            Assert.Equal(1, read.Boxes.Count);
        }

        Assert.Equal(["coco", "open-images", "set", "voc", "yolo"], Directory.EnumerateFileSystemEntries(_folder.Beside(""))
            .Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Hostile_names_of_classes_and_parts_survive_or_are_made_safe()
    {
        string[] names = ["a: b # c", "yes", "\"q\" 'r' \\", "</name><x>", "null", "[x]", "é 漢 🎉", "- y", "a,b", "*z", "001"];
        var categories = string.Join(',', names.Select((name, i) => $"{{\"id\":{i + 1},\"name\":{System.Text.Json.JsonSerializer.Serialize(name)}}}"));
        var boxes = string.Join(',', names.Select((_, i) => $"{{\"id\":{i + 1},\"image_id\":1,\"category_id\":{i + 1},\"bbox\":[{i},2,3,4],\"area\":12,\"iscrowd\":0}}"));
        _folder.Add("annotations/instances_..names.json", $$"""{"images":[{"id":1,"file_name":"a.png","width":100,"height":50}],"annotations":[{{boxes}}],"categories":[{{categories}}]}""").AddImage("images/a.png");
        foreach (var format in Formats)
        {
            _folder.Load().Save(_folder.Beside(format), format);
            var read = DetectionDataset.Load(_folder.Beside(format));
            Assert.Equal(names, read.Classes);
            Assert.Equal(Enumerable.Range(0, names.Length), read.Boxes.Classes.ToArray());
        }
    }

    [Fact]
    public void Links_lead_to_the_images()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        var data = _folder.Add("a.xml", PascalVocTests.Xml("a")).AddImage("a.png").Load();
        data.Save(_folder.Beside("out"), "yolo", new() { Images = ImageTransfer.Link });
        Assert.Equal(_folder["a.png"], new FileInfo(_folder.Beside("out/images/a.png")).LinkTarget);
        Assert.Equal(100, DetectionDataset.Load(_folder.Beside("out")).Images.Width(0));
    }

    private static readonly Gen<(int Images, (int Image, int Class, int X, int Y, int W, int H)[] Boxes, int Digits)> Random = Gen.Select(
        Gen.Int[1, 6],
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 60_000], Gen.Int[0, 30_000], Gen.Int[1, 40_000], Gen.Int[1, 20_000]).Array[0, 20],
        Gen.Int[0, 3]);

    /// <summary>A Pascal VOC set of random boxes with up to three decimals on images of odd sizes.</summary>
    private static void Write((int Images, (int Image, int Class, int X, int Y, int W, int H)[] Boxes, int Digits) made, AnnotationFolder folder)
    {
        var scale = Math.Pow(10, 3 - made.Digits);
        string Number(int value) => (Math.Floor(value / scale) * scale / 1000).ToString(System.Globalization.CultureInfo.InvariantCulture);
        folder.Add("labelmap.txt", "zeta:::\nbeta:::\nempty:::\nalpha:::\n");
        for (var image = 0; image < made.Images; image++)
        {
            var objects = made.Boxes.Where(box => box.Image % made.Images == image).DistinctBy(box => (box.X, box.Y, box.Class)).Select(box =>
                $"<object><name>{new[] { "zeta", "beta", "alpha", "alpha" }[box.Class]}</name><bndbox><xmin>{Number(box.X)}</xmin><ymin>{Number(box.Y)}</ymin><xmax>{Number(box.X + box.W)}</xmax><ymax>{Number(box.Y + box.H)}</ymax></bndbox></object>");
            folder.Add($"Annotations/i{image}.xml", $"<annotation><size><width>{101 + image}</width><height>{53 + image}</height></size>{string.Concat(objects)}</annotation>").AddImage($"JPEGImages/i{image}.png", 101 + image, 53 + image);
            folder.Add($"ImageSets/Main/{(image % 2 == 0 ? "train" : "val")}.txt", string.Join('\n', Enumerable.Range(0, image + 1).Where(i => i % 2 == image % 2).Select(i => $"i{i}")));
        }
    }

    private static DetectionDataset Convert(DetectionDataset data, string format, AnnotationFolder folder)
    {
        var path = folder.Beside(Guid.NewGuid().ToString("N"));
        data.Save(path, format, new() { Images = ImageTransfer.Copy });
        return DetectionDataset.Load(path);
    }

    private static (string, string, (double, double, double, double))[] Boxes(DetectionDataset data)
        => [.. Enumerable.Range(0, data.Images.Count).OrderBy(image => Path.GetFileName(data.Images.File(image))).SelectMany(image =>
        {
            var (start, end) = data.Boxes.Of(image);
            return Enumerable.Range(start, end - start)
                .Select(box => (Path.GetFileName(data.Images.File(image)), data.Classes[data.Boxes.Class(box)], data.Boxes.Numbers(box)));
        })];

    /// <summary>Fractions of an image use all digits of a double; they come back to a unit in its last place or two.</summary>
    private static void AssertWithinRounding((string, string, (double A, double B, double C, double D))[] expected, (string, string, (double A, double B, double C, double D))[] actual)
    {
        Assert.Equal(expected.Select(box => (box.Item1, box.Item2)), actual.Select(box => (box.Item1, box.Item2)));
        foreach (var ((_, _, e), (_, _, a)) in expected.Zip(actual))
            Assert.True(Math.Abs(e.A - a.A) + Math.Abs(e.B - a.B) + Math.Abs(e.C - a.C) + Math.Abs(e.D - a.D) < 2e-15, $"{e} became {a}");
    }

    private static (string, string)[] Parts(DetectionDataset data)
        => [.. Enumerable.Range(0, data.Images.Count)
            .Select(image => (Path.GetFileName(data.Images.File(image)), PartName.Common(data.Images.PartNames[data.Images.Part(image)]))).Order()];
}
