using System.Diagnostics;

namespace Ballast.Benchmarks;

/// <summary>Times decoding, shrinking while decoding, encoding and resampling: CPU milliseconds an image, with each JPEG library that is there.</summary>
internal static class ImageBenchmark
{
    private const double LeastMilliseconds = 600;

    public static int Run()
    {
        var large = Photograph(4000, 3000);
        var small = Resample.To(large.Crop(0, 0, 1600, 1200), 640, 480);
        Console.WriteLine($"JPEG by {ImageFile.JpegLibraryName} where it is not named");
        foreach (var jpeg in Enum.GetValues<JpegLibrary>())
        {
            if (jpeg == JpegLibrary.Fastest && !ImageFile.HasTurbo) continue;
            var name = jpeg == JpegLibrary.Fastest ? "libjpeg-turbo" : "SkiaSharp";
            foreach (var (title, pixels) in (ReadOnlySpan<(string, Pixels)>)[("12 MP", large), ("640x480", small)])
            {
                var file = Encode(pixels, 85, jpeg);
                Time($"{name}: encode {title}, quality 85", () => Encode(pixels, 85, jpeg));
                foreach (var side in (ReadOnlySpan<int>)[0, 1333, 512, 240])
                    Time($"{name}: decode {title} to {(side == 0 ? "its size" : $"at most {side}")}", () => Decode(file, side, jpeg));
            }
        }

        Time("resample 12 MP to 1333x1000", () => Resample.Fit(large, 1333));
        Time("resample 640x480 to 512x384", () => Resample.Fit(small, 512));
        Time("turn 12 MP by a quarter", () => Orientation.Apply(large, 6));
        return 0;
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

    private static void Time(string title, Action action)
    {
        for (var i = 0; i < 3; i++) action();
        var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime;
        var runs = 0;
        while ((process.TotalProcessorTime - start).TotalMilliseconds < LeastMilliseconds)
        {
            action();
            runs++;
            process.Refresh();
        }

        Console.WriteLine($"{title,-55} {(process.TotalProcessorTime - start).TotalMilliseconds / runs,8:F2} ms CPU");
    }
}
