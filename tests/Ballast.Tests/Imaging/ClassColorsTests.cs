namespace Ballast.Tests.Imaging;

public class ClassColorsTests
{
    [Fact]
    public void The_majority_is_grey_and_the_rarest_class_the_most_striking()
    {
        var colours = ClassColors.Of([4153, 372, 361]);
        Assert.Equal(ClassColors.Majority, colours[0]);
        Assert.Equal("#d55e00", colours[2].ToHex());
        Assert.Equal("#0072b2", colours[1].ToHex());
    }

    [Fact]
    public void Balanced_classes_and_a_single_class_are_coloured()
    {
        Assert.DoesNotContain(ClassColors.Majority, ClassColors.Of([10, 11, 12]));
        Assert.DoesNotContain(ClassColors.Majority, ClassColors.Of([500]));
        Assert.DoesNotContain(ClassColors.Majority, ClassColors.Of([0, 0]));
        Assert.Empty(ClassColors.Of([]));
    }

    [Fact]
    public void Twenty_one_classes_have_colours_of_their_own()
        => Assert.Equal(21, ClassColors.Of([.. Enumerable.Range(1, 21).Select(i => 1000L + i)]).Distinct().Count());

    [Fact]
    public void Dark_text_goes_on_light_colours()
    {
        Assert.True(new Rgb(0xF0, 0xE4, 0x42).IsLight);
        Assert.False(new Rgb(0x00, 0x72, 0xB2).IsLight);
    }
}
