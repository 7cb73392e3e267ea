namespace Ballast.Tests.Imaging;

public class ColorMatrixTests
{
    [Fact]
    public void The_identity_changes_nothing()
    {
        foreach (var matrix in (ColorMatrix[])[ColorMatrix.Identity, ColorMatrix.Brightness(1), ColorMatrix.Contrast(1), ColorMatrix.Saturation(1), ColorMatrix.Hue(0)])
            Assert.Equal([10, 100, 250, 7], Apply(matrix, 10, 100, 250, 7));
    }

    [Fact]
    public void Each_change_is_what_its_formula_says()
    {
        Assert.Equal([15, 150, 255, 7], Apply(ColorMatrix.Brightness(1.5), 10, 100, 250, 7));
        Assert.Equal([69, 114, 189, 255], Apply(ColorMatrix.Contrast(0.5), 10, 100, 250, 255));
        Assert.Equal([90, 90, 90, 255], Apply(ColorMatrix.Saturation(0), 10, 100, 250, 255));
        Assert.Equal([250, 10, 100, 255], Apply(ColorMatrix.Hue(1 / 3.0), 10, 100, 250, 255));
        Assert.Equal([100, 250, 10, 255], Apply(ColorMatrix.Hue(-1 / 3.0), 10, 100, 250, 255));
        Assert.Equal([128, 128, 128, 255], Apply(ColorMatrix.Hue(0.17), 128, 128, 128, 255));
    }

    [Fact]
    public void One_after_the_other_is_both_but_for_rounding_and_what_was_cut_off()
    {
        var both = ColorMatrix.Saturation(0.7).Then(ColorMatrix.Contrast(0.8)).Then(ColorMatrix.Hue(0.1));
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            byte[] color = [(byte)random.Next(60, 200), (byte)random.Next(60, 200), (byte)random.Next(60, 200), 255];
            var once = Apply(both, color);
            var twice = Apply(ColorMatrix.Hue(0.1), Apply(ColorMatrix.Contrast(0.8), Apply(ColorMatrix.Saturation(0.7), color)));
            for (var channel = 0; channel < 4; channel++) Assert.InRange(once[channel] - twice[channel], -2, 2);
        }
    }

    [Fact]
    public void Values_stay_within_a_byte()
    {
        Assert.Equal([255, 255, 0, 9], Apply(ColorMatrix.Contrast(10), 200, 255, 0, 9));
        Assert.Equal([0, 0, 0, 9], Apply(ColorMatrix.Brightness(0), 200, 255, 0, 9));
        Assert.Equal([255, 255, 255, 9], Apply(ColorMatrix.Brightness(1e12), 200, 255, 1, 9));
    }

    private static byte[] Apply(ColorMatrix matrix, params byte[] color)
    {
        var pixels = new Pixels(1, 1, [.. color]);
        matrix.Apply(pixels);
        return pixels.Bytes.ToArray();
    }
}
