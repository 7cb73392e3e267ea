namespace Ballast.Tests.Reports;

public sealed class ReportCropsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ballast-crops-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_crop_shows_the_box_with_its_surroundings_and_outlines_it()
    {
        var data = Make(1, (0, 200, 100, 60, 50));
        var crop = Assert.Single(Of(data, new Example("group", 0, 0, "a box")), crop => crop.Finding == "test");
        Assert.Equal(("group", "a box"), (crop.Group, crop.Caption));
        Assert.Equal(144, crop.Height);
        var pixels = Decode(crop);
        Assert.Equal((crop.Width, crop.Height), (pixels.Width, pixels.Height));
        Assert.InRange(Yellow(pixels), 300, 3000);
    }

    [Fact]
    public void A_tiny_box_at_a_corner_and_a_long_one_over_the_border_stay_on_the_image()
    {
        var data = Make(1, (0, 0, 0, 2, 2), (0, -50, 30, 900, 4), (0, 639, 479, 400, 400));
        var crops = Of(data, [.. Enumerable.Range(0, 3).Select(box => new Example("group", 0, box, ""))]).Where(crop => crop.Finding == "test").ToArray();
        Assert.Equal(3, crops.Length);
        Assert.All(crops, crop => Assert.InRange(crop.Width, 60, 288));
        Assert.All(crops, crop => Assert.InRange(crop.Height, 60, 144));
    }

    [Fact]
    public void A_box_that_is_not_on_the_image_has_no_picture()
    {
        var data = Make(1, (0, 10, 10, 50, 50), (0, 5000, 10, 50, 50), (0, double.NaN, 10, 50, 50));
        Assert.DoesNotContain(Of(data, new Example("group", 0, 1, ""), new Example("group", 0, 2, "")), crop => crop.Finding == "test");
    }

    [Fact]
    public void A_whole_image_shows_all_its_boxes()
    {
        var data = Make(1, (0, 20, 20, 100, 100), (1, 300, 200, 200, 150));
        var crop = Assert.Single(Of(data, new Example("the most crowded image", 0, -1, "")), crop => crop.Finding == "test");
        Assert.Equal((240, 180), (crop.Width, crop.Height));
        Assert.InRange(Yellow(Decode(crop)), 50, 3000);
    }

    [Fact]
    public void A_detection_is_outlined_dashed_and_blue_beside_its_yellow_truth()
    {
        var data = Make(1, (0, 200, 100, 100, 80));
        var crop = Assert.Single(Of(data, new Example("group", 0, 0, "") { Detections = [new(215, 110, 315, 190)] }), crop => crop.Finding == "test");
        var pixels = Decode(crop);
        var (yellow, blue) = (Yellow(pixels), Blue(pixels));
        Assert.InRange(yellow, 200, 3000);
        // Both frames are as long and as thick, but the dashed one has gaps, and where they cross it lies on top.
        Assert.InRange(blue, yellow / 4, yellow * 9 / 10);
        Assert.Equal(0, Blue(Decode(Assert.Single(Of(data, new Example("group", 0, 0, "")), crop => crop.Finding == "test"))));
    }

    [Fact]
    public void A_false_alarm_that_concerns_no_object_shows_the_objects_around_it()
    {
        var data = Make(1, (0, 200, 100, 60, 60), (0, 500, 400, 50, 50));
        var alone = Assert.Single(Of(data, new Example("group", 0, -1, "") { Detections = [new(40, 300, 100, 360)] }), crop => crop.Finding == "test");
        Assert.Equal(0, Yellow(Decode(alone)));
        Assert.True(Blue(Decode(alone)) > 100);
        var beside = CropWindow.Of(data, 640, 480, new("group", 0, -1, "") { Detections = [new(150, 100, 195, 160)] })!;
        Assert.Equal([new(new(200, 100, 260, 160), OutlineKind.Other), new(new(150, 100, 195, 160), OutlineKind.Detection)], beside.Outlines);
        var miss = CropWindow.Of(data, 640, 480, new("group", 0, 0, "") { Detections = [new(150, 100, 215, 160)] })!;
        Assert.Equal([OutlineKind.Object, OutlineKind.Detection], miss.Outlines.Select(outline => outline.Kind));
    }

    [Theory]
    // A whole image is shown 240 px wide, so twice that is enough; an object of 64 px in a window of 103 px is shown 144 px high and needs every pixel.
    [InlineData(-1, 480)]
    [InlineData(0, 0)]
    // An object of 400 x 300 px: its window of 640 x 480 px is shown 192 px wide, and 640 px at 2 x 192 / 640.
    [InlineData(1, 384)]
    public void An_image_is_decoded_no_larger_than_its_pictures_need(int box, int side)
    {
        var data = Make(1, (0, 100, 100, 64, 64), (0, 100, 100, 400, 300));
        Assert.Equal(side, ReportCrops.SideFor(data, 0, [new("group", 0, box, "")]));
        Assert.Equal(0, ReportCrops.SideFor(data, 0, [new("group", 0, box, ""), new("group", 0, 0, "")]));
    }

    [Fact]
    public void At_most_six_of_a_group_and_four_hundred_kilobytes_in_all_are_kept()
    {
        var data = Make(80, (0, 200, 100, 200, 190));
        var examples = Enumerable.Range(0, 10).SelectMany(group => Enumerable.Range(0, 8).Select(i => new Example($"group {group}", (group * 8) + i, (group * 8) + i, "")));
        var crops = Of(data, [.. examples]);
        var groups = crops.Where(crop => crop.Finding == "test").GroupBy(crop => crop.Group).ToArray();
        Assert.Equal(10, groups.Length);
        Assert.All(groups, group => Assert.InRange(group.Count(), 1, 6));
        Assert.True(crops.Sum(crop => crop.Uri.Length) <= 400_000);
    }

    [Fact]
    public void The_head_shows_the_rarest_and_the_commonest_class()
    {
        var data = Make(3, (0, 20, 20, 100, 100), (0, 200, 20, 100, 100), (1, 300, 200, 200, 150));
        var head = Of(data).Where(crop => crop.Finding == ReportCrops.Head).Select(crop => crop.Caption);
        Assert.Equal(["c1, the rarest class: 3 boxes", "c0, the commonest class: 6 boxes"], head);
    }

    [Fact]
    public void Images_that_are_missing_or_damaged_are_counted_in_the_note()
    {
        var data = Make(3, (0, 20, 20, 100, 100));
        File.Delete(Path.Combine(_folder.FullName, "0001.jpg"));
        File.WriteAllText(Path.Combine(_folder.FullName, "0002.jpg"), "no image");
        var made = ReportCrops.Make(data, [Finding([.. Enumerable.Range(0, 3).Select(i => new Example("group", i, i, ""))])], TestContext.Current.CancellationToken);
        Assert.Single(made.Crops, crop => crop.Finding == "test");
        Assert.Equal("of 3 images wanted for pictures, 1 not found and 1 not readable; --images names the folder they are in", made.Note!.Value);
    }

    [Fact]
    public void A_data_set_without_boxes_has_no_pictures_and_needs_no_note()
    {
        var made = ReportCrops.Make(Make(2), [], TestContext.Current.CancellationToken);
        Assert.Empty(made.Crops);
        Assert.Null(made.Note);
    }

    private static IReadOnlyList<ReportCrop> Of(DetectionDataset data, params Example[] examples) => ReportCrops.Make(data, [Finding(examples)], TestContext.Current.CancellationToken).Crops;

    private static Finding Finding(Example[] examples) => DemoFindings.ScaleBox() with { Id = "test", Examples = examples };

    /// <summary>Images of 640 x 480 with the same boxes each; widths and heights are the annotations'.</summary>
    private DetectionDataset Make(int images, params (int Class, double X, double Y, double Width, double Height)[] boxes)
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        for (var c = 0; c < 2; c++) builder.AddClass($"c{c}", c + 1);
        var file = Imaging.TestImages.File(ImageCodec.Jpeg, 640, 480);
        for (var image = 0; image < images; image++)
        {
            File.WriteAllBytes(Path.Combine(_folder.FullName, $"{image:D4}.jpg"), file);
            builder.AddImage(image + 1, $"{image:D4}.jpg", 640, 480);
            foreach (var box in boxes) builder.AddBox(image, box.Class, box.X, box.Y, box.Width, box.Height, id: builder.BoxCount + 1);
        }

        return builder.Build("made", new DatasetSource("coco", Path.Combine(_folder.FullName, "made.json"), FileTree.OpenTree(_folder.FullName)));
    }

    private static Pixels Decode(ReportCrop crop) => Imaging.TestImages.Decode(Convert.FromBase64String(crop.Uri["data:image/jpeg;base64,".Length..])).Pixels;

    private static int Blue(Pixels pixels)
    {
        var count = 0;
        for (var i = 0; i < pixels.Bytes.Length; i += 4) if (pixels.Bytes[i + 2] > 140 && pixels.Bytes[i + 2] > pixels.Bytes[i] + 70) count++;
        return count;
    }

    private static int Yellow(Pixels pixels)
    {
        var count = 0;
        for (var i = 0; i < pixels.Bytes.Length; i += 4) if (pixels.Bytes[i] > 200 && pixels.Bytes[i + 1] > 160 && pixels.Bytes[i + 2] < 110) count++;
        return count;
    }
}
