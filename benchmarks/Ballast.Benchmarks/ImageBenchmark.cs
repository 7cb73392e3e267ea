namespace Ballast.Benchmarks;

/// <summary>Times decoding, shrinking while decoding, encoding and resampling: CPU milliseconds an image, with each JPEG library that is there.</summary>
internal static class ImageBenchmark
{
    public static int Run()
    {
        Console.WriteLine($"JPEG by {ImageFile.JpegLibraryName} where it is not named");
        foreach (var (name, milliseconds) in Measure()) Console.WriteLine($"{name,-55} {milliseconds,8:F2} ms CPU");
        return 0;
    }

    /// <summary>Each step with its processor milliseconds.</summary>
    public static IEnumerable<(string Name, double Milliseconds)> Measure()
    {
        var large = Photograph(4000, 3000);
        var small = Resample.To(large.Crop(0, 0, 1600, 1200), 640, 480);
        foreach (var jpeg in Enum.GetValues<JpegLibrary>())
        {
            if (jpeg == JpegLibrary.Fastest && !ImageFile.HasTurbo) continue;
            var name = jpeg == JpegLibrary.Fastest ? "libjpeg-turbo" : "SkiaSharp";
            foreach (var (title, pixels) in new[] { ("12 MP", large), ("640x480", small) })
            {
                var file = Encode(pixels, 85, jpeg);
                yield return ($"{name}: encode {title}, quality 85", CpuTimer.Milliseconds(() => Encode(pixels, 85, jpeg)));
                foreach (var side in new[] { 0, 1333, 512, 240 })
                    yield return ($"{name}: decode {title} to {(side == 0 ? "its size" : $"at most {side}")}", CpuTimer.Milliseconds(() => Decode(file, side, jpeg)));
            }
        }

        yield return ("resample 12 MP to 1333x1000", CpuTimer.Milliseconds(() => Resample.Fit(large, 1333)));
        yield return ("resample 640x480 to 512x384", CpuTimer.Milliseconds(() => Resample.Fit(small, 512)));
        yield return ("turn 12 MP by a quarter", CpuTimer.Milliseconds(() => Orientation.Apply(large, 6)));
    }

    /// <summary>Smooth waves with noise: compresses to about 2 bits a pixel, as photographs do.</summary>
    private static Pixels Photograph(int width, int height)
    {
        var pixels = new Pixels(width, height);
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Row(y);
            for (var x = 0; x < width; x++)
            {
                var noise = (int)(StableHash.Mix((ulong)(y * width + x)) % 24);
                row[x * 4] = (byte)(110 + 60 * Math.Sin(x * 0.011) + noise);
                row[x * 4 + 1] = (byte)(110 + 60 * Math.Sin(y * 0.013) + noise);
                row[x * 4 + 2] = (byte)(110 + 60 * Math.Sin((x + y) * 0.007) + noise);
                row[x * 4 + 3] = 255;
            }
        }

        return pixels;
    }

    private static byte[] Encode(Pixels pixels, int quality, JpegLibrary jpeg)
    {
        using var stream = new MemoryStream();
        ImageFile.Encode(pixels, stream, ImageCodec.Jpeg, quality, jpeg);
        return stream.ToArray();
    }

    private static void Decode(byte[] file, int side, JpegLibrary jpeg)
    {
        using var stream = new MemoryStream(file);
        ImageFile.Decode(stream, new() { MaxSide = side, Jpeg = jpeg });
    }
}
