using System.Text;

namespace Ballast.Tests.Formats;

public sealed class PascalVocTests : IDisposable
{
    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folder_layout_is_read_with_its_parts()
    {
        foreach (var name in (string[])["a", "b", "c", "d"]) _folder.Add($"Annotations/{name}.xml", Xml(name)).AddImage($"JPEGImages/{name}.png");
        _folder.Add("ImageSets/Main/train.txt", "a\n").Add("ImageSets/Main/val.txt", "b\r\n").Add("ImageSets/Main/trainval.txt", "a\nb\nc\n")
            .Add("ImageSets/Main/cat_train.txt", "a  1\nb -1\nd -1\n");
        var data = _folder.Load();
        Assert.Equal("voc", data.Source.Format);
        Assert.Equal(["JPEGImages/a.png", "JPEGImages/b.png", "JPEGImages/c.png", "JPEGImages/d.png"], Files(data));
        Assert.Equal(["train", "val", "trainval", null], Parts(data));
        Assert.Equal((10, 5, 30, 25), data.Boxes.Numbers(0));
        Assert.Equal(0, data.Flaws.Count);
    }

    [Fact]
    public void A_flaw_of_a_box_names_its_xml()
    {
        var data = _folder.Add("Annotations/a.xml", Xml("a", "10", "5", "10", "25")).AddImage("JPEGImages/a.png").Load();
        Assert.Equal(_folder["Annotations/a.xml"], data.Flaws.Listed.Single(flaw => flaw.Code == FlawCode.BoxZeroSize).File);
    }

    [Fact]
    public void Xml_of_another_kind_makes_no_image()
    {
        _folder.Add("Annotations/a.xml", Xml("a")).AddImage("JPEGImages/a.png").Add(".idea/misc.xml", "<project/>").Add("extra/b.xml", Xml("b")).AddImage("extra/b.png");
        Assert.Equal(["JPEGImages/a.png", "extra/b.png"], Files(_folder.Load()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_list_that_cannot_be_opened_does_not_stop_the_rest()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        _folder.Add("Annotations/a.xml", Xml("a")).AddImage("JPEGImages/a.png").Add("ImageSets/Main/train.txt", "a\n");
        File.CreateSymbolicLink(_folder["ImageSets/Main/val.txt"], _folder["nowhere"]);
        var data = _folder.Load();
        Assert.Equal(["train"], Parts(data));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.FileMalformed));
    }

    [Fact]
    public void Xml_beside_the_image_makes_parts_of_folders()
    {
        foreach (var part in (string[])["train", "valid", "test"]) _folder.Add($"{part}/x.xml", Xml("x")).AddImage($"{part}/x.jpg");
        var data = _folder.Load();
        Assert.Equal(["test", "train", "valid"], Parts(data));
        Assert.Equal("valid", _folder.Load(new() { Part = "val" }).Images.PartNames.Single());
        var unknown = Assert.Throws<InputException>(() => _folder.Load(new() { Part = "trian" }));
        Assert.Contains("test, train, valid", unknown.Message);
        Assert.Contains("'train'?", unknown.Message);
    }

    [Fact]
    public void The_box_of_a_part_is_never_taken_for_the_object_s()
    {
        var text = Xml("a").Replace("<bndbox>", "<part><name>head</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></part><bndbox>");
        var data = _folder.Add("a.xml", text).AddImage("a.png").Load();
        Assert.Equal((10, 5, 30, 25), data.Boxes.Numbers(0));
        Assert.Equal(["cat"], data.Classes);
    }

