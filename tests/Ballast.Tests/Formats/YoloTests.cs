using System.Text;

namespace Ballast.Tests.Formats;

public sealed class YoloTests : IDisposable
{
    private const string Row = "1 0.5 0.5 0.2 0.4\n";
    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_data_yaml_with_parts_is_read()
    {
        _folder.Add("data.yaml", "train: images/train\nval: images/val\ntest:\nnames: [cat, dog]\nnc: 2\n")
            .AddImage("images/train/a.png", 200, 100).Add("labels/train/a.txt", "0 0.5 0.5 0.25 0.5\n").AddImage("images/val/b.jpg")
                .Add("labels/val/b.txt", Row);
        var data = _folder.Load();
        Assert.Equal("yolo", data.Source.Format);
        Assert.Equal("set", data.Name);
        Assert.Equal(["train", "val"], Parts(data));
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(new Corners(75, 25, 125, 75), data.Corners(0, 0));
        Assert.Equal(0, data.Flaws.Count);
        Assert.Equal(1, _folder.Load(new() { Part = "validation" }).Images.Count);
        Assert.Equal(2, DetectionDataset.Load(_folder["data.yaml"]).Images.Count);
    }

    [Theory]
    [InlineData("names:\n  0: cat\n  1: dog\n")]
    [InlineData("names: {1: dog, 0: cat}\n")]
    [InlineData("names: ['cat', \"dog\"]\nnc: 2\n")]
    public void Names_are_a_list_or_a_map(string names) => Assert.Equal(["cat", "dog"], WithYaml(names).Classes);

    [Fact]
    public void A_flaw_of_a_box_names_its_label_file()
    {
        var data = _folder.AddImage("images/a.png").Add("labels/a.txt", "0 .5 .5 0 .1\n").Load();
        Assert.Equal(_folder["labels/a.txt"], data.Flaws.Listed.Single(flaw => flaw.Code == FlawCode.BoxZeroSize).File);
    }

    [Fact]
    public void A_word_after_a_decimal_comma_is_no_number()
    {
        var data = _folder.AddImage("images/a.png").Add("labels/a.txt", "0 0,5 0,5 0,1 0,1\n0 0,5 abc 0,1 0,1\n").Load();
        Assert.Equal((0.5, 0.5, 0.1, 0.1), data.Boxes.Numbers(0));
        Assert.Equal((1, 1L, 1L), (data.Boxes.Count, data.Flaws.CountOf(FlawCode.LineMalformed), data.Flaws.CountOf(FlawCode.DecimalComma)));
    }

