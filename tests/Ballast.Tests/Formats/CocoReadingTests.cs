using System.IO.Compression;
using System.Text;

namespace Ballast.Tests;

public sealed class CocoReadingTests : IDisposable
{
    private const string Box = """{"id":5,"image_id":3,"category_id":7,"bbox":[1,2,30.5,4],"area":60.25,"iscrowd":0}""";
    private readonly CocoText _coco = new();

    public void Dispose() => _coco.Dispose();

    [Fact]
    public void A_plain_file_is_read_as_it_stands()
    {
        var data = _coco.Read(CocoText.With(Box));
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal((1L, 7L), (data.Classes.Id(0), data.Classes.Id(1)));
        Assert.Equal((null, "animal"), (data.Classes.Supercategory(0), data.Classes.Supercategory(1)));
        Assert.Equal(("a.jpg", 100, 80), (data.Images.File(0), data.Images.Width(0), data.Images.Height(0)));
        Assert.Equal((1.0, 2.0, 30.5, 4.0), data.Boxes.Numbers(0));
        Assert.Equal((5L, 60.25, 1), (data.Boxes.Id(0), data.Boxes.Area(0), data.Boxes.Class(0)));
        Assert.Equal(0, data.Flaws.Count);
    }

    [Fact]
    public void Annotations_may_come_before_images_and_categories()
    {
        var data = _coco.Read($$"""{"annotations":[{{Box}},{{Box.Replace("\"id\":5,\"image_id\":3", "\"id\":6,\"image_id\":9")}}],"categories":{{CocoText.Categories}},"images":{{CocoText.Images}}}""");
        Assert.Equal((0, 1), data.Boxes.Of(0));
        Assert.Equal((1, 2), data.Boxes.Of(1));
        Assert.Equal(1, data.Boxes.Class(1));
        Assert.Equal(0, data.Flaws.CountOf(FlawCode.UnknownImage) + data.Flaws.CountOf(FlawCode.UnknownClass));
    }