    [Fact]
    public void Numbers_stay_as_the_file_has_them()
    {
        var text = Xml("a", "10.25", "5.5", "30,5", "abc");
        var data = _folder.Add("a.xml", text).AddImage("a.png").Load();
        var (x1, y1, x2, y2) = data.Boxes.Numbers(0);
        Assert.Equal((10.25, 5.5, 30.5), (x1, y1, x2));
        Assert.True(double.IsNaN(y2));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.DecimalComma));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.BoxNotFinite));
    }

    [Fact]
    public void Marks_are_read_and_an_empty_one_is_a_flaw()
    {
        var marks = "<truncated>1</truncated><difficult>1</difficult><occluded></occluded><pose/>";
        var data = _folder.Add("a.xml", Xml("a").Replace("<bndbox>", marks + "<bndbox>")).AddImage("a.png").Load();
        Assert.Equal(BoxMarks.Truncated | BoxMarks.Difficult, data.Boxes.Marks(0));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.FlagEmpty));
    }

    [Theory]
    [InlineData("<size><width>0</width><height>0</height></size>")]
    [InlineData("<size/>")]
    [InlineData("")]
    public void A_missing_size_is_read_from_the_image(string size)
    {
        var text = Xml("a").Replace("<size><width>100</width><height>50</height></size>", size);
        var data = _folder.Add("a.xml", text).AddImage("a.png", 640, 480).Load();
        Assert.Equal((640, 480), (data.Images.Width(0), data.Images.Height(0)));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageSizeMissing));
    }

    [Fact]
    public void A_size_that_neither_the_xml_nor_an_image_gives_is_unknown()
    {
        var data = _folder.Add("a.xml", Xml("a").Replace("100", "0")).Load();
        Assert.False(data.Images.HasSize(0));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageSizeMissing));
        Assert.Equal(1, data.Boxes.Count);
    }

    [Fact]
    public void A_size_unlike_the_image_is_a_flaw_and_the_annotation_decides()
    {
        var data = _folder.Add("a.xml", Xml("a")).AddImage("a.png", 50, 100).Load();
        Assert.Equal(100, data.Images.Width(0));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageSizeMismatch));
    }

    [Fact]
    public void Annotations_without_any_image_are_a_data_set()
    {
        var data = _folder.Add("Annotations/a.xml", Xml("a")).Load();
        Assert.Equal(0, data.Flaws.Count);
        Assert.Equal("JPEGImages/a.png", data.Images.File(0));
    }

    [Fact]
    public void An_image_that_alone_is_missing_is_a_flaw()
    {
        var data = _folder.Add("Annotations/a.xml", Xml("a")).Add("Annotations/b.xml", Xml("b")).AddImage("JPEGImages/a.png").Load();
        var flaw = Assert.Single(data.Flaws.Listed);
        Assert.Equal(FlawCode.ImageMissing, flaw.Code);
        Assert.Contains("searched", flaw.Detail);
    }

    [Fact]
    public void The_stem_wins_over_a_file_name_that_differs()
    {
        var data = _folder.Add("Annotations/a.xml", Xml("other")).AddImage("JPEGImages/a.png").AddImage("JPEGImages/other.png").Load();
        Assert.Equal("JPEGImages/a.png", data.Images.File(0));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.FileNameMismatch));
    }

    [Fact]
    public void The_named_file_is_taken_when_the_stem_has_no_image()
    {
        var data = _folder.Add("Annotations/a.xml", Xml("other")).AddImage("JPEGImages/other.png").Load();
        Assert.Contains("JPEGImages/other.png", Files(data));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.FileNameMismatch));
    }

    [Fact]
    public void One_malformed_file_never_stops_the_others()
    {
        _folder.Add("Annotations/a.xml", Xml("a")).Add("Annotations/b.xml", Xml("b")[..^40]).Add("Annotations/c.xml", Xml("c"))
            .Add("Annotations/d.xml", "no xml at all");
        var data = _folder.Load();
        Assert.Equal(2, data.Flaws.CountOf(FlawCode.FileMalformed));
        Assert.Equal(4, data.Images.Count);
        Assert.Equal(2, data.Boxes.Count);
    }

    [Fact]
    public void An_object_without_box_or_name_is_a_flaw_with_its_line()
    {
        var text = "<annotation><filename>a.png</filename><size><width>100</width><height>50</height></size>\n<object><name>cat</name></object>\n"
            + "<object><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>";
        var data = _folder.Add("a.xml", text).AddImage("a.png").Load();
        Assert.Equal(2, data.Flaws.Listed.Single(flaw => flaw.Code == FlawCode.LineMalformed).Line);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.UnknownClass));
        Assert.Equal(BoxTable.UnknownClass, data.Boxes.Class(0));
    }

    [Fact]
    public void External_entities_and_entity_bombs_are_refused_and_the_rest_is_read()
    {
        var secret = _folder.Beside("secret.txt");
        File.WriteAllText(secret, "SECRET");
        var external = $"<!DOCTYPE annotation [<!ENTITY x SYSTEM \"file://{secret}\">]>" + Xml("a").Replace("cat", "&x;");
        var bomb = new StringBuilder("<!DOCTYPE annotation [<!ENTITY e0 \"lol\">");
        for (var i = 1; i < 20; i++) bomb.Append($"<!ENTITY e{i} \"{string.Concat(Enumerable.Repeat($"&e{i - 1};", 10))}\">");
        bomb.Append("]>").Append(Xml("b").Replace("cat", "&e19;"));
        var data = _folder.Add("Annotations/a.xml", external).Add("Annotations/b.xml", bomb.ToString()).Add("Annotations/c.xml", Xml("c")).Load();
        Assert.Equal(2, data.Flaws.CountOf(FlawCode.FileMalformed));
        Assert.Equal(["cat"], data.Classes);
        Assert.DoesNotContain(data.Flaws.Listed, flaw => flaw.ToString().Contains("SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public void Touching_the_edge_is_a_note_and_one_based_reading_takes_one_off()
    {
        _folder.Add("a.xml", Xml("a", "1", "1", "100", "50")).AddImage("a.png");
        Assert.Equal(1, _folder.Load().Flaws.CountOf(FlawCode.TouchesEdge));
        var data = _folder.Load(new() { VocOneBased = true });
        Assert.Equal(BoxEncoding.CornersOneBased, data.Boxes.Encoding);
        Assert.Equal(new Corners(0, 0, 100, 50), data.Corners(0, 0));
    }

    [Fact]
    public void Classes_are_in_ordinal_order_or_as_the_label_map_has_them()
    {
        _folder.Add("Annotations/a.xml", Xml("a").Replace("cat", "zebra")).Add("Annotations/b.xml", Xml("b").Replace("cat", "Ape"))
            .Add("Annotations/c.xml", Xml("c"));
        Assert.Equal(["Ape", "cat", "zebra"], _folder.Load().Classes);
        _folder.Add("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\nzebra:1,2,3::\nnone:::\n");
        Assert.Equal(["zebra", "none", "Ape", "cat"], _folder.Load().Classes);
    }

    [Fact]
    public void An_image_in_two_parts_is_leaked()
    {
        _folder.Add("Annotations/a.xml", Xml("a")).Add("ImageSets/Main/train.txt", "a").Add("ImageSets/Main/test.txt", "a");
        var data = _folder.Load();
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.LeakedImage));
        Assert.Equal(["train"], Parts(data));
    }

    [Fact]
    public void An_image_without_annotation_is_an_image_without_objects()
    {
        var data = _folder.Add("Annotations/a.xml", Xml("a")).AddImage("JPEGImages/a.png").AddImage("JPEGImages/b.png", 7, 70).Load();
        Assert.Equal(2, data.Images.Count);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.LabelMissing));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageTiny));
        Assert.Equal((7, 70), (data.Images.Width(1), data.Images.Height(1)));
    }

    [Fact]
    public void Strict_reading_stops_at_the_first_flaw_of_the_first_file()
    {
        for (var i = 0; i < 50; i++) _folder.Add($"Annotations/{i:00}.xml", Xml($"{i:00}", "30", "5", "10", "25"));
        var error = Assert.Throws<InputException>(() => _folder.Load(new() { Flaws = FlawPolicy.Strict }));
        Assert.Contains("00.png", error.Message);
    }

    [Fact]
    public void The_result_does_not_depend_on_threads()
    {
        for (var i = 0; i < 3000; i++) _folder.Add($"Annotations/{i:0000}.xml", Xml($"{i:0000}", $"{i % 90}").Replace("cat", $"class{i % 7}"));
        var data = _folder.Load();
        Assert.Equal(3000, data.Boxes.Count);
        Assert.All(Enumerable.Range(0, 3000), i => Assert.Equal((i % 90, $"class{i % 7}"), ((int)data.Boxes.Numbers(i).A, data.Classes[data.Boxes.Class(i)])));
    }

    [Fact]
    public void One_named_file_is_read_alone()
    {
        _folder.Add("Annotations/a.xml", Xml("a")).Add("Annotations/b.xml", Xml("b")).Add("ImageSets/Main/train.txt", "a\nb\nc\n");
        var data = DetectionDataset.Load(_folder["Annotations/a.xml"]);
        Assert.Equal(1, data.Images.Count);
    }

    internal static string Xml(string name, string x1 = "10", string y1 = "5", string x2 = "30", string y2 = "25")
        => $"<annotation><filename>{name}.png</filename><size><width>100</width><height>50</height></size><object><name>cat</name>"
            + $"<bndbox><xmin>{x1}</xmin><ymin>{y1}</ymin><xmax>{x2}</xmax><ymax>{y2}</ymax></bndbox></object></annotation>";

    private static string[] Files(DetectionDataset data) => [.. Enumerable.Range(0, data.Images.Count).Select(data.Images.File)];

    private static string?[] Parts(DetectionDataset data)
        => [.. Enumerable.Range(0, data.Images.Count).Select(image => data.Images.Part(image) is >= 0 and var part ? data.Images.PartNames[part] : null)];
}