    [Fact]
    public void A_label_that_cannot_be_opened_does_not_stop_the_rest()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        _folder.AddImage("images/a.png").Add("labels/a.txt", Row).AddImage("images/b.png");
        foreach (var name in (string[])["b", "c"]) File.CreateSymbolicLink(_folder[$"labels/{name}.txt"], _folder["nowhere"]);
        var data = _folder.Load();
        Assert.Equal(1, data.Boxes.Count);
        Assert.Equal(2, data.Images.Count);
        Assert.True(data.Flaws.CountAboveNotes > 0);
    }

    [Fact]
    public void A_count_without_names_names_the_classes_by_number()
    {
        Assert.Equal(["class_0", "class_1", "class_2"], WithYaml("nc: 3\n").Classes);
        var data = WithYaml("nc: 5\nnames: [cat, dog]\n");
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ClassCountMismatch));
    }

    [Fact]
    public void Gaps_in_the_numbers_of_classes_stay()
    {
        _folder.Add("labels/b.txt", "7 .5 .5 .1 .1\n3 .5 .5 .2 .2\n").AddImage("images/b.png");
        var data = WithYaml("names: {1: dog, 7: cat}\n");
        Assert.Equal(["dog", "cat"], data.Classes);
        Assert.Equal(7, data.Classes.Id(1));
        Assert.Equal(1, data.Boxes.Class(1));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.UnknownClass));
    }

    [Fact]
    public void Download_is_never_run()
    {
        var data = WithYaml("names: [a, b]\ndownload: |\n  import os\n  os.system('touch pwned')\n");
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.DownloadKey));
    }

    [Theory]
    [InlineData("../train/images")]
    [InlineData("train/images")]
    [InlineData("./train/images/")]
    public void A_step_upwards_is_tried_without(string target)
    {
        var data = _folder.Add("data.yaml", $"train: {target}\nnames: [a, b]\n").AddImage("train/images/x.png").Add("train/labels/x.txt", Row)
            .Add("README.dataset.txt", "words").Load();
        Assert.Equal(1, data.Boxes.Count);
        Assert.Equal(["train"], Parts(data));
        Assert.Equal(0, data.Flaws.Count);
    }

    [Fact]
    public void A_part_beside_the_named_folder_is_read()
    {
        _folder.Add("config/data.yaml", "train: ../train/images\nnames: [a, b]\n").AddImage("train/images/x.png", 200, 100).Add("train/labels/x.txt", Row);
        var data = DetectionDataset.Load(_folder["config/data.yaml"]);
        Assert.Equal(1, data.Boxes.Count);
        Assert.Equal(200, data.Images.Width(0));
        Assert.NotNull(data.FindImage(0));
        Assert.Equal(0, data.Flaws.Count);
    }

    [Fact]
    public void A_part_further_outside_is_refused_unless_allowed()
    {
        _folder.Add("a/b/c/data.yaml", "train: ../../../far/images\nnames: [a, b]\n").AddImage("far/images/x.png").Add("far/labels/x.txt", Row);
        var data = DetectionDataset.Load(_folder["a/b/c"]);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.OutsidePath));
        Assert.Equal(0, data.Images.Count);
        Assert.Equal(1, DetectionDataset.Load(_folder["a/b/c"], new() { AllowOutside = true }).Boxes.Count);
    }

    [Fact]
    public void A_part_that_is_not_there_is_a_flaw()
    {
        var data = WithYaml("test: images/test\nnames: [a, b]\n");
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.PartMissing));
        Assert.Equal(1, data.Images.Count);
    }

    [Fact]
    public void Images_in_two_parts_are_leaked()
    {
        var data = WithYaml("val: images\nnames: [a, b]\n");
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.LeakedImage));
        Assert.Equal(["train"], Parts(data));
    }

    [Fact]
    public void Darknet_s_configuration_and_lists_are_read_as_cvat_exports_them()
    {
        _folder.Add("obj.data", "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n").Add("obj.names", "cat\ndog\n")
            .Add("train.txt", "data/obj_train_data/a.png\ndata/obj_train_data/b.png\n").AddImage("obj_train_data/a.png").Add("obj_train_data/a.txt", Row)
                .Add("obj_train_data/b.txt", "");
        var data = _folder.Load();
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(2, data.Images.Count);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageMissing));
        Assert.Equal(1, data.Flaws.Count);
    }

    [Fact]
    public void A_list_with_paths_of_another_machine_finds_the_images_by_the_end_of_the_path()
    {
        _folder.Add("classes.txt", "cat\ndog").Add("train.txt", "/home/me/sets/images/a/x.png\n../data/images/b/x.png\n");
        foreach (var name in (string[])["a", "b"]) _folder.AddImage($"images/{name}/x.png").Add($"labels/{name}/x.txt", Row);
        var data = DetectionDataset.Load(_folder["train.txt"]);
        Assert.Equal(["images/a/x.png", "images/b/x.png"], Enumerable.Range(0, 2).Select(data.Images.File));
        Assert.Equal(["train", "train"], Parts(data));
    }

    [Fact]
    public void A_list_cannot_lead_to_files_outside()
    {
        _folder.Add("a/b/train.txt", "../../../../secret/x.png\nx.png\n").AddImage("a/b/x.png").Add("a/b/x.txt", Row);
        Directory.CreateDirectory(_folder.Beside("secret"));
        File.WriteAllText(_folder.Beside("secret/x.txt"), "SECRET");
        var data = DetectionDataset.Load(_folder["a/b/train.txt"]);
        Assert.DoesNotContain(data.Flaws.Listed, flaw => flaw.ToString().Contains("SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_beside_the_labels_is_no_label()
    {
        _folder.AddImage("a.png").Add("a.txt", Row).Add("classes.txt", "cat\ndog\n").Add("readme.txt", "Thanks for the data.").Add("train.txt", "a.png\n")
            .Add("requirements.txt", "torch==2.0\n");
        var data = _folder.Load();
        Assert.Equal(1, data.Images.Count);
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(0, data.Flaws.Count);
    }

    [Fact]
    public void Every_flaw_of_a_row_is_named_with_its_line_and_drops_nothing_else()
    {
        _folder.AddImage("images/a.png").Add("classes.txt", "cat\ndog\n").Add("labels/a.txt", string.Join('\n',
            "1 0.5 0.5 0.2 0.2", "", "1 0.5 0.5", "cat 0.5 0.5 0.1 0.1", "1.5 0.5 0.5 0.1 0.1", "0 0,25 0,5 0.1 0.1", "1 0.5 0.5 0.2 0.2", "9 0.5 0.5 0.3 0.3", "-1 0.5 0.5 0.4 0.4",
            "0 nan 0.5 0.1 0.1", "0 0.5 0.5 0.1 0.1 0.9", "0 0.1 0.1 0.5 0.1 0.5 0.9 0.1 0.9", "0 0.1 0.1 0.5 0.1 0.5 0.9 0.1", "0 0.5 0.5 -0.1 0.1"));
        var data = _folder.Load();
        Assert.Equal([3L, 4, 5, 13], data.Flaws.Listed.Where(flaw => flaw.Code == FlawCode.LineMalformed).Select(flaw => flaw.Line));
        Assert.Equal(9, data.Boxes.Count);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.DecimalComma));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.DuplicateBox));
        Assert.Equal([8L, 9], data.Flaws.Listed.Where(flaw => flaw.Code == FlawCode.UnknownClass).Select(flaw => flaw.Line));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.BoxNotFinite));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ConfidenceColumn));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.PolygonHull));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.BoxNegativeSize));
        var hull = data.Corners(0, 7);
        Assert.Equal([10, 5, 50, 45], new[] { hull.X1, hull.Y1, hull.X2, hull.Y2 }.Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public void A_byte_order_mark_is_skipped_and_noted()
    {
        var data = _folder.AddImage("images/a.png").Add("labels/a.txt", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Row)])
            .Add("classes.txt", [.. Encoding.UTF8.Preamble, .. "cat\ndog"u8]).Load();
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ByteOrderMark));
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(1, data.Boxes.Class(0));
    }

    [Fact]
    public void Missing_and_empty_labels_are_images_without_objects()
    {
        var data = _folder.AddImage("images/a.png").AddImage("images/b.png").AddImage("images/c.png").Add("labels/a.txt", Row).Add("labels/b.txt", "\n")
            .Load();
        Assert.Equal(3, data.Images.Count);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.LabelMissing));
        Assert.Equal(["class_1"], data.Classes);
    }

    [Fact]
    public void A_label_without_image_is_a_flaw()
    {
        var data = _folder.AddImage("images/a.png").Add("labels/a.txt", Row).Add("labels/b.txt", Row).Load();
        Assert.Equal(1, data.Images.Count);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.LabelWithoutImage));
    }

    [Fact]
    public void Labels_alone_are_a_data_set_and_images_elsewhere_give_the_sizes()
    {
        _folder.Add("labels/train/a.txt", Row).Add("labels/train/b.txt", "").Add("classes.txt", "cat\ndog");
        var data = _folder.Load();
        Assert.Equal(2, data.Images.Count);
        Assert.Equal(1, data.Boxes.Count);
        Assert.Equal(2, data.Flaws.CountOf(FlawCode.ImageSizeMissing));
        Directory.CreateDirectory(_folder.Beside("pictures"));
        foreach (var name in (string[])["a", "b"]) File.WriteAllBytes(_folder.Beside($"pictures/{name}.png"), AnnotationFolder.PngHeader(400, 300));
        var found = _folder.Load(new() { ImageFolders = [_folder.Beside("pictures")] });
        Assert.Equal(400, found.Images.Width(0));
        Assert.Equal(0, found.Flaws.Count);
    }

    [Fact]
    public void Keypoints_are_no_polygon_when_the_configuration_says_so()
    {
        _folder.Add("labels/a.txt", "0 0.5 0.5 0.2 0.2 0.1 0.1 0.9 0.9\n").AddImage("images/a.png");
        var data = _folder.Add("data.yaml", "train: images\nnames: [person]\nkpt_shape: [2, 2]\n").Load();
        Assert.Equal((0.5, 0.5, 0.2, 0.2), data.Boxes.Numbers(0));
        Assert.Equal(0, data.Flaws.Count);
    }

    [Theory]
    [InlineData("train: images\nnames: [a, b\n")]
    [InlineData("train: images\nnames: cat\n")]
    [InlineData("train: images\nnames: {x: cat}\n")]
    [InlineData("train: images\nnc: many\nnames: [a]\n")]
    [InlineData("train: images\nnc: 2000000000\n")]
    [InlineData("train: images\nnames: *a\n")]
    public void A_configuration_that_cannot_be_read_is_refused_with_its_name(string yaml)
    {
        _folder.AddImage("images/a.png").Add("labels/a.txt", Row).Add("data.yaml", yaml);
        Assert.Contains("data.yaml", Assert.Throws<InputException>(() => _folder.Load()).Message);
    }

    [Fact]
    public void An_alias_bomb_and_deep_nesting_are_refused_or_stay_small()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (var i = 1; i < 60; i++) bomb.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}, *a{i - 1}]\n");
        Assert.Throws<InputException>(() => WithYaml(bomb + "names: *a59\n"));
        Assert.Throws<InputException>(() => WithYaml("names: " + new string('[', 50_000) + "\n"));
        Assert.Equal(["a", "b"], WithYaml("x: &n [a, b]\nnames: *n\n").Classes);
    }

    [Fact]
    public void An_image_that_claims_too_much_or_is_none_is_a_flaw()
    {
        _folder.AddImage("images/a.png", 60000, 60000).Add("labels/a.txt", Row).Add("images/b.png", "no image").Add("labels/b.txt", Row);
        var data = _folder.Load();
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageTooLarge));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageUnreadable));
        Assert.Equal(2, data.Boxes.Count);
    }

    [Fact]
    public void A_label_that_links_outside_is_not_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        File.WriteAllText(_folder.Beside("secret.txt"), "SECRET");
        var outside = Directory.CreateTempSubdirectory("ballast-");
        File.WriteAllText(Path.Combine(outside.FullName, "secret.txt"), "SECRET");
        _folder.AddImage("images/a.png").Add("labels/b.txt", Row).AddImage("images/b.png");
        File.CreateSymbolicLink(_folder["labels/a.txt"], Path.Combine(outside.FullName, "secret.txt"));
        var data = _folder.Load();
        outside.Delete(recursive: true);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.OutsidePath));
        Assert.DoesNotContain(data.Flaws.Listed, flaw => flaw.ToString().Contains("SECRET", StringComparison.Ordinal));
    }

    private DetectionDataset WithYaml(string text)
        => _folder.AddImage("images/a.png").Add("labels/a.txt", Row).Add("data.yaml", "train: images\n" + text).Load();

    private static string?[] Parts(DetectionDataset data)
        => [.. Enumerable.Range(0, data.Images.Count).Select(image => data.Images.Part(image) is >= 0 and var part ? data.Images.PartNames[part] : null)];
}
