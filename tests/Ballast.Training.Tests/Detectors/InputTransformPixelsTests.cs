namespace Ballast.Training.Tests;

public class InputTransformPixelsTests
{
    [Theory]
    [InlineData(40, 60, 32, 48)]
    [InlineData(64, 30, 64, 30)]
    [InlineData(17, 23, 40, 55)]
    [InlineData(50, 1, 7, 3)]
    public void Pixels_are_written_as_by_way_of_planes_to_the_bit(int width, int height, int toWidth, int toHeight)
    {
        var pixels = new Pixels(width, height);
        new Random(width).NextBytes(pixels.Bytes);
        var (planes, direct) = (new float[3 * 64 * 64], new float[3 * 64 * 64]);
        LoaderSet.Transform.Write(PlanarImage.Of(pixels), (toWidth, toHeight), planes, 64);
        LoaderSet.Transform.Write(pixels, (toWidth, toHeight), direct, 64);
        Assert.Equal(planes, direct);
    }
}
