using System.Buffers.Binary;
using CsCheck;

namespace Ballast.Tests.Imaging;

public class ImageFileTests
{
    private static readonly DecodeOptions WithoutTurbo = new() { Jpeg = JpegLibrary.Skia };

    [Fact]
    public void Lossless_files_decode_to_the_pixels_they_were_made_of()
    {
        var picture = TestImages.Picture(37, 21);
        Assert.Equal(picture.Bytes, TestImages.Decode(TestImages.RgbPng(picture)).Pixels.Bytes);
        Assert.Equal(picture.Bytes, TestImages.Decode(TestImages.Bmp(picture)).Pixels.Bytes);
        Assert.Equal(picture.Bytes, TestImages.Decode(TestImages.Encode(picture, ImageCodec.Png)).Pixels.Bytes);
        Assert.Equal(picture.Bytes, TestImages.Decode(TestImages.Encode(picture, ImageCodec.WebP, 100)).Pixels.Bytes);
    }

    [Fact]
    public void Lossy_files_decode_to_nearly_the_pixels_they_were_made_of()
    {
        var picture = TestImages.Picture(160, 120);
        Assert.InRange(TestImages.MeanDifference(picture, TestImages.Decode(TestImages.Encode(picture, ImageCodec.Jpeg, 98)).Pixels), 0, 1.5);
        Assert.InRange(TestImages.MeanDifference(picture, TestImages.Decode(TestImages.Encode(picture, ImageCodec.WebP, 95)).Pixels), 0, 3);
    }

