using System.Text;

namespace Ballast.Tests.Formats;

/// <summary>What other tools get wrong when they read and measure a data set, each fault by the tool it was seen in.</summary>
public sealed class PeersFaultsTests : IDisposable
{
    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_box_without_width_does_not_stop_the_set()
    {
        // sahi: slicing raises a ValueError at the first such box, and nothing after it is read.
        var data = Coco(Box(1, 1, 1, "[5,5,0,9]"), Box(2, 1, 1, "[5,5,9,9]"), Box(3, 2, 2, "[1,1,4,4]"));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.BoxZeroSize));
        Assert.Equal((2, 3), (data.Images.Count, data.Boxes.Count));
        Assert.Equal(3, Diagnosis.Of(data).Finding("class-foreground").Value("boxes"));
    }

    [Fact]
    public void An_area_is_kept_to_its_last_digit()
    {
        // sahi: int(area) makes 420 of 420.25.
        var data = Coco(Box(1, 1, 1, "[1,1,20.5,20.5]", "420.25"), Box(2, 1, 2, "[1,1,3,3]", "0.0625"));
        Assert.Equal((420.25, 0.0625), (data.Boxes.Area(0), data.Boxes.Area(1)));
        _ = data.Save(_folder.Beside("copy"), "coco");
        var copy = DetectionDataset.Load(_folder.Beside("copy"));
        Assert.Equal((420.25, 0.0625), (copy.Boxes.Area(0), copy.Boxes.Area(1)));
    }

    [Theory]
    [InlineData("[5,5,0,9]")]
    [InlineData("[5,5,-3,9]")]
    [InlineData("[500,5,3,9]")]
    [InlineData("[95,5,30,9]")]
    [InlineData("[NaN,5,3,9]")]
    [InlineData("[1e300,1e300,1e300,1e300]")]
    [InlineData("[0,0,0.001,0.001]")]
    public void One_bad_box_never_drops_its_image_or_the_boxes_beside_it(string bad)
    {
        // sahi's area filter and ultralytics' range check drop the whole image; mended or not, the others stay.
        foreach (var policy in (FlawPolicy[])[FlawPolicy.Report, FlawPolicy.Repair])
        {
            var data = Coco(policy, Box(1, 1, 1, "[5,5,9,9]"), Box(2, 1, 2, bad), Box(3, 1, 2, "[20,20,9,9]"));
            Assert.Equal(2, data.Images.Count);
            var (start, end) = data.Boxes.Of(0);
            var ids = Enumerable.Range(start, end - start).Select(data.Boxes.Id).ToArray();
            Assert.Contains(1L, ids);
            Assert.Contains(3L, ids);
        }
    }

    [Fact]
    public void A_label_past_the_edge_drops_neither_its_image_nor_the_rows_beside_it()
    {
        // ultralytics: one number over 1.01 and the whole image is left out of training.
        _folder.AddImage("images/a.png").Add("labels/a.txt", "0 0.5 0.5 0.2 0.2\n0 0.95 0.5 0.3 0.2\n0 1.2 0.5 0.1 0.1\n0 0.5 0.5\n1 0.3 0.3 0.1 0.1\n");
        var data = _folder.Load();
        Assert.Equal((1, 4), (data.Images.Count, data.Boxes.Count));
        Assert.Equal((1L, 1L, 1L), (data.Flaws.CountOf(FlawCode.BoxPastEdge), data.Flaws.CountOf(FlawCode.BoxOutsideImage), data.Flaws.CountOf(FlawCode.LineMalformed)));
    }

    [Fact]
    public void Class_id_zero_is_a_class_like_any_other()
    {
        // sahi: "if category_id:" takes 0 for "no class was asked for".
        const string Categories = """[{"id":0,"name":"zero"},{"id":1,"name":"one"}]""";
        var data = Coco(Categories, FlawPolicy.Report, Box(1, 1, 0, "[5,5,9,9]"), Box(2, 2, 0, "[5,5,9,9]"), Box(3, 2, 1, "[1,1,4,4]"));
        Assert.Equal(["zero", "one"], data.Classes);
        Assert.Equal((0L, 0, 0), (data.Classes.Id(0), data.Boxes.Class(0), data.Boxes.Class(1)));
        Assert.Equal(0, data.Flaws.Count);
        Assert.Equal([2L, 1L], Boxes(data));
    }

    [Fact]
    public void Annotation_id_zero_and_ids_that_repeat_lose_no_box()
    {
        // pycocotools: a box with id 0 is never matched, and of two boxes with one id the first is lost.
        var data = Coco(Box(0, 1, 1, "[5,5,9,9]"), Box(7, 1, 1, "[25,5,9,9]"), Box(7, 2, 2, "[5,5,9,9]"));
        Assert.Equal(3, data.Boxes.Count);
        Assert.Equal((1L, 1L), (data.Flaws.CountOf(FlawCode.AnnotationIdZero), data.Flaws.CountOf(FlawCode.DuplicateAnnotationId)));
        Assert.Equal([2L, 1L], Boxes(data));
    }

    [Fact]
    public void An_image_counts_for_every_class_it_holds()
    {
        // fiftyone's balanced_sample takes one label an image; detections are a list of them.
        var data = Coco(Box(1, 1, 1, "[5,5,9,9]"), Box(2, 1, 2, "[25,5,9,9]"), Box(3, 1, 2, "[45,5,9,9]"), Box(4, 2, 2, "[5,5,9,9]"));
        var counts = Diagnosis.Of(data, new DiagnosisOptions { Anchors = false }).Counts;
        Assert.Equal([("a", 1L, 1L), ("b", 3L, 2L)], counts.Classes);
    }

    [Fact]
    public void A_class_without_a_box_has_no_weight()
    {
        // yolov5: an empty class gets the weight of a class with one object, the largest of all.
        string[] boxes = [Box(1, 1, 1, "[5,5,9,9]"), Box(2, 1, 1, "[25,5,9,9]"), Box(3, 2, 2, "[5,5,9,9]")];
        var with = Coco("""[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"name":"empty"}]""", FlawPolicy.Report, boxes);
        var without = Coco(boxes);
        Assert.Equal(ImageSampling.ClassAware(without), ImageSampling.ClassAware(with));
        Assert.Equal(ImageSampling.RepeatFactors(without), ImageSampling.RepeatFactors(with));
    }

    [Fact]
    public void A_repeat_factor_is_not_rounded_up()
    {
        // mmengine: ceil makes two of 1.01. Here the class stands in half of the images and t is 0.51: sqrt(0.51 / 0.5) = 1.00995.
        var data = Coco(Box(1, 1, 1, "[5,5,9,9]"), Box(2, 2, 2, "[5,5,9,9]"));
        Assert.All(ImageSampling.RepeatFactors(data, 0.51), factor => Assert.Equal(Math.Sqrt(0.51 / 0.5), factor, 1e-12));
    }

    [Fact]
    public void Corners_with_a_fraction_are_read_as_they_stand()
    {
        // mmdet truncates them, supervision refuses them, detectron2 and supervision take one off.
        const string Xml = "<annotation><size><width>100</width><height>50</height></size><object><name>cat</name>"
            + "<bndbox><xmin>10.75</xmin><ymin>5.5</ymin><xmax>30.25</xmax><ymax>25</ymax></bndbox></object></annotation>";
        var data = _folder.Add("Annotations/a.xml", Xml).AddImage("JPEGImages/a.png").Load();
        Assert.Equal((10.75, 5.5, 30.25, 25.0), data.Boxes.Numbers(0));
        Assert.Equal(new Corners(10.75, 5.5, 30.25, 25), data.Corners(0, 0));
    }

    [Fact]
    public void A_byte_order_mark_does_not_hide_the_first_class()
    {
        // ultralytics and datumaro read the mark as part of the first number, and the row is lost.
        byte[] label = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("3 0.5 0.5 0.2 0.2\r\n1 0.5 0.5 0.1 0.1\r\n")];
        var data = _folder.AddImage("images/a.png").Add("labels/a.txt", label).Load();
        Assert.Equal(["class_1", "class_3"], data.Classes);
        Assert.Equal((2, 1), (data.Boxes.Count, data.Boxes.Class(0)));
    }

    [Fact]
    public void Reading_changes_no_file()
    {
        // ultralytics writes a JPEG with a damaged end anew, in the user's folder.
        byte[] damaged = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xFF, 0xC0, 0, 11, 8, 0, 50, 0, 100, 1, 1, 0x11, 0];
        _folder.Add("images/a.jpg", damaged).Add("labels/a.txt", "0 0.5 0.5 0.2 0.2\n");
        var before = Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        var data = _folder.Load(new() { Flaws = FlawPolicy.Repair });
        _ = ImageCheck.Run(data, new() { Decode = true });
        var after = Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories);
        Assert.Equal(before.Keys.Order(), after.Order());
        Assert.All(after, path => Assert.Equal(before[path], File.ReadAllBytes(path)));
    }

    private static string Box(int id, int image, int category, string box, string area = "81")
        => $$"""{"id":{{id}},"image_id":{{image}},"category_id":{{category}},"bbox":{{box}},"area":{{area}},"iscrowd":0}""";

    private static long[] Boxes(DetectionDataset data)
        => [.. Enumerable.Range(0, data.Classes.Count).Select(c => (long)Enumerable.Range(0, data.Boxes.Count).Count(box => data.Boxes.Class(box) == c))];

    private DetectionDataset Coco(params string[] boxes) => Coco(FlawPolicy.Report, boxes);

    private DetectionDataset Coco(FlawPolicy policy, params string[] boxes) => Coco("""[{"id":1,"name":"a"},{"id":2,"name":"b"}]""", policy, boxes);

    private DetectionDataset Coco(string categories, FlawPolicy policy, params string[] boxes)
    {
        const string Images = """[{"id":1,"file_name":"a.png","width":100,"height":80},{"id":2,"file_name":"b.png","width":100,"height":80}]""";
        _folder.Add("a.json", $$"""{"images":{{Images}},"annotations":[{{string.Join(",", boxes)}}],"categories":{{categories}}}""");
        return _folder.Load(new() { Flaws = policy });
    }
}
