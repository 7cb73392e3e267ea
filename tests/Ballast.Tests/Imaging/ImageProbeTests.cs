using CsCheck;

namespace Ballast.Tests.Imaging;

public class ImageProbeTests
{
    private static readonly ImageCodec[] Codecs = Enum.GetValues<ImageCodec>();

    [Fact]
    public void Every_codec_is_recognised_and_measured()
    {
        foreach (var codec in Codecs) Assert.Equal(new ImageHeader(codec, 37, 21, 1), TestImages.Probe(TestImages.File(codec, 37, 21)));
    }

    [Fact]
    public void All_orientations_are_read_in_every_container_that_holds_one()
    {
        var jpeg = TestImages.File(ImageCodec.Jpeg, 12, 7);
        var lossy = TestImages.File(ImageCodec.WebP, 12, 7);
        var lossless = TestImages.Encode(TestImages.Picture(12, 7), ImageCodec.WebP, 100);
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            Assert.Equal(new ImageHeader(ImageCodec.Jpeg, 12, 7, orientation), TestImages.Probe(TestImages.WithExif(jpeg, orientation, little: false)));
            Assert.Equal(new ImageHeader(ImageCodec.Jpeg, 12, 7, orientation), TestImages.Probe(TestImages.WithExif(jpeg, orientation, little: true)));
            Assert.Equal(new ImageHeader(ImageCodec.Png, 12, 7, orientation), TestImages.Probe(TestImages.RgbPng(TestImages.Picture(12, 7), ("eXIf", TestImages.Exif(orientation)))));
            Assert.Equal(new ImageHeader(ImageCodec.WebP, 12, 7, orientation), TestImages.Probe(TestImages.WebPWithExif(lossy, 12, 7, orientation)));
            Assert.Equal(new ImageHeader(ImageCodec.WebP, 12, 7, orientation), TestImages.Probe(TestImages.WebPWithExif(lossless, 12, 7, orientation)));
            Assert.Equal(new ImageHeader(ImageCodec.Tiff, 12, 7, orientation), TestImages.Probe(TestImages.Tiff(12, 7, orientation, little: false)));
            Assert.Equal(new ImageHeader(ImageCodec.Tiff, 12, 7, orientation), TestImages.Probe(TestImages.Tiff(12, 7, orientation, little: true, directoryAt: 5000)));
        }
    }

    [Fact]
    public void An_orientation_outside_1_to_8_counts_as_none()
    {
        var jpeg = TestImages.File(ImageCodec.Jpeg, 12, 7);
        Assert.Equal(1, TestImages.Probe(TestImages.WithExif(jpeg, 0))!.Value.Orientation);
        Assert.Equal(1, TestImages.Probe(TestImages.WithExif(jpeg, 9))!.Value.Orientation);
    }

    [Fact]
    public void Displayed_sides_change_places_from_orientation_5_on()
    {
        Assert.Equal((12, 7), (new ImageHeader(ImageCodec.Jpeg, 12, 7, 4).Width, new ImageHeader(ImageCodec.Jpeg, 12, 7, 4).Height));
        Assert.Equal((7, 12), (new ImageHeader(ImageCodec.Jpeg, 12, 7, 5).Width, new ImageHeader(ImageCodec.Jpeg, 12, 7, 5).Height));
    }

    [Fact]
    public void A_bitmap_stored_from_the_top_has_a_negative_height_and_is_measured()
    {
        var file = TestImages.File(ImageCodec.Bmp, 5, 4);
        BitConverter.TryWriteBytes(file.AsSpan(22), -4);
        Assert.Equal(4, TestImages.Probe(file)!.Value.Height);
    }

    [Fact]
    public void A_stream_that_cannot_seek_gives_the_same_header()
    {
        foreach (var codec in Codecs)
        {
            using var stream = new OneByteAtATime(TestImages.File(codec, 33, 9));
            Assert.Equal(new ImageHeader(codec, 33, 9, 1), ImageFile.TryProbe(stream));
        }
    }

    [Fact]
    public void Text_nothing_and_the_first_bytes_alone_are_no_image()
    {
        Assert.Null(TestImages.Probe([]));
        Assert.Null(TestImages.Probe("class,x1,y1,x2,y2\n"u8.ToArray()));
        foreach (var codec in Codecs) Assert.Null(TestImages.Probe(TestImages.File(codec, 37, 21)[..9]));
    }

    [Fact]
    public void Every_prefix_of_a_file_gives_null_or_its_header()
    {
        foreach (var codec in Codecs)
        {
            var file = TestImages.File(codec, 8, 6);
            for (var length = 0; length < Math.Min(file.Length, 800); length++)
            {
                var header = TestImages.Probe(file[..length]);
                Assert.True(header is null || header == new ImageHeader(codec, 8, 6, 1), $"{codec}, {length} bytes: {header}");
            }
        }
    }

    [Fact]
    public void Mutated_bytes_give_null_or_a_header_with_positive_sides_and_read_little()
    {
        var files = Codecs.Select(codec => TestImages.File(codec, 19, 11))
            .Append(TestImages.WithExif(TestImages.File(ImageCodec.Jpeg, 19, 11), 6))
            .Append(TestImages.WebPWithExif(TestImages.File(ImageCodec.WebP, 19, 11), 19, 11, 6))
            .ToArray();
        var mutation = Gen.Select(Gen.Int[0, files.Length - 1], Gen.Select(Gen.Int[0, 150], Gen.Byte).List[1, 8]);
        mutation.Sample(
            (index, changes) =>
            {
                var file = files[index].ToArray();
                foreach (var (place, value) in changes) file[place % file.Length] = value;
                return TestImages.Probe(file) is not { } header || (header.StoredWidth > 0 && header.StoredHeight > 0 && header.Orientation is >= 1 and <= 8);
            },
            iter: 20_000);
    }

    private sealed class OneByteAtATime(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
