namespace Ballast.Tests.Geometry;

public class BoxTests
{
    [Fact]
    public void A_box_measures_itself_without_adding_one()
    {
        var box = new Box(10, 20, 40, 25);
        Assert.Equal(30, box.Width);
        Assert.Equal(5, box.Height);
        Assert.Equal(150, box.Area);
        Assert.Equal(25, box.CenterX);
    }

    [Fact]
    public void A_box_without_width_or_with_a_nan_is_not_valid()
    {
        Assert.False(new Box(4, 0, 4, 9).IsValid);
        Assert.False(new Box(float.NaN, 0, 4, 9).IsValid);
        Assert.True(new Box(0, 0, 4, 9).IsValid);
    }
}
