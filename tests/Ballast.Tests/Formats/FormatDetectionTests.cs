using System.IO.Compression;

namespace Ballast.Tests.Formats;

public sealed class FormatDetectionTests : IDisposable
{
    private const string Coco = """
        {"images":[{"id":1,"file_name":"a.png","width":100,"height":50}],"categories":[{"id":1,"name":"cat"}],
        "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}]}
        """;

    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_formats_in_a_folder_are_not_guessed_between()
    {
        _folder.Add("instances.json", Coco).AddImage("images/a.png").Add("labels/a.txt", "0 .5 .5 .1 .1").Add("data.yaml", "names: [dog]\ntrain: images\n");
        var error = Assert.Throws<InputException>(() => _folder.Load());
        Assert.Contains("COCO", error.Message);
        Assert.Contains("YOLO", error.Message);
        Assert.Contains("--format coco or yolo", error.Message);
        Assert.Equal(["cat"], _folder.Load(new() { Format = "coco" }).Classes);
        Assert.Equal(["dog"], _folder.Load(new() { Format = "YOLO" }).Classes);
        Assert.Equal(["cat"], DetectionDataset.Load(_folder["instances.json"]).Classes);
    }

    [Fact]
    public void Nothing_recognised_says_what_was_looked_for_and_what_was_found()
    {
        var error = Assert.Throws<InputException>(() => _folder.AddImage("a.png").Add("notes.docx", "x").Load());
        Assert.Contains("data.yaml", error.Message);
        Assert.Contains("ImageID", error.Message);
        Assert.Contains("1 .docx", error.Message);
        Assert.Contains("no file at all", Assert.Throws<InputException>(() => DetectionDataset.Load(Directory.CreateDirectory(_folder.Beside("empty")).FullName)).Message);
    }

    [Fact]
    public void A_file_that_cannot_be_annotations_is_told_by_what_it_is()
    {
        _folder.Add("empty.json", "").Add("wide.json", System.Text.Encoding.Unicode.GetPreamble()).Add("other.json", "[]");
        Assert.Contains("the file is empty", Refused("empty.json"), StringComparison.Ordinal);
        Assert.Contains("UTF-16", Refused("wide.json"), StringComparison.Ordinal);
        Assert.Contains("2 bytes of something else", Refused("other.json"), StringComparison.Ordinal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        File.CreateSymbolicLink(_folder["link.json"], _folder["nowhere.json"]);
        Assert.Contains("link.json' cannot be read", Refused("link.json"), StringComparison.Ordinal);

        string Refused(string name) => Assert.Throws<InputException>(() => DetectionDataset.Load(_folder[name])).Message;
    }

    [Theory]
    [InlineData("instances.json", Coco)]
    [InlineData("boxes.csv", "ImageID,LabelName,XMin,XMax,YMin,YMax\na,cat,0.1,0.2,0.1,0.2\n")]
    public void Annotations_behind_a_link_that_leads_outside_are_read_only_when_allowed(string name, string text)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        var outside = Directory.CreateTempSubdirectory("ballast-outside-");
        try
        {
            var target = Path.Combine(outside.FullName, name);
            File.WriteAllText(target, text);
            File.CreateSymbolicLink(_folder[name], target);
            Assert.Equal(1, _folder.Load(new() { AllowOutside = true }).Boxes.Count);
            Assert.Equal(1, DetectionDataset.Load(target).Boxes.Count);
            if (name.EndsWith(".csv", StringComparison.Ordinal)) Assert.Equal(1, _folder.Load().Flaws.CountOf(FlawCode.OutsidePath));
            else Assert.Contains("--allow-outside", Assert.Throws<InputException>(() => _folder.Load()).Message);
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public void Looking_at_files_that_cannot_be_opened_stops_no_set()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        _folder.Add("instances.json", Coco);
        foreach (var name in (string[])["data.yaml", "obj.data", "a.txt", "a.xml", "a.csv", "b.json", "classes.txt"])
            File.CreateSymbolicLink(_folder[name], _folder["nowhere"]);
        Assert.Equal(["cat"], _folder.Load().Classes);
    }

    [Theory]
    [InlineData("yollo", "'yolo'")]
    [InlineData("open-image", "'open-images'")]
    [InlineData("cocoo", "'coco'")]
    public void An_unknown_format_suggests_the_nearest(string name, string suggestion)
    {
        var error = Assert.Throws<InputException>(() => _folder.Add("instances.json", Coco).Load(new() { Format = name }));
        Assert.Contains(suggestion, error.Message);
        Assert.Contains("voc", error.Message);
    }

    [Fact]
    public void A_forced_format_that_does_not_fit_is_refused()
        => Assert.Contains("not Pascal VOC", Assert.Throws<InputException>(() => _folder.Add("instances.json", Coco).Load(new() { Format = "pascal-voc" })).Message);

    [Fact]
    public void A_path_that_does_not_exist_is_refused() => Assert.Throws<InputException>(() => DetectionDataset.Load(_folder["none"]));

    [Theory]
    [InlineData("")]
    [InlineData("export/")]
    public void Zips_are_read_in_place_and_a_top_folder_is_looked_through(string top)
    {
        _folder.Add("obj.data", "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\n").Add("obj.names", "cat\ndog\n")
            .Add("train.txt", "data/obj_train_data/a.png\n")
            .AddImage("obj_train_data/a.png", 300, 200).Add("obj_train_data/a.txt", "1 .5 .5 .5 .5\n");
        var cvatYolo = DetectionDataset.Load(_folder.Zip(top));
        Assert.Equal((300, 1, 0), (cvatYolo.Images.Width(0), cvatYolo.Boxes.Count, (int)cvatYolo.Flaws.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("export/")]
    public void Exports_of_cvat_roboflow_and_label_studio_load_as_they_come(string top)
    {
        using var voc = new AnnotationFolder();
        voc.Add("Annotations/a.xml", PascalVocTests.Xml("a")).AddImage("JPEGImages/a.png").Add("ImageSets/Main/default.txt", "a\n")
            .Add("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:1,2,3::\n");
        Assert.Equal((1, 0), (DetectionDataset.Load(voc.Zip(top)).Boxes.Count, (int)DetectionDataset.Load(voc.Zip(top)).Flaws.Count));
        using var roboflow = new AnnotationFolder();
        roboflow.Add("data.yaml", "train: ../train/images\nval: ../valid/images\ntest: ../test/images\nnc: 1\nnames: ['cat']\nroboflow:\n  workspace: w\n")
            .Add("README.roboflow.txt", "text")
            .AddImage("train/images/a.jpg").Add("train/labels/a.txt", "0 .5 .5 .5 .5\n").AddImage("valid/images/b.jpg")
                .Add("valid/labels/b.txt", "0 .5 .5 .5 .5\n");
        Assert.Equal(["train", "val"], DetectionDataset.Load(roboflow.Zip(top)).Images.PartNames);
        using var studio = new AnnotationFolder();
        studio.Add("classes.txt", "cat\n")
            .Add("notes.json", """{"categories":[{"id":0,"name":"cat"}],"info":{"year":2026,"version":"1.0","contributor":"Label Studio"}}""")
            .AddImage("images/a.png").Add("labels/a.txt", "0 .5 .5 .5 .5\n");
        Assert.Equal("yolo", DetectionDataset.Load(studio.Zip(top)).Source.Format);
        using var coco = new AnnotationFolder();
        coco.Add("annotations/instances_default.json", Coco).AddImage("images/a.png");
        Assert.Equal("coco", DetectionDataset.Load(coco.Zip(top)).Source.Format);
    }

    [Fact]
    public void Entries_that_lead_outside_are_left_out_of_a_zip()
    {
        _folder.Add("Annotations/a.xml", PascalVocTests.Xml("a"));
        var zip = _folder.Zip();
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Update))
        {
            foreach (var name in (string[])["../Annotations/x.xml", "/Annotations/y.xml", "C:/Annotations/z.xml", "..\\Annotations\\w.xml"])
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(PascalVocTests.Xml("x"));
            }
        }

        Assert.Equal(1, DetectionDataset.Load(zip).Images.Count);
    }

