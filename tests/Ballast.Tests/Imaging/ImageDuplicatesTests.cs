namespace Ballast.Tests.Imaging;

public class ImageDuplicatesTests
{
    [Fact]
    public void Identical_files_are_grouped_and_groups_across_parts_are_leaks()
    {
        using var folder = new TestFolder();
        var data = folder.Dataset("", Fill(folder));
        AssertGroups(data);
    }

    [Fact]
    public void Identical_files_in_a_zip_are_grouped_too()
    {
        using var folder = new TestFolder();
        var images = Fill(folder);
        folder.Zip("set.zip", [.. images.Where(image => image.File != "gone.png").Select(image => (image.File, File.ReadAllBytes(folder[image.File])))]);
        AssertGroups(folder.Dataset("set.zip", images));
    }

    [Fact]
    public void A_data_set_without_images_has_no_duplicates_and_looking_can_be_stopped()
    {
        using var folder = new TestFolder();
        Assert.Empty(ImageDuplicates.Find(folder.Dataset("")));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => ImageDuplicates.Find(folder.Dataset("", Fill(folder)), null, stopped.Token));
    }

    /// <summary>Images 0 and 3 are the same across parts, 1 and 4 inside a part; 2 has the length of 0 and other bytes; 5 is missing.</summary>
    private static TestImage[] Fill(TestFolder folder)
    {
        byte[] first = [1, 2, 3, 4];
        byte[] second = [9, 9];
        folder.Put("train/a.png", first);
        folder.Put("train/b.png", second);
        folder.Put("train/c.png", [1, 2, 3, 5]);
        folder.Put("val/d.png", first);
        folder.Put("train/e.png", second);
        return
        [
            new("train/a.png", 1, 1, "train"), new("train/b.png", 1, 1, "train"), new("train/c.png", 1, 1, "train"), new("val/d.png", 1, 1, "val"), new("train/e.png", 1, 1, "train"),
            new("gone.png", 1, 1, "val"),
        ];
    }

    private static void AssertGroups(DetectionDataset data)
    {
        var groups = ImageDuplicates.Find(data);
        Assert.Equal([(4L, true), (2L, false)], groups.Select(group => (group.Length, group.CrossesParts)));
        Assert.Equal([0, 3], groups[0].Images);
        Assert.Equal([1, 4], groups[1].Images);
        var leak = Assert.Single(ImageDuplicates.Leaks(data, groups).Listed);
        Assert.Equal("val/d.png", leak.File);
        Assert.Contains("'train/a.png' in train", leak.Detail, StringComparison.Ordinal);
    }
}
