namespace Ballast.Tests.Evaluation;

public sealed class DetectionResultsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-detections-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_bare_list_an_object_CSV_and_YOLO_say_the_same()
    {
        var truth = Truth();
        const string Rows = """[{"image_id": 20, "category_id": 7, "bbox": [64, 48, 128, 96], "score": 0.5}, {"image_id": 10, "category_id": 3, "bbox": [0, 0, 64, 48], "score": 1}]""";
        var list = DetectionResults.Read(Write("a.json", Rows), truth);
        var wrapped = DetectionResults.Read(Write("b.json", $$"""{"info": {"x": [1, {}]}, "annotations": {{Rows}}, "categories": []}"""), truth);
        var csv = DetectionResults.Read(Write("c.csv", "image_id,category_id,x1,y1,x2,y2,score\n20,7,64,48,192,144,0.5\n10,3,0,0,64,48,1\n"), truth);
        var semicolons = DetectionResults.Read(Write("d.csv", "image;class;x;y;width;height;confidence\n000020.jpg;car;64;48;128;96;0.5\n000010.jpg;boat;0;0;64;48;1\n"), truth);
        Write("labels/000020.txt", "1 0.2 0.2 0.2 0.2 0.5\n");
        Write("labels/000010.txt", "0 0.05 0.05 0.1 0.1 1\n");
        var yolo = DetectionResults.Read(Path.Combine(_folder, "labels"), truth);
        foreach (var table in new[] { list, wrapped, csv, semicolons, yolo })
        {
            Assert.Equal([0, 1], table.Classes.ToArray());
            Assert.Equal([1, 0.5], table.Scores.ToArray());
            Assert.Equal(64, table.X[1], 9);
            Assert.Equal(128, table.Width[1], 9);
            Assert.Equal(96, table.Height[1], 9);
            Assert.Equal((1, 2), table.Of(1));
        }

        Assert.Equal("Images are named by id; classes are named by id.", list.Mapping);
        Assert.Equal("Images are named by file name; classes are named by name.", semicolons.Mapping);
        Assert.Equal("Images are named by file name without its ending; classes are named by place, from 0.", yolo.Mapping);
    }

    [Theory]
    [InlineData("10", 0)]
    [InlineData("\"10\"", 0)]
    [InlineData("\"000010.jpg\"", 0)]
    [InlineData("\"images/000010.jpg\"", 0)]
    [InlineData("\"000010\"", 0)]
    [InlineData("20.0", 1)]
    public void An_image_is_named_by_id_file_name_or_stem(string image, int index)
    {
        var table = DetectionResults.Read(Write("a.json", Row(image, "3", "0.5")), Truth());
        Assert.Equal((0, 1), (table.Of(index).Start, table.Of(index).End));
    }

    [Fact]
    public void A_stem_of_digits_is_named_by_its_number()
    {
        // Ids 1 and 2, files 000123 and 000124: 123 is a stem.
        var scene = new Scene();
        scene.AddClass("a");
        scene.AddImage(1, file: "000123.jpg");
        scene.AddImage(2, file: "000124.jpg");
        var table = DetectionResults.Read(Write("a.json", Row("124", "1", "0.5")), scene.Dataset());
        Assert.Equal((0, 1), table.Of(1));
        Assert.StartsWith("Images are named by file name without its ending", table.Mapping, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_two_readings_fit_are_refused_and_can_be_said()
    {
        // 2 is the id of the first file and the stem of the second.
        var scene = new Scene();
        scene.AddClass("a");
        scene.AddImage(2, file: "1.jpg");
        scene.AddImage(1, file: "2.jpg");
        var path = Write("a.json", Row("2", "1", "0.5"));
        var error = Assert.Throws<InputException>(() => DetectionResults.Read(path, scene.Dataset()));
        Assert.Contains("two ways", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), DetectionResults.Read(path, scene.Dataset(), new() { Images = ImageNaming.Id }).Of(0));
        Assert.Equal((0, 1), DetectionResults.Read(path, scene.Dataset(), new() { Images = ImageNaming.Stem }).Of(1));
    }

    [Theory]
    [InlineData("3,7", ClassNaming.Id)]
    [InlineData("\"boat\",\"car\"", ClassNaming.Name)]
    [InlineData("0,1", ClassNaming.ZeroBased)]
    [InlineData("1,2", ClassNaming.OneBased)]
    public void A_class_is_named_by_id_name_or_place(string names, ClassNaming naming)
    {
        var (first, second) = (names.Split(',')[0], names.Split(',')[1]);
        var table = DetectionResults.Read(Write("a.json", $"[{Detection("10", first, "0.5")},{Detection("10", second, "0.4")}]"), Truth());
        Assert.Equal([0, 1], table.Classes.ToArray());
        var said = DetectionResults.Read(Path.Combine(_folder, "a.json"), Truth(), new() { Classes = naming });
        Assert.Equal(table.Mapping, said.Mapping);
    }

    [Fact]
    public void Classes_that_two_readings_fit_are_refused_and_can_be_said()
    {
        var path = Write("a.json", Row("10", "1", "0.5"));
        var error = Assert.Throws<InputException>(() => DetectionResults.Read(path, Truth()));
        Assert.Contains("from 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("from 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, DetectionResults.Read(path, Truth(), new() { Classes = ClassNaming.ZeroBased }).Classes[0]);
        Assert.Equal(0, DetectionResults.Read(path, Truth(), new() { Classes = ClassNaming.OneBased }).Classes[0]);
    }

    [Fact]
    public void Unknown_images_and_classes_are_counted_by_index_and_name_and_change_nothing()
    {
        var path = Write("a.json", $"[{Detection("10", "3", "0.5")},{Detection("11", "3", "0.5")},{Detection("10", "999", "0.5")},{Detection("20", "7", "0.5")}]");
        var table = DetectionResults.Read(path, Truth());
        Assert.Equal(2, table.Count);
        Assert.Equal(1, table.Flaws.CountOf(DetectionFlaws.UnknownImage));
        Assert.Equal(1, table.Flaws.CountOf(DetectionFlaws.UnknownClass));
        Assert.Contains(table.Flaws.Listed, flaw => flaw.Subject == "detection 1 of image 11, class 3");
        Assert.Contains(table.Flaws.Listed, flaw => flaw.Subject == "detection 2 of image 10, class 999");
        var error = Assert.Throws<InputException>(() => DetectionResults.Read(path, Truth(), new() { Flaws = FlawPolicy.Strict }));
        Assert.Contains("detection 1 of image 11, class 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("\"0.9\"")]
    [InlineData("null")]
    [InlineData("Infinity")]
    public void A_score_that_is_no_number_leaves_the_detection_out(string score)
    {
        var path = Write("a.json", $"[{Detection("10", "3", score)},{Detection("11", "3", "0.5")},{Detection("20", "7", "0.5")}]");
        var table = DetectionResults.Read(path, Truth());
        Assert.Equal(1, table.Count);
        Assert.Equal(1, table.Flaws.CountOf(DetectionFlaws.ScoreUnusable));
        // The position counts the detection that was left out.
        Assert.Contains(table.Flaws.Listed, flaw => flaw.Subject == "detection 1 of image 11, class 3");
        Assert.Throws<InputException>(() => DetectionResults.Read(path, Truth(), new() { Flaws = FlawPolicy.Strict }));
        Assert.Contains(CocoEvaluation.Of(Truth(), table).Notes, note => note.Contains("usable score", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[{"image_id": 10, "category_id": 3, "bbox": [0, 0, 10, 10]}]""", "detection-score")]
    [InlineData("""[{"image_id": 10, "category_id": 3, "score": 0.5}]""", "detection-not-finite")]
    [InlineData("""[{"image_id": 10, "category_id": 3, "bbox": [0, 0, NaN, 10], "score": 0.5}]""", "detection-not-finite")]
    [InlineData("""[{"image_id": 10, "category_id": 3, "bbox": [0, 0, 10], "score": 0.5}]""", "detection-not-finite")]
    [InlineData("""[{"category_id": 3, "bbox": [0, 0, 10, 10], "score": 0.5}]""", "detection-unknown-image")]
    [InlineData("""[{"image_id": 10, "bbox": [0, 0, 10, 10], "score": 0.5}]""", "detection-unknown-class")]
    [InlineData("[7]", "line-malformed")]
    public void A_detection_that_cannot_be_used_is_left_out_and_named(string json, string code)
    {
        var table = DetectionResults.Read(Write("a.json", json), Truth());
        Assert.Equal(0, table.Count);
        Assert.Equal(code, Assert.Single(table.Flaws.ByCode).Code.Code);
    }

    [Fact]
    public void A_negative_size_is_a_flaw_and_stays()
    {
        var table = DetectionResults.Read(Write("a.json", """[{"image_id": 10, "category_id": 3, "bbox": [50, 50, -10, 10], "score": 0.5}]"""), Truth());
        Assert.Equal(1, table.Count);
        Assert.Equal(1, table.Flaws.CountOf(DetectionFlaws.NegativeSize));
    }

    [Theory]
    [InlineData("a.json", "[]")]
    [InlineData("b.json", """{"annotations": []}""")]
    [InlineData("c.csv", "image_id,category_id,x,y,w,h,score\n")]
    [InlineData("d.csv", "")]
    public void An_empty_file_gives_zeros(string name, string text)
    {
        var truth = Truth();
        var table = DetectionResults.Read(Write(name, text), truth);
        Assert.Equal(0, table.Count);
        Assert.Equal(0, CocoEvaluation.Of(truth, table).Overall.AP);
    }

    [Theory]
    [InlineData("a.json", """{"images": []}""", "'annotations'")]
    [InlineData("b.json", "[{]", "JSON")]
    [InlineData("c.csv", "image_id,category_id,x,y,w,h\n1,2,3,4,5,6\n", "no score")]
    [InlineData("d.txt", "0 0.5 0.5 0.1 0.1 0.9\n", "header")]
    public void A_file_that_holds_no_detections_is_refused(string name, string text, string word)
        => Assert.Contains(word, Assert.Throws<InputException>(() => DetectionResults.Read(Write(name, text), Truth())).Message, StringComparison.Ordinal);

    [Fact]
    public void A_path_that_does_not_exist_and_a_folder_without_labels_are_refused()
    {
        Assert.Throws<InputException>(() => DetectionResults.Read(Path.Combine(_folder, "none.json"), Truth()));
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Assert.Throws<InputException>(() => DetectionResults.Read(Path.Combine(_folder, "empty"), Truth()));
    }

    [Fact]
    public void YOLO_labels_without_confidence_have_no_score_and_name_their_line()
    {
        Write("labels/000010.txt", "\n0 0.5 0.5 0.1 0.1\n");
        var flaw = Assert.Single(DetectionResults.Read(Path.Combine(_folder, "labels"), Truth()).Flaws.Listed);
        Assert.Equal(DetectionFlaws.ScoreUnusable, flaw.Code);
        Assert.Equal(2, flaw.Line);
        Assert.Equal("000010.txt", flaw.File);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        var path = Path.Combine(_folder, "bom.json");
        File.WriteAllText(path, Row("10", "3", "0.5"), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(1, DetectionResults.Read(path, Truth()).Count);
    }

    /// <summary>Images 10 and 20 (640 x 480), classes boat (id 3) and car (id 7), one object each.</summary>
    private static DetectionDataset Truth()
    {
        var scene = new Scene();
        scene.AddClass("boat");
        scene.AddClass("car");
        scene.AddImage(10);
        scene.AddImage(20);
        return scene.Object(0, 0, 0, 0, 64, 48).Object(1, 1, 64, 48, 128, 96).Dataset(classIds: [3, 7]);
    }

    private static string Row(string image, string @class, string score) => $"[{Detection(image, @class, score)}]";

    private static string Detection(string image, string @class, string score) => $$"""{"image_id": {{image}}, "category_id": {{@class}}, "bbox": [0, 0, 10, 10], "score": {{score}}}""";

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
