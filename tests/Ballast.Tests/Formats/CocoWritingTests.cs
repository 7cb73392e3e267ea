using System.Text;
using System.Text.Json;
using CsCheck;

namespace Ballast.Tests;

public sealed class CocoWritingTests : IDisposable
{
    private const string Rich = """
        {"id":0,"image_id":3,"category_id":7,"bbox":[1.1,2.7,30.000000000000004,4],"area":60.25,"iscrowd":0,"segmentation":[[1,2,3.50,4,5,6]]},
        {"id":9,"image_id":9,"category_id":1,"bbox":[1e-7,0,50,60],"area":1,"iscrowd":1,"ignore":1,"segmentation":{"counts":"a\"]","size":[60,50]}},
        {"id":9,"image_id":9,"category_id":1,"bbox":[5,6,7,8],"iscrowd":0,"attributes":{"occluded":true,"difficult":true}}
        """;

    private readonly CocoText _coco = new();

    public void Dispose() => _coco.Dispose();

    [Fact]
    public void Writing_what_was_read_gives_the_same_boxes_classes_and_marks()
    {
        var first = _coco.Read(CocoText.With(Rich));
        Assert.Empty(Write(first));
        var second = CocoText.ReadFile(Path.Combine(_coco.Folder, "out", "instances.json"));
        AssertSame(first, second);
        Assert.Equal(first.Boxes.Area(0), second.Boxes.Area(0));
        Assert.Equal(56, second.Boxes.Area(2));
        for (var box = 0; box < 3; box++) Assert.Equal(first.ReadSegmentation(box), second.ReadSegmentation(box));
        Assert.Equal([10L, 9L, 11L], Enumerable.Range(0, 3).Select(second.Boxes.Id));
        Assert.Equal(0, second.Flaws.Count);
    }