    [Fact]
    public void A_gif_decodes_to_its_palette()
    {
        var pixels = TestImages.Decode(TestImages.Gif(40, 30)).Pixels;
        for (var x = 0; x < 40; x++)
        {
            var index = x * 255 / 40;
            Assert.Equal([(byte)index, (byte)(255 - index), (byte)(index / 2), 255], pixels.Row(17).Slice(x * 4, 4).ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Exif_orientation_is_applied(int orientation)
    {
        var stored = TestImages.Picture(70, 41);
        var expected = Displayed(stored, orientation);
        var png = TestImages.Decode(TestImages.RgbPng(stored, ("eXIf", TestImages.Exif(orientation))));
        Assert.Equal((expected.Width, expected.Height), (png.Header.Width, png.Header.Height));
        Assert.Equal(expected.Bytes, png.Pixels.Bytes);

        var jpeg = TestImages.WithExif(TestImages.Encode(stored, ImageCodec.Jpeg, 98), orientation);
        Assert.InRange(TestImages.MeanDifference(expected, TestImages.Decode(jpeg).Pixels), 0, 1.5);
        Assert.InRange(TestImages.MeanDifference(expected, TestImages.Decode(jpeg, WithoutTurbo).Pixels), 0, 1.5);
    }

    [Fact]
    public void Both_jpeg_libraries_give_nearly_the_same_pixels_at_every_shrink()
    {
        if (!ImageFile.HasTurbo) Assert.Skip("libjpeg-turbo is not installed here.");
        var picture = TestImages.Picture(515, 387);
        foreach (var quality in (int[])[80, 95])
        {
            var file = TestImages.Encode(picture, ImageCodec.Jpeg, quality);
            foreach (var side in (int[])[0, 300, 257, 128, 64, 31, 1])
            {
                var turbo = TestImages.Decode(file, new() { MaxSide = side }).Pixels;
                var skia = TestImages.Decode(file, WithoutTurbo with { MaxSide = side }).Pixels;
                Assert.InRange(TestImages.LargestDifference(turbo, skia), 0, 2);
            }
        }
    }

    [Fact]
    public void Both_jpeg_libraries_write_files_of_nearly_the_same_pixels()
    {
        var picture = TestImages.Picture(200, 150);
        using var stream = new MemoryStream();
        ImageFile.Encode(picture, stream, ImageCodec.Jpeg, 92, JpegLibrary.Skia);
        Assert.InRange(TestImages.LargestDifference(TestImages.Decode(TestImages.Encode(picture, ImageCodec.Jpeg, 92)).Pixels, TestImages.Decode(stream.ToArray()).Pixels), 0, 4);
    }

    [Fact]
    public void Shrinking_while_decoding_gives_the_size_of_fitting_and_nearly_its_pixels()
    {
        var picture = TestImages.Picture(1201, 803);
        var file = TestImages.Encode(picture, ImageCodec.Jpeg, 95);
        foreach (var side in (int[])[1200, 700, 400, 151, 80])
        {
            var expected = Resample.Fit(picture, side);
            Assert.InRange(TestImages.MeanDifference(expected, TestImages.Decode(file, new() { MaxSide = side }).Pixels), 0, 2);
            Assert.InRange(TestImages.MeanDifference(expected, TestImages.Decode(file, WithoutTurbo with { MaxSide = side }).Pixels), 0, 2);
            Assert.Equal(expected.Bytes, TestImages.Decode(TestImages.RgbPng(picture), new() { MaxSide = side }).Pixels.Bytes);
        }
    }

    [Fact]
    public void Grey_palette_deep_and_transparent_pngs_become_opaque_rgb()
    {
        Assert.Equal([90, 90, 90, 255], First(TestImages.Png(2, 1, 8, 0, [[90, 200]])));
        Assert.Equal([255, 255, 255, 255], First(TestImages.Png(8, 1, 1, 0, [[0x80]])));
        Assert.Equal([10, 20, 30, 255], First(TestImages.Png(2, 1, 8, 3, [[1, 0]], ("PLTE", [0, 0, 0, 10, 20, 30]))));
        Assert.Equal([0x12, 0x56, 0x9A, 255], First(TestImages.Png(1, 1, 16, 2, [[0x12, 0x12, 0x56, 0x56, 0x9A, 0x9A]])));
        Assert.Equal([0x12, 0x12, 0x12, 255], First(TestImages.Png(1, 1, 16, 0, [[0x12, 0x12]])));
        Assert.Equal([255, 255, 255, 255], First(TestImages.Png(1, 1, 8, 6, [[10, 20, 30, 0]])));
        Assert.Equal([132, 137, 142, 255], First(TestImages.Png(1, 1, 8, 6, [[10, 20, 30, 128]])));
        Assert.Equal([155, 155, 155, 255], First(TestImages.Png(1, 1, 8, 4, [[55, 128]])));
        Assert.Equal([255, 255, 255, 255], First(TestImages.Png(1, 1, 8, 3, [[0]], ("PLTE", [10, 20, 30]), ("tRNS", [0]))));
    }

    [Fact]
    public void A_cmyk_jpeg_decodes_with_and_without_turbo()
    {
        foreach (var options in (DecodeOptions[])[new(), WithoutTurbo])
        {
            var first = First(TestImages.CmykJpeg(), options);
            Assert.InRange(first[0], 205, 235);
            Assert.InRange(first[1], 25, 55);
            Assert.InRange(first[2], 45, 75);
        }
    }

    [Fact]
    public void A_grey_jpeg_decodes_with_and_without_turbo()
    {
        var grey = new Pixels(16, 16);
        grey.Bytes.Fill(77);
        var file = TestImages.Encode(grey, ImageCodec.Jpeg);
        foreach (var options in (DecodeOptions[])[new(), WithoutTurbo])
            Assert.All(First(file, options)[..3], value => Assert.InRange(value, 75, 79));
    }

    [Fact]
    public void A_truncated_file_gives_what_could_be_decoded_and_says_so()
    {
        var picture = TestImages.Picture(300, 200);
        byte[][] files = [TestImages.Encode(picture, ImageCodec.Jpeg), TestImages.RgbPng(picture), TestImages.Bmp(picture)];
        foreach (var file in files)
        {
            foreach (var options in (DecodeOptions[])[new(), WithoutTurbo])
            {
                Assert.False(TestImages.Decode(file, options).IsDamaged);
                var cut = TestImages.Decode(file[..(file.Length * 2 / 3)], options);
                Assert.True(cut.IsDamaged);
                Assert.Equal((300, 200), (cut.Pixels.Width, cut.Pixels.Height));
                Assert.Equal(255, cut.Pixels.Row(199)[3]);
            }
        }

        var top = TestImages.Decode(files[1][..(files[1].Length * 2 / 3)]).Pixels;
        Assert.Equal(picture.Row(10), top.Row(10));
    }

    [Fact]
    public void A_header_that_claims_too_much_is_refused_before_decoding()
    {
        var file = TestImages.RgbPng(TestImages.Picture(2, 2));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 60_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InputException>(() => TestImages.Decode(file, new() { Name = "'bomb.png'" }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("'bomb.png' claims 60000x60000 pixels", error.Message, StringComparison.Ordinal);
        Assert.Contains("250 megapixels", error.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => TestImages.Decode(file, new() { MaxMegapixels = int.MaxValue }));
    }

    [Fact]
    public void Text_and_tiff_are_refused_by_name()
    {
        Assert.Contains("'a.txt' is no JPEG", Assert.Throws<InputException>(() => TestImages.Decode([1, 2, 3], new() { Name = "'a.txt'" })).Message, StringComparison.Ordinal);
        Assert.Contains("TIFF file of 9x5", Assert.Throws<InputException>(() => TestImages.Decode(TestImages.Tiff(9, 5, 1, true))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_files_give_an_image_or_a_sentence()
    {
        var files = new[] { ImageCodec.Jpeg, ImageCodec.Png, ImageCodec.Gif, ImageCodec.Bmp, ImageCodec.WebP }.Select(codec => TestImages.File(codec, 40, 30)).ToArray();
        var mutation = Gen.Select(Gen.Int[0, files.Length - 1], Gen.Select(Gen.Int[0, 4000], Gen.Byte).List[1, 6], Gen.Int[0, 60], Gen.Bool);
        mutation.Sample(
            (index, changes, side, turbo) =>
            {
                var file = files[index].ToArray();
                foreach (var (place, value) in changes) file[place % file.Length] = value;
                try
                {
                    var options = new DecodeOptions { MaxSide = side, MaxMegapixels = 1, Jpeg = turbo ? JpegLibrary.Fastest : JpegLibrary.Skia };
                    var image = TestImages.Decode(file, options);
                    return side == 0 || Math.Max(image.Pixels.Width, image.Pixels.Height) <= side;
                }
                catch (InputException)
                {
                    return true;
                }
            },
            iter: 3_000);
    }

    [Fact]
    public void A_file_written_twice_is_the_same_bytes()
    {
        foreach (var codec in (ImageCodec[])[ImageCodec.Jpeg, ImageCodec.Png, ImageCodec.WebP])
            Assert.Equal(TestImages.File(codec, 90, 60), TestImages.File(codec, 90, 60));
    }

    private static byte[] First(byte[] file, DecodeOptions? options = null) => TestImages.Decode(file, options).Pixels.Row(0)[..4].ToArray();

    /// <summary>The definition of the EXIF tag, a pixel at a time: where the stored row 0 and column 0 end up.</summary>
    private static Pixels Displayed(Pixels stored, int orientation)
    {
        var (w, h) = (stored.Width, stored.Height);
        var shown = orientation >= 5 ? new Pixels(h, w) : new Pixels(w, h);
        for (var y = 0; y < h; y++)
        {
            for (var x = 0; x < w; x++)
            {
                var (toX, toY) = orientation switch
                {
                    1 => (x, y),
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (h - 1 - y, x),
                    7 => (h - 1 - y, w - 1 - x),
                    _ => (y, w - 1 - x),
                };
                stored.Row(y).Slice(x * 4, 4).CopyTo(shown.Row(toY)[(toX * 4)..]);
            }
        }

        return shown;
    }
}
