namespace Ballast.Tests.Imaging;

public class WarpTests
{
    [Fact]
    public void The_identity_and_whole_moves_copy_pixels()
    {
        var source = Noise(13, 9);
        var canvas = new Pixels(13, 9);
        Warp.Draw(source, new(0, 0, 13, 9), Homography.Identity, canvas);
        Assert.Equal(source.Bytes, canvas.Bytes);
        var larger = new Pixels(20, 20);
        Warp.Draw(source, new(2, 1, 8, 7), Homography.Move(5, 6), larger);
        for (var y = 0; y < 20; y++)
        {
            for (var x = 0; x < 20; x++)
            {
                var inside = x is >= 7 and < 13 && y is >= 7 and < 13;
                Assert.Equal(inside ? At(source, x - 5, y - 6) : 0u, At(larger, x, y));
            }
        }
    }

    [Fact]
    public void A_quarter_turn_puts_each_pixel_where_it_belongs()
    {
        var source = Noise(8, 8);
        var canvas = new Pixels(8, 8);
        Warp.Draw(source, new(0, 0, 8, 8), new Homography(0, -1, 8, 1, 0, 0), canvas);
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++) Assert.Equal(At(source, y, 7 - x), At(canvas, x, y));
        }
    }

    [Theory]
    [InlineData(17, 1.3)]
    [InlineData(-40, 0.8)]
    [InlineData(90, 2.5)]
    public void It_agrees_with_bilinear_interpolation_in_double_precision(double degrees, double scale)
    {
        var source = Noise(30, 20);
        var canvas = new Pixels(40, 40);
        var matrix = Homography.Move(-15, -10).Then(Homography.Rotate(degrees)).Then(Homography.Scale(scale, scale)).Then(Homography.Move(20, 20));
        var window = new Box(3, 2, 25, 18);
        Warp.Draw(source, window, matrix, canvas);
        var (back, drawn) = (matrix.Inverse(), 0);
        for (var y = 0; y < 40; y++)
        {
            for (var x = 0; x < 40; x++)
            {
                var (u, v) = back.Map(x + 0.5, y + 0.5);
                var edge = Math.Min(Math.Min(u - window.X1, window.X2 - u), Math.Min(v - window.Y1, window.Y2 - v));
                if (edge < -0.001) Assert.Equal(0u, At(canvas, x, y));
                if (edge < 0.001) continue;
                drawn++;
                for (var channel = 0; channel < 4; channel++)
                    Assert.InRange(canvas.Row(y)[(4 * x) + channel] - Plain(source, window, u - 0.5, v - 0.5, channel), -2, 2);
            }
        }

        Assert.True(drawn > 150);
    }

    [Fact]
    public void Opacity_mixes_and_a_feather_grows_from_the_edge()
    {
        var source = new Pixels(20, 20);
        source.Bytes.Fill(200);
        var half = new Pixels(20, 20);
        Warp.Draw(source, new(0, 0, 20, 20), Homography.Identity, half, opacity: 0.5f);
        Assert.All(half.Bytes.ToArray(), value => Assert.Equal(100, value));
        var feathered = new Pixels(20, 20);
        Warp.Draw(source, new(0, 0, 20, 20), Homography.Identity, feathered, featherPixels: 4);
        byte[] row = [.. Enumerable.Range(0, 20).Select(x => feathered.Row(10)[4 * x])];
        Assert.Equal([25, 75, 125, 175, 200], row[..5]);
        Assert.Equal(row, row.Reverse());
    }

    [Fact]
    public void A_perspective_is_drawn_and_what_lies_behind_the_horizon_is_not()
    {
        var source = Noise(20, 20);
        var canvas = new Pixels(30, 30);
        Warp.Draw(source, new(0, 0, 20, 20), new Homography(1, 0, 0, 0, 1, 0, 0.02, 0.01, 1), canvas);
        Assert.NotEqual(0u, At(canvas, 3, 3));
        Assert.Equal(0u, At(canvas, 29, 29));
    }

    [Fact]
    public void A_window_outside_of_the_image_is_refused()
    {
        foreach (var window in (Box[])[new(-1, 0, 5, 5), new(0, 0, 21, 5), new(5, 5, 5, 9)])
            Assert.Contains("is not inside of an image of 20 x 20", Assert.Throws<InputException>(() => Warp.Draw(Noise(20, 20), window, Homography.Identity, new(9, 9))).Message);
    }

    private static double Plain(Pixels source, in Box window, double x, double y, int channel)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (a, b) = (x - left, y - top);
        return ((1 - b) * (((1 - a) * Value(source, window, left, top)) + (a * Value(source, window, left + 1, top))))
            + (b * (((1 - a) * Value(source, window, left, top + 1)) + (a * Value(source, window, left + 1, top + 1))));

        double Value(Pixels pixels, in Box area, int column, int row)
            => pixels.Row(Math.Clamp(row, (int)area.Y1, (int)area.Y2 - 1))[(4 * Math.Clamp(column, (int)area.X1, (int)area.X2 - 1)) + channel];
    }

    private static uint At(Pixels pixels, int x, int y) => BitConverter.ToUInt32(pixels.Row(y)[(4 * x)..]);

    private static Pixels Noise(int width, int height)
    {
        var pixels = new Pixels(width, height);
        new Random(width).NextBytes(pixels.Bytes);
        return pixels;
    }
}
