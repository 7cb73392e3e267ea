namespace Ballast;

/// <summary>What a camera makes of the canvas: light that falls from one side, darker corners, and grain that is stronger in the shade.</summary>
internal static class DemoCamera
{
    public static Pixels Expose(DemoCanvas canvas, ref DemoRandom random)
    {
        var (width, height) = (canvas.Width, canvas.Height);
        var (tiltX, tiltY, vignette, exposure) = (random.Around(1100), random.Around(800), random.Between(300, 1500), random.Between(3300, 4700));
        var (grain, seed) = (random.Between(4, 13), random.Next());
        var (warm, cold) = (random.Around(140), random.Around(140));
        var pixels = new Pixels(width, height);
        var fromMiddle = new int[width];
        for (var x = 0; x < width; x++) fromMiddle[x] = ((2 * x) - width) * 1024 / width;
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Row(y);
            var fromMiddleY = ((2 * y) - height) * 1024 / height;
            for (var x = 0; x < width; x++)
            {
                var fromMiddleX = fromMiddle[x];
                var fall = ((fromMiddleX * fromMiddleX) + (fromMiddleY * fromMiddleY)) >> 11;
                var gain = Math.Max(512, exposure + ((tiltX * fromMiddleX) >> 11) + ((tiltY * fromMiddleY) >> 11) - (vignette * fall >> 10));
                var noise = StableHash.Mix(seed + (ulong)((y * width) + x));
                var at = 3 * ((y * width) + x);
                row[4 * x] = Develop(canvas.Colors[at], gain + warm, noise, grain);
                row[(4 * x) + 1] = Develop(canvas.Colors[at + 1], gain, noise >> 16, grain);
                row[(4 * x) + 2] = Develop(canvas.Colors[at + 2], gain + cold, noise >> 32, grain);
                row[(4 * x) + 3] = 255;
            }
        }

        return pixels;
    }

    private static byte Develop(int color, int gain, ulong noise, int grain)
    {
        var lit = color * gain >> 12;
        var around = (int)(noise & 255) - (int)((noise >> 8) & 255);
        return (byte)Math.Clamp((lit + (around * grain * (6144 - Math.Min(lit, 4095)) >> 15)) >> 4, 0, 255);
    }
}
