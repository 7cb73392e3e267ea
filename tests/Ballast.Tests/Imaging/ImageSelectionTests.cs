namespace Ballast.Tests.Imaging;

public class ImageSelectionTests
{
    [Theory]
    [InlineData("train/a.jpg", 0)]
    [InlineData(@"train\a.jpg", 0)]
    [InlineData("b.png", 1)]
    [InlineData("b", 1)]
    [InlineData("3", 2)]
    [InlineData("#3", 3)]
    [InlineData("#0", 0)]
    public void An_image_is_found_by_file_name_stem_id_or_position(string name, int image)
    {
        using var folder = new TestFolder();
        Assert.Equal(image, ImageSelection.Find(Data(folder), name));
    }

    [Fact]
    public void An_unknown_name_suggests_the_nearest_and_a_shared_one_is_not_guessed()
    {
        using var folder = new TestFolder();
        Assert.Contains("Did you mean 'street'?", Assert.Throws<InputException>(() => ImageSelection.Find(Data(folder), "stret.jpg")).Message, StringComparison.Ordinal);
        Assert.Contains("'val/a.jpg'", Assert.Throws<InputException>(() => ImageSelection.Find(Data(folder), "a")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ImageSelection.Find(Data(folder), "#4"));
        Assert.Throws<InputException>(() => ImageSelection.Find(folder.Dataset(""), "a"));
    }

    private static DetectionDataset Data(TestFolder folder) => folder.Dataset("", new("train/a.jpg"), new("b.png"), new("street.jpg"), new("val/a.jpg"));
}
