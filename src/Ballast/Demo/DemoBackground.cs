namespace Ballast;

/// <summary>Backgrounds that look photographed: a ground of multi-octave noise in three colours, patches of another colour, and things out of focus.</summary>
internal static class DemoBackground
{
    /// <summary>
    /// A kind of ground: colours (dark, middle, light), cells of its coarsest noise as powers of two, contrast in 16ths, fine structure in 256ths.
    /// </summary>
    private sealed record Ground((int R, int G, int B) Dark, (int R, int G, int B) Middle, (int R, int G, int B) Light, int ShiftX, int ShiftY, int Contrast, int Fine);

    private static readonly Ground[] Grounds =
    [
        new((38, 62, 24), (84, 116, 48), (142, 160, 84), 5, 7, 26, 110),     // grass
        new((150, 122, 84), (194, 166, 122), (224, 204, 166), 8, 5, 24, 60), // sand
        new((58, 58, 62), (88, 88, 92), (128, 126, 124), 7, 7, 18, 120),     // asphalt
        new((20, 58, 82), (48, 104, 128), (136, 176, 184), 7, 4, 28, 40),    // water
        new((82, 50, 28), (128, 84, 50), (172, 126, 82), 9, 4, 30, 50),      // boards
        new((128, 126, 120), (160, 158, 150), (192, 190, 182), 8, 8, 22, 50), // concrete
        new((52, 38, 30), (90, 70, 52), (140, 118, 88), 5, 5, 26, 110),      // soil
        new((64, 70, 92), (104, 112, 138), (160, 168, 188), 6, 6, 20, 80),   // slate
        new((176, 184, 196), (208, 214, 222), (240, 242, 244), 8, 6, 22, 40), // snow
        new((92, 44, 40), (138, 74, 64), (178, 120, 104), 6, 4, 24, 80),     // brick dust
    ];

    public static void Paint(DemoCanvas canvas, ref DemoRandom random)
    {
        var ground = Grounds[random.Below(Grounds.Length)];
        var other = Grounds[random.Below(Grounds.Length)];
        PaintGround(canvas, Varied(ground, ref random), Varied(other, ref random), ref random);
        for (var i = random.Between(3, 8); i > 0; i--) PaintBlob(canvas, ref random);
    }

    private static void PaintGround(DemoCanvas canvas, Ground ground, Ground other, ref DemoRandom random)
    {
        var (shiftX, shiftY) = random.Chance(50) ? (ground.ShiftX, ground.ShiftY) : (ground.ShiftY, ground.ShiftX);
        var coarse = ValueNoise.Octaves(random.Next(), canvas.Width, shiftX, shiftY, 5);
        var fine = ValueNoise.Octaves(random.Next(), canvas.Width, 2, 2, 2);
        var patches = ValueNoise.Octaves(random.Next(), canvas.Width, 8, 8, 4);
        // Patches cover from nothing to a third of the ground.
        var patchFrom = random.Between(2300, 3300);
        var (rows, tilt) = (new int[3][], random.Between(-500, 500));
        for (var i = 0; i < 3; i++) rows[i] = new int[canvas.Width];
        Span<int> under = stackalloc int[3];
        for (var y = 0; y < canvas.Height; y++)
        {
            coarse.Row(y, rows[0]);
            fine.Row(y, rows[1]);
            patches.Row(y, rows[2]);
            var depth = tilt * ((2 * y) - canvas.Height) / canvas.Height;
            for (var x = 0; x < canvas.Width; x++)
            {
                var tone = 2048 + depth + ((rows[0][x] - 2048) * ground.Contrast / 16) + ((rows[1][x] - 2048) * ground.Fine >> 8);
                var patch = Math.Clamp((rows[2][x] + ((rows[0][x] - 2048) >> 1) + ((rows[1][x] - 2048) >> 3) - patchFrom) >> 1, 0, 224);
                var at = 3 * ((y * canvas.Width) + x);
                Tint(canvas.Colors.AsSpan(at, 3), ground, tone);
                if (patch == 0) continue;
                Tint(under, other, tone);
                canvas.Mix(x, y, under[0], under[1], under[2], patch);
            }
        }
    }

    /// <summary>Something large and out of focus: light, or shade.</summary>
    private static void PaintBlob(DemoCanvas canvas, ref DemoRandom random)
    {
        var (cx, cy, radius) = (random.Below(canvas.Width), random.Below(canvas.Height), random.Between(canvas.Height / 10, canvas.Height / 2));
        var strength = random.Between(20, 90);
        var ground = Grounds[random.Below(Grounds.Length)];
        var (r, g, b) = random.Chance(50) ? ground.Light : ground.Dark;
        long square = (long)radius * radius;
        for (var y = Math.Max(0, cy - radius); y < Math.Min(canvas.Height, cy + radius); y++)
        {
            for (var x = Math.Max(0, cx - radius); x < Math.Min(canvas.Width, cx + radius); x++)
            {
                var left = square - ((long)(x - cx) * (x - cx)) - ((long)(y - cy) * (y - cy));
                if (left <= 0) continue;
                var fall = (int)(left * 256 / square);
                canvas.Mix(x, y, r << 4, g << 4, b << 4, fall * fall * strength >> 16);
            }
        }
    }

    /// <summary>The ground in a light and a season of its own.</summary>
    private static Ground Varied(Ground ground, ref DemoRandom random)
    {
        var (r, g, b, gain) = (random.Around(24), random.Around(18), random.Around(24), random.Between(200, 290));
        (int, int, int) Vary((int R, int G, int B) c) => (Byte((c.R + r) * gain >> 8), Byte((c.G + g) * gain >> 8), Byte((c.B + b) * gain >> 8));
        return ground with { Dark = Vary(ground.Dark), Middle = Vary(ground.Middle), Light = Vary(ground.Light), Contrast = ground.Contrast + random.Between(-6, 8) };
    }

    private static int Byte(int value) => Math.Clamp(value, 0, 255);

    private static void Tint(Span<int> color, Ground ground, int tone)
    {
        color[0] = Ramp(ground.Dark.R, ground.Middle.R, ground.Light.R, tone);
        color[1] = Ramp(ground.Dark.G, ground.Middle.G, ground.Light.G, tone);
        color[2] = Ramp(ground.Dark.B, ground.Middle.B, ground.Light.B, tone);
    }

    /// <summary>The colour at a tone from 0 to 4,095.</summary>
    private static int Ramp(int dark, int middle, int light, int tone)
        => tone < 2048 ? (dark << 4) + ((middle - dark) * Math.Max(tone, 0) >> 7) : (middle << 4) + ((light - middle) * (Math.Min(tone, 4095) - 2048) >> 7);
}
