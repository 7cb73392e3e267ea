using SkiaSharp;

namespace Ballast;

/// <summary>SkiaSharp: always there, every codec but TIFF. Colours are taken as stored; no colour profile is applied, as detectors' loaders do.</summary>
internal sealed class SkiaCodec : Codec
{
    private const int FullColourQuality = 90;
    private const int LosslessQuality = 100;
    private const int PngLevel = 6;

    public override string Name => $"SkiaSharp {typeof(SKCodec).Assembly.GetName().Version?.ToString(3)}";

    public override bool Decodes(ImageCodec codec) => codec != ImageCodec.Tiff;

    public override bool Encodes(ImageCodec codec) => codec is ImageCodec.Jpeg or ImageCodec.Png or ImageCodec.WebP;

    public override unsafe StoredPixels? Decode(ReadOnlySpan<byte> file, ImageHeader header, int shrink)
    {
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((IntPtr)bytes, file.Length);
            using var codec = SKCodec.Create(data);
            if (codec is null || (long)codec.Info.Width * codec.Info.Height > Math.Max(header.PixelCount, 1)) return null;
            var size = shrink == 1 ? codec.Info.Size : codec.GetScaledDimensions(1f / shrink);
            var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
            var pixels = new Pixels(info.Width, info.Height);
            SKCodecResult result;
            fixed (byte* target = pixels.Bytes) result = codec.GetPixels(info, (IntPtr)target);
            if (result is not (SKCodecResult.Success or SKCodecResult.IncompleteInput or SKCodecResult.ErrorInInput)) return null;
            if (!codec.Info.IsOpaque || result != SKCodecResult.Success) LayOverWhite(pixels.Bytes);
            return new(pixels, result switch
            {
                SKCodecResult.IncompleteInput => "the data end early",
                SKCodecResult.ErrorInInput => "the data are damaged",
                _ => null,
            });
        }
    }

    public override unsafe void Encode(Pixels pixels, Stream stream, ImageCodec codec, int quality)
    {
        fixed (byte* source = pixels.Bytes)
        {
            var info = new SKImageInfo(pixels.Width, pixels.Height, SKColorType.Rgba8888, codec == ImageCodec.Jpeg ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
            using var pixmap = new SKPixmap(info, (IntPtr)source, pixels.Stride);
            using var data = codec switch
            {
                ImageCodec.Jpeg => pixmap.Encode(new SKJpegEncoderOptions(
                    quality,
                    quality >= FullColourQuality ? SKJpegEncoderDownsample.Downsample444 : SKJpegEncoderDownsample.Downsample420,
                    SKJpegEncoderAlphaOption.Ignore)),
                ImageCodec.Png => pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, PngLevel)),
                _ => pixmap.Encode(new SKWebpEncoderOptions(quality == LosslessQuality ? SKWebpEncoderCompression.Lossless : SKWebpEncoderCompression.Lossy, quality)),
            };
            if (data is null)
                throw new InputException($"An image of {pixels.Width}x{pixels.Height} pixels cannot be written as {codec}: the codec's sides are limited. "
                    + "Write a smaller image, or PNG.");
            data.SaveTo(stream);
        }
    }

    /// <summary>Straight alpha over white, rounded to the nearest.</summary>
    private static void LayOverWhite(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i += 4)
        {
            var alpha = bytes[i + 3];
            if (alpha == 255) continue;
            var white = 255 * (255 - alpha) + 127;
            bytes[i] = (byte)((bytes[i] * alpha + white) / 255);
            bytes[i + 1] = (byte)((bytes[i + 1] * alpha + white) / 255);
            bytes[i + 2] = (byte)((bytes[i + 2] * alpha + white) / 255);
            bytes[i + 3] = 255;
        }
    }
}
