namespace Ballast.Tests.Formats;

public class RealDatasetTests
{
    [Fact]
    public void Bccd_is_read_as_its_counts_are_published()
    {
        var data = DetectionDataset.Load(Path("data/bccd"));
        Assert.Equal("voc", data.Source.Format);
        Assert.Equal(364, data.Images.Count);
        Assert.Equal(4888, data.Boxes.Count);
        Assert.Equal(["Platelets", "RBC", "WBC"], data.Classes);
        Assert.Equal([361, 4155, 372], Counts(data));
        Assert.Equal(["test", "train", "val"], data.Images.PartNames.Order());
        Assert.Equal([72, 205, 87], PartCounts(data));
        Assert.Equal(2, data.Flaws.CountOf(FlawCode.BoxZeroSize));
        Assert.Equal(545, data.Flaws.CountOf(FlawCode.TouchesEdge));
        Assert.Equal(1131, data.Boxes.AllMarks.ToArray().Count(marks => marks.HasFlag(BoxMarks.Truncated)));
        Assert.All(Enumerable.Range(0, 364), image => Assert.Equal((640, 480), (data.Images.Width(image), data.Images.Height(image))));
    }

    [Fact]
    public void Aerial_cars_is_read_with_the_sizes_of_its_images()
    {
        var data = DetectionDataset.Load(Path("data/aerial-cars"));
        Assert.Equal("yolo", data.Source.Format);
        Assert.Equal(28, data.Images.Count);
        Assert.Equal(895, data.Boxes.Count);
        Assert.Equal(["car", "truck", "bus", "minibus", "cyclist"], data.Classes);
        Assert.Equal([857, 0, 1, 37, 0], Counts(data));
        var sizes = Enumerable.Range(0, 28).Select(image => (data.Images.Width(image), data.Images.Height(image))).Distinct().Order();
        Assert.Equal([(1284, 377), (4000, 2250)], sizes);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.BoxPastEdge));
    }

    [Fact]
    public void One_part_of_bccd_is_read_alone()
    {
        var data = DetectionDataset.Load(Path("data/bccd"), new() { Part = "test" });
        Assert.Equal(72, data.Images.Count);
        Assert.Equal(["test"], data.Images.PartNames);
    }

    private static int[] Counts(DetectionDataset data)
        => [.. Enumerable.Range(0, data.Classes.Count).Select(c => data.Boxes.Classes.ToArray().Count(value => value == c))];

    private static int[] PartCounts(DetectionDataset data)
        => [.. data.Images.PartNames.Order()
            .Select(name => Enumerable.Range(0, data.Images.Count).Count(image => data.Images.PartNames[data.Images.Part(image)] == name))];

    private static string Path(string path)
    {
        var full = AnnotationFolder.Shared(path);
        Assert.SkipWhen(full is null, $"../shared/{path} is not here.");
        return full!;
    }
}