    [Fact]
    public void A_zip_bomb_is_refused_in_a_sentence()
    {
        var zip = _folder.Beside("bomb.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("instances.json", CompressionLevel.SmallestSize).Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 128; i++) entry.Write(zeros);
        }

        using var tree = FileTree.OpenTree(zip);
        Assert.Contains("zip bomb", Assert.Throws<InputException>(() => tree.Open("instances.json")).Message);
        Assert.Contains("zip bomb", Assert.Throws<InputException>(() => tree.OpenForward("instances.json")).Message);
    }

    [Fact]
    public void A_file_that_is_no_zip_is_refused() => Assert.Throws<InputException>(() => DetectionDataset.Load(_folder.Add("x.zip", "no zip")["x.zip"]));

    [Fact]
    public void A_zip_is_read_by_several_threads_at_once()
    {
        for (var i = 0; i < 500; i++) _folder.AddImage($"images/{i:000}.png", 100 + i, 50).Add($"labels/{i:000}.txt", $"{i % 5} .5 .5 .5 .5\n");
        var data = DetectionDataset.Load(_folder.Zip());
        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal((100 + i, i % 5), (data.Images.Width(i), data.Boxes.Class(i))));
    }

    [Fact]
    public void Links_in_circles_are_listed_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        _folder.AddImage("images/a.png").Add("labels/a.txt", "0 .5 .5 .5 .5\n");
        Directory.CreateSymbolicLink(_folder["images/loop"], _folder.Root);
        Directory.CreateSymbolicLink(_folder["labels/again"], _folder.Root);
        Assert.Equal(1, _folder.Load().Images.Count);
    }

    [Fact]
    public void Progress_ends_at_one_and_a_cancelled_reading_stops()
    {
        for (var i = 0; i < 20; i++) _folder.Add($"Annotations/{i}.xml", PascalVocTests.Xml($"{i}"));
        var told = new List<double>();
        _folder.Load(new() { Progress = new Told(told) });
        Assert.Equal(1, told[^1]);
        Assert.ThrowsAny<OperationCanceledException>(() => _folder.Load(new() { Cancellation = new(canceled: true) }));
    }

    private sealed class Told(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
