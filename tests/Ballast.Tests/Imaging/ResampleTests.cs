using CsCheck;

namespace Ballast.Tests.Imaging;

public class ResampleTests
{
    private static readonly Gen<Pixels> AnyPixels =
        from width in Gen.Int[1, 40]
        from height in Gen.Int[1, 40]
        from bytes in Gen.Byte.Array[width * height * 4]
        select new Pixels(width, height, bytes);

    [Fact]
    public void The_kernel_equals_its_plain_twin()
        => Gen.Select(AnyPixels, Gen.Int[1, 50], Gen.Int[1, 50]).Sample((pixels, width, height) =>
            Resample.To(pixels, width, height).Bytes.SequenceEqual(Plain(pixels, width, height).Bytes));

    [Fact]
    public void Shrinking_is_the_mean_of_the_covered_area_within_one()
        => Gen.Select(AnyPixels, Gen.Int[1, 40], Gen.Int[1, 40]).Where((pixels, width, height) => width <= pixels.Width && height <= pixels.Height).Sample((pixels, width, height) =>
        {
            var result = Resample.To(pixels, width, height);
            for (var y = 0; y < height; y++)
            {
                for (var i = 0; i < width * 4; i++)
                {
                    if (Math.Abs(result.Row(y)[i] - MeanOfArea(pixels, width, height, i / 4, y, i % 4)) > 1) return false;
                }
            }

            return true;
        });

    [Fact]
    public void One_colour_stays_one_colour_at_every_size()
        => Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[1, 30], Gen.Byte).Sample((w, h, width, height, value) =>
        {
            var pixels = new Pixels(w, h);
            pixels.Bytes.Fill(value);
            return Resample.To(pixels, width, height).Bytes.IndexOfAnyExcept(value) < 0;
        });

    [Fact]
    public void The_same_size_gives_the_same_object_and_halving_averages_four()
    {
        var pixels = new Pixels(2, 2, [0, 0, 0, 255, 100, 0, 0, 255, 100, 0, 0, 255, 200, 0, 255, 255]);
        Assert.Same(pixels, Resample.To(pixels, 2, 2));
        Assert.Same(pixels, Resample.Fit(pixels, 2));
        Assert.Equal([100, 0, 64, 255], Resample.To(pixels, 1, 1).Bytes.ToArray());
    }

    [Theory]
    [InlineData(4000, 3000, 800, 800, 600)]
    [InlineData(3000, 4000, 800, 600, 800)]
    [InlineData(100, 1, 10, 10, 1)]
    [InlineData(100, 80, 0, 100, 80)]
    [InlineData(100, 80, 200, 100, 80)]
    [InlineData(1333, 1000, 512, 512, 384)]
    public void Fitting_keeps_proportions_and_never_grows(int width, int height, int side, int fitWidth, int fitHeight)
        => Assert.Equal((fitWidth, fitHeight), Resample.FitSize(width, height, side));

    [Fact]
    public void A_crop_is_the_window_and_a_window_past_the_edge_is_refused()
    {
        var picture = TestImages.Picture(20, 10);
        var crop = picture.Crop(3, 2, 5, 4);
        for (var y = 0; y < 4; y++) Assert.Equal(picture.Row(y + 2).Slice(12, 20), crop.Row(y));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(16, 0, 5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(-1, 0, 5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(0, 0, 5, 0));
    }

    [Fact]
    public void More_pixels_than_an_array_holds_are_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Pixels(60_000, 60_000));

    private static Pixels Plain(Pixels pixels, int width, int height)
    {
        var result = new Pixels(width, height);
        var columns = new ResampleWeights(pixels.Width, width);
        var rows = new ResampleWeights(pixels.Height, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var channel = 0; channel < 4; channel++)
                {
                    var sum = 1L << 21;
                    for (var i = 0; i < columns.Of(x).Length; i++)
                    {
                        var column = 0L;
                        for (var j = 0; j < rows.Of(y).Length; j++) column += (long)pixels.Row(rows.First(y) + j)[(columns.First(x) + i) * 4 + channel] * rows.Of(y)[j];
                        sum += (column >> 6) * columns.Of(x)[i];
                    }

                    result.Row(y)[x * 4 + channel] = (byte)(sum >> 22);
                }
            }
        }

        return result;
    }

    private static double MeanOfArea(Pixels pixels, int width, int height, int x, int y, int channel)
    {
        var (left, right) = ((double)x * pixels.Width / width, (double)(x + 1) * pixels.Width / width);
        var (top, bottom) = ((double)y * pixels.Height / height, (double)(y + 1) * pixels.Height / height);
        var sum = 0.0;
        for (var row = (int)top; row < Math.Min(bottom, pixels.Height); row++)
        {
            for (var column = (int)left; column < Math.Min(right, pixels.Width); column++)
            {
                var covered = Math.Max(0, Math.Min(right, column + 1) - Math.Max(left, column)) * Math.Max(0, Math.Min(bottom, row + 1) - Math.Max(top, row));
                sum += covered * pixels.Row(row)[column * 4 + channel];
            }
        }

        return sum / ((right - left) * (bottom - top));
    }
}
