namespace Ballast.Tests.Formats;

public class NearestWordTests
{
    [Theory]
    [InlineData("tain", "train")]
    [InlineData("TRIAN", "train")]
    [InlineData("validaton", "validation")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_suggested_when_it_is_near(string word, string? nearest)
        => Assert.Equal(nearest, NearestWord.Of(word, ["train", "validation", "test"]));

    [Fact]
    public void The_hint_is_a_question_or_nothing()
    {
        Assert.Equal(" Did you mean 'yolo'?", NearestWord.Hint("yollo", ["coco", "yolo"]));
        Assert.Equal("", NearestWord.Hint("kitti", ["coco", "yolo"]));
    }
}