    [Fact]
    public void Any_boxes_survive_writing_and_reading()
    {
        var number = Gen.OneOf(Gen.Double[-1e3, 1e3], Gen.Double.Where(double.IsFinite), Gen.Int[-5, 700].Select(whole => whole / 4.0));
        var box = Gen.Select(Gen.Select(number, number, number, number), Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 127]);
        box.Array[0, 12].Sample(boxes =>
        {
            var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
            for (var i = 0; i < 3; i++) builder.AddClass($"c{i}", i * 3);
            for (var i = 0; i < 5; i++) builder.AddImage(i, $"{i}.jpg", 640, 480, textId: i == 4 ? "four" : null);
            foreach (var ((x, y, w, h), @class, image, marks) in boxes) builder.AddBox(image, @class, x, y, w, h, (BoxMarks)marks);
            using var tree = FileTree.OpenTree(_coco.Folder);
            var first = builder.Build("n", new("coco", _coco.Folder, tree));
            Write(first);
            AssertSame(first, CocoText.ReadFile(Path.Combine(_coco.Folder, "out", "instances.json")));
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void Other_encodings_become_corner_and_size_in_full_precision()
    {
        var builder = new DatasetBuilder(BoxEncoding.NormalizedCenterSize, FlawPolicy.Report);
        builder.AddClass("c", 0);
        builder.AddImage(0, "0.jpg", 640, 480);
        builder.AddImage(1, "1.jpg", 0, 0);
        builder.AddBox(0, 0, 1.0 / 3, 0.5, 0.123456789012345, 0.1);
        builder.AddBox(1, 0, 0.5, 0.5, 0.1, 0.1);
        using var tree = FileTree.OpenTree(_coco.Folder);
        var first = builder.Build("n", new("yolo", _coco.Folder, tree));
        Assert.Equal([new("boxes in fractions of images of unknown size", 1)], Write(first));
        var second = CocoText.ReadFile(Path.Combine(_coco.Folder, "out", "instances.json"));
        var (corners, expected) = (second.Corners(0, 0), first.Corners(0, 0));
        Assert.Equal((expected.X1, expected.Y1), (corners.X1, corners.Y1));
        Assert.Equal(expected.X2, corners.X2, 1e-12);
        Assert.Equal(1, second.Boxes.Count);
    }

    [Fact]
    public void A_data_set_with_parts_is_a_file_a_part()
    {
        _coco.Put("train/_annotations.coco.json", CocoText.With(Rich));
        _coco.Put("valid/_annotations.coco.json", CocoText.With(Rich));
        var first = CocoText.ReadFile(_coco.Folder);
        var output = Directory.CreateTempSubdirectory("ballast-coco-out-").FullName;
        try
        {
            new CocoFormat().Write(first, output, CancellationToken.None);
            Assert.Equal(["annotations/instances_train.json", "annotations/instances_valid.json"], FileTree.OpenTree(output).Files);
            var second = CocoText.ReadFile(output);
            Assert.Equal(first.Images.PartNames, second.Images.PartNames);
            AssertSame(first, second);
        }
        finally
        {
            Directory.Delete(output, true);
        }
    }

    [Fact]
    public void What_cannot_be_held_is_counted_and_named()
    {
        var data = _coco.Read(CocoText.With("""
            {"id":1,"image_id":3,"category_id":7,"bbox":[NaN,2,3,4],"area":1,"iscrowd":0},{"id":2,"image_id":8,"category_id":7,"bbox":[1,2,3,4],"area":1,"iscrowd":0},
            {"id":3,"image_id":3,"category_id":8,"bbox":[1,2,3,4],"area":1,"iscrowd":0},{"id":4,"image_id":3,"category_id":7,"bbox":[1,2,3,4],"area":1,"iscrowd":0}
            """));
        var losses = Write(data);
        Assert.Equal([("boxes on images that do not exist", 1L), ("boxes of classes that do not exist", 1L), ("boxes with a coordinate that is not a number", 1L)], losses.Select(loss => (loss.What, loss.Count)));
        Assert.Equal(losses, new CocoFormat().LossOf(data));
        Assert.Equal(1, CocoText.ReadFile(Path.Combine(_coco.Folder, "out", "instances.json")).Boxes.Count);
    }

    [Fact]
    public void Nothing_is_written_when_the_source_of_a_segmentation_changed()
    {
        var data = _coco.Read(CocoText.With(Rich));
        _coco.Put("instances.json", CocoText.With(""));
        Assert.Throws<InputException>(() => Write(data));
        Assert.Empty(Directory.GetFiles(Path.Combine(_coco.Folder, "out")));
    }

    [Fact]
    public void A_part_whose_name_is_a_path_stays_in_the_folder()
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        builder.AddImage(0, "0.jpg", 1, 1, "../../evil");
        builder.AddImage(1, "1.jpg", 1, 1, "a\\b");
        builder.AddImage(2, "2.jpg", 1, 1, "a/b");
        using var tree = FileTree.OpenTree(_coco.Folder);
        Write(builder.Build("n", new("coco", _coco.Folder, tree)));
        Assert.Equal(["instances_.._.._evil.json", "instances_a_b.json", "instances_a_b_2.json"], Directory.GetFiles(Path.Combine(_coco.Folder, "out", "annotations")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_file_is_json_other_tools_read()
    {
        Write(_coco.Read(CocoText.With(Rich)));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_coco.Folder, "out", "instances.json"), Encoding.UTF8));
        var annotation = json.RootElement.GetProperty("annotations")[0];
        Assert.Equal("30.000000000000004", annotation.GetProperty("bbox")[2].GetRawText());
        Assert.Equal("[[1,2,3.50,4,5,6]]", annotation.GetProperty("segmentation").GetRawText());
        Assert.True(json.RootElement.GetProperty("annotations")[2].GetProperty("attributes").GetProperty("occluded").GetBoolean());
    }

    private IReadOnlyList<FormatLoss> Write(DetectionDataset data) => new CocoFormat().Write(data, Path.Combine(_coco.Folder, "out"), CancellationToken.None);

    private static void AssertSame(DetectionDataset expected, DetectionDataset actual)
    {
        Assert.Equal(expected.Classes, actual.Classes);
        Assert.Equal(Enumerable.Range(0, expected.Classes.Count).Select(expected.Classes.Id), Enumerable.Range(0, actual.Classes.Count).Select(actual.Classes.Id));
        Assert.Equal(expected.Images.Count, actual.Images.Count);
        Assert.Equal(expected.Boxes.Count, actual.Boxes.Count);
        for (var image = 0; image < expected.Images.Count; image++)
        {
            Assert.Equal((expected.Images.IdText(image), expected.Images.File(image), expected.Images.Width(image)), (actual.Images.IdText(image), actual.Images.File(image), actual.Images.Width(image)));
            Assert.Equal(expected.Boxes.Of(image), actual.Boxes.Of(image));
        }

        for (var box = 0; box < expected.Boxes.Count; box++)
        {
            Assert.Equal(expected.Boxes.Numbers(box), actual.Boxes.Numbers(box));
            Assert.Equal((expected.Boxes.Class(box), expected.Boxes.Marks(box)), (actual.Boxes.Class(box), actual.Boxes.Marks(box)));
        }
    }
}