    [Theory]
    [InlineData("annotation-id-zero", """{"id":0,"image_id":3,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("annotation-id-missing", """{"image_id":3,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("iscrowd-missing", """{"id":1,"image_id":3,"category_id":1,"bbox":[1,2,3,4],"area":12}""")]
    [InlineData("area-missing", """{"id":1,"image_id":3,"category_id":1,"bbox":[1,2,3,4],"iscrowd":0}""")]
    [InlineData("area-missing", """{"id":1,"image_id":3,"category_id":1,"bbox":[1,2,3,4],"area":NaN,"iscrowd":0}""")]
    [InlineData("unknown-image", """{"id":1,"image_id":4,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("unknown-image", """{"id":1,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("unknown-class", """{"id":1,"image_id":3,"category_id":2,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("number-as-text", """{"id":1,"image_id":"3","category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("number-as-text", """{"id":1,"image_id":3,"category_id":1,"bbox":["1",2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("text-id", """{"id":"x1","image_id":3,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("box-not-finite", """{"id":1,"image_id":3,"category_id":1,"bbox":[1,NaN,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("box-not-finite", """{"id":1,"image_id":3,"category_id":1,"bbox":[1,-Infinity,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("box-not-finite", """{"id":1,"image_id":3,"category_id":1,"bbox":[1,2,3],"area":12,"iscrowd":0}""")]
    [InlineData("box-not-finite", """{"id":1,"image_id":3,"category_id":1,"bbox":null,"area":12,"iscrowd":0}""")]
    [InlineData("box-not-finite", """{"id":1,"image_id":3,"category_id":1,"area":12,"iscrowd":0}""")]
    [InlineData("box-negative-size", """{"id":1,"image_id":3,"category_id":1,"bbox":[9,2,-3,4],"area":12,"iscrowd":0}""")]
    [InlineData("box-zero-size", """{"id":1,"image_id":3,"category_id":1,"bbox":[9,2,0,4],"area":12,"iscrowd":0}""")]
    [InlineData("box-outside-image", """{"id":1,"image_id":3,"category_id":1,"bbox":[900,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("box-past-edge", """{"id":1,"image_id":3,"category_id":1,"bbox":[98,2,3,4],"area":12,"iscrowd":0}""")]
    [InlineData("line-malformed", "17")]
    public void Each_malformed_annotation_is_one_flaw_and_drops_nothing_else(string code, string annotation)
    {
        var data = _coco.Read(CocoText.With($"{annotation},{Box.Replace("\"id\":5", "\"id\":77")}"));
        var flaw = Assert.Single(data.Flaws.ByCode);
        Assert.Equal((code, 1L), (flaw.Code.Code, flaw.Count));
        Assert.Equal(2, data.Images.Count);
        Assert.Contains(Enumerable.Range(0, data.Boxes.Count), box => data.Boxes.Id(box) == 77);
        Assert.Equal(code == "line-malformed" ? 1 : 2, data.Boxes.Count + data.UnplacedBoxes);
    }

    [Theory]
    [InlineData("duplicate-image-id", """[{"id":3,"file_name":"a.jpg","width":9,"height":9},{"id":3,"file_name":"b.jpg","width":9,"height":9}]""", null)]
    [InlineData("duplicate-image-file", """[{"id":3,"file_name":"a.jpg","width":9,"height":9},{"id":4,"file_name":"a.jpg","width":9,"height":9}]""", null)]
    [InlineData("image-id-missing", """[{"id":3,"file_name":"a.jpg","width":9,"height":9},{"file_name":"b.jpg","width":9,"height":9}]""", null)]
    [InlineData("image-missing", """[{"id":3,"width":9,"height":9}]""", null)]
    [InlineData("duplicate-class-id", null, """[{"id":1,"name":"cat"},{"id":1,"name":"dog"}]""")]
    [InlineData("duplicate-class-name", null, """[{"id":1,"name":"cat"},{"id":2,"name":"cat"}]""")]
    [InlineData("class-id-missing", null, """[{"id":1,"name":"cat"},{"name":"dog"}]""")]
    [InlineData("class-name-missing", null, """[{"id":1,"name":"cat"},{"id":4}]""")]
    [InlineData("text-id", null, """[{"id":1,"name":"cat"},{"id":"d","name":"dog"}]""")]
    [InlineData("root-class", null, """[{"id":0,"name":"pets","supercategory":"none"},{"id":1,"name":"cat","supercategory":"pets"}]""")]
    public void Each_malformed_image_or_category_is_one_flaw(string code, string? images, string? categories)
    {
        var data = _coco.Read(CocoText.With("""{"id":1,"image_id":3,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""", images, categories));
        var flaw = Assert.Single(data.Flaws.ByCode);
        Assert.Equal((code, 1L), (flaw.Code.Code, flaw.Count));
        Assert.Equal((1, 0), (data.Boxes.FirstOf(1), data.Boxes.Class(0)));
        Assert.Equal("cat", data.Classes[0]);
    }

    [Fact]
    public void Sizes_that_the_file_lacks_are_read_from_the_images()
    {
        _coco.Put("images/a.png", Formats.AnnotationFolder.PngHeader(64, 48));
        var data = _coco.Read(CocoText.With(Box, """[{"id":3,"file_name":"a.png"},{"id":9,"file_name":"gone.png","width":0},{"id":12,"file_name":"b.png","width":9,"height":9}]"""));
        Assert.Equal((64, 48), (data.Images.Width(0), data.Images.Height(0)));
        Assert.False(data.Images.HasSize(1));
        var flaws = data.Flaws.Listed.Where(flaw => flaw.Code == FlawCode.ImageSizeMissing).ToArray();
        Assert.Equal(2, flaws.Length);
        Assert.Equal(("instances.json", "image 'a.png'", "read from the image: 64x48"), (flaws[0].File, flaws[0].Subject, flaws[0].Detail));
        Assert.Contains("not found; searched", flaws[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_is_checked_against_the_size_that_the_image_has()
    {
        _coco.Put("images/a.png", Formats.AnnotationFolder.PngHeader(20, 20));
        var data = _coco.Read(CocoText.With(Box, """[{"id":3,"file_name":"a.png"}]"""));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.BoxPastEdge));
    }

    [Fact]
    public void A_flaw_of_a_box_names_the_file_it_stands_in()
    {
        var bad = Box.Replace("[1,2,30.5,4]", "[1,2,0,4]");
        _coco.Put("train/_annotations.coco.json", Encoding.UTF8.GetBytes(CocoText.With(Box)));
        _coco.Put("valid/_annotations.coco.json", Encoding.UTF8.GetBytes(CocoText.With(bad)));
        var flaw = Assert.Single(CocoText.ReadFile(_coco.Folder).Flaws.Listed, flaw => flaw.Code == FlawCode.BoxZeroSize);
        Assert.Equal("valid/_annotations.coco.json", flaw.File);
    }

    [Fact]
    public void Duplicate_annotation_ids_are_flaws_and_all_boxes_stay()
    {
        var data = _coco.Read(CocoText.With($"{Box},{Box.Replace("[1,2", "[7,2")},{Box.Replace("[1,2", "[8,2")}"));
        Assert.Equal(2, data.Flaws.CountOf(FlawCode.DuplicateAnnotationId));
        Assert.Equal(3, data.Boxes.Count);
    }

    [Fact]
    public void A_byte_order_mark_is_a_note()
    {
        var data = CocoText.ReadFile(_coco.Put("instances.json", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(CocoText.With(Box))]));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ByteOrderMark));
        Assert.Equal(1, data.Boxes.Count);
    }

    [Fact]
    public void Text_ids_and_whole_numbers_are_told_apart()
    {
        var data = _coco.Read(CocoText.With("""{"id":1,"image_id":"x","category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0},{"id":2,"image_id":12,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}""",
            """[{"id":"012","file_name":"o.jpg","width":9,"height":9},{"id":"12","file_name":"a.jpg","width":9,"height":9},{"id":"x","file_name":"b.jpg","width":9,"height":9}]"""));
        Assert.Equal(["012", "12", "x"], Enumerable.Range(0, 3).Select(data.Images.IdText));
        Assert.Equal((2L, 1L), (data.Boxes.Id(data.Boxes.FirstOf(1)), data.Boxes.Id(data.Boxes.FirstOf(2))));
        Assert.Equal((2L, 1L), (data.Flaws.CountOf(FlawCode.TextId), data.Flaws.CountOf(FlawCode.NumberAsText)));
    }

    [Fact]
    public void Marks_and_lvis_fields_are_read()
    {
        var data = _coco.Read(CocoText.With(
            """{"id":1,"image_id":3,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":1,"ignore":1,"attributes":{"occluded":true,"truncated":0,"difficult":"true","rotation":0.0}}""",
            """[{"id":3,"coco_url":"http://images.cocodataset.org/train2017/000000000003.jpg","width":9,"height":9,"neg_category_ids":[7,99],"not_exhaustive_category_ids":[1]}]"""));
        Assert.Equal(BoxMarks.Crowd | BoxMarks.Ignore | BoxMarks.Occluded | BoxMarks.Difficult, data.Boxes.Marks(0));
        Assert.Equal("train2017/000000000003.jpg", data.Images.File(0));
        Assert.Equal([1], data.Images.AbsentClasses(0).ToArray());
        Assert.Equal([0], data.Images.NotExhaustiveClasses(0).ToArray());
    }

    [Fact]
    public void Images_alone_are_a_data_set_without_boxes()
    {
        var data = _coco.Read($$"""{"images":{{CocoText.Images}}}""");
        Assert.Equal((2, 0, 0), (data.Images.Count, data.Boxes.Count, data.Classes.Count));
    }

    [Fact]
    public void Strict_reading_stops_at_the_first_flaw_and_repair_mends()
    {
        var text = CocoText.With("""{"id":1,"image_id":3,"category_id":1,"bbox":[9,2,-3,4],"area":12,"iscrowd":0},{"id":2,"image_id":4,"category_id":1,"bbox":[9,2,3,4],"area":12,"iscrowd":0}""");
        Assert.Contains("unknown-image", Assert.Throws<InputException>(() => _coco.Read(text, FlawPolicy.Strict)).Message);
        var mended = _coco.Read(text, FlawPolicy.Repair);
        Assert.Equal((6.0, 2.0, 3.0, 4.0), mended.Boxes.Numbers(0));
        Assert.Equal((1, 0), (mended.Boxes.Count, mended.UnplacedBoxes));
    }

    [Fact]
    public void Roboflow_parts_unite_classes_by_name_and_keep_images_apart()
    {
        _coco.Put("train/_annotations.coco.json", CocoText.With(Box, categories: """[{"id":0,"name":"pets","supercategory":"none"},{"id":1,"name":"cat","supercategory":"pets"},{"id":7,"name":"dog","supercategory":"pets"}]"""));
        _coco.Put("train/a.jpg", "x");
        _coco.Put("valid/_annotations.coco.json", CocoText.With(Box.Replace("\"category_id\":7", "\"category_id\":1"), categories: """[{"id":0,"name":"pets","supercategory":"none"},{"id":1,"name":"dog","supercategory":"pets"},{"id":2,"name":"fox","supercategory":"pets"}]"""));
        _coco.Put("valid/a.jpg", "x");
        var data = CocoText.ReadFile(_coco.Folder);
        Assert.Equal(["train", "valid"], data.Images.PartNames);
        Assert.Equal(["train/a.jpg", "train/b/c.jpg", "valid/a.jpg", "valid/b/c.jpg"], Enumerable.Range(0, 4).Select(data.Images.File));
        Assert.Equal(["cat", "dog", "fox"], data.Classes);
        Assert.Equal([1L, 7L, 2L], Enumerable.Range(0, 3).Select(data.Classes.Id));
        Assert.Equal((1, 1), (data.Boxes.Class(0), data.Boxes.Class(1)));
        Assert.Equal((1, 2), data.Boxes.Of(2));
        Assert.Equal(["root-class"], data.Flaws.ByCode.Select(flaw => flaw.Code.Code));
    }

    [Fact]
    public void Instances_of_coco_are_parts_and_other_tasks_are_left_out()
    {
        _coco.Put("annotations/instances_train2017.json", CocoText.With(Box));
        _coco.Put("annotations/instances_val2017.json", CocoText.With(Box));
        _coco.Put("annotations/person_keypoints_val2017.json", CocoText.With(Box));
        var data = CocoText.ReadFile(_coco.Folder);
        Assert.Equal(["train", "val"], data.Images.PartNames);
        Assert.Equal(4, data.Images.Count);
        Assert.Equal(0, data.Flaws.Count);
    }

    [Fact]
    public void One_broken_file_does_not_stop_the_others()
    {
        _coco.Put("train/_annotations.coco.json", CocoText.With(Box));
        _coco.Put("valid/_annotations.coco.json", CocoText.With(Box)[..^30]);
        var data = CocoText.ReadFile(_coco.Folder);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.FileMalformed));
        Assert.Equal(1, data.Boxes.FirstOf(1));
    }

    [Theory]
    [InlineData("annotations/instances_default.json")]
    [InlineData("result.json")]
    public void Exports_of_cvat_and_label_studio_are_read_inside_their_zip(string entry)
    {
        var path = Path.Combine(_coco.Folder, "export.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        using (var stream = zip.CreateEntry(entry).Open())
            stream.Write(Encoding.UTF8.GetBytes(CocoText.With(Box.Replace("\"id\":5", "\"segmentation\":[[1,2,3]],\"id\":5"))));
        var data = CocoText.ReadFile(path);
        Assert.Equal(1, data.Boxes.Count);
        Assert.Empty(data.Images.PartNames);
        Assert.Equal("[[1,2,3]]", Encoding.UTF8.GetString(data.ReadSegmentation(0)));
        data.Source.Tree.Dispose();
    }

    [Fact]
    public void A_segmentation_is_refused_when_its_file_has_changed()
    {
        var text = CocoText.With(Box.Replace("\"id\":5", "\"segmentation\":{\"counts\":\"a]\\\"}\",\"size\":[2,3]},\"id\":5"));
        var data = _coco.Read(text);
        Assert.Equal("""{"counts":"a]\"}","size":[2,3]}""", Encoding.UTF8.GetString(data.ReadSegmentation(0)));
        _coco.Put("instances.json", text + " ");
        Assert.Contains("has changed", Assert.Throws<InputException>(() => data.ReadSegmentation(0)).Message);
        var path = _coco.Put("instances.json", text);
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Contains("has changed", Assert.Throws<InputException>(() => data.ReadSegmentation(0)).Message);
    }

    [Theory]
    [InlineData("""[{"image_id":3,"category_id":1,"bbox":[1,2,3,4],"score":0.5}]""")]
    [InlineData("""{"annotations":[{"image_id":3,"category_id":1,"bbox":[1,2,3,4],"score":0.5}]}""")]
    [InlineData("""{"version":"5.0","flags":{},"shapes":[{"label":"a","points":[[1,2],[3,4]]}],"imagePath":"a.jpg","imageData":null}""")]
    [InlineData("""{"images":["a.jpg","b.jpg"]}""")]
    [InlineData("""{"images":""")]
    [InlineData("not json")]
    [InlineData("")]
    public void Other_json_is_not_coco(string text)
    {
        _coco.Put("x.json", text);
        using var tree = FileTree.OpenTree(_coco.Folder);
        Assert.Null(new CocoFormat().Recognize(tree, "x.json"));
        Assert.Null(new CocoFormat().Recognize(tree, null));
    }
}
