namespace Ballast;

/// <summary>A point of an object, for its texture.</summary>
/// <param name="U">In the object's own frame, -1 to 1.</param>
/// <param name="V">In the object's own frame.</param>
/// <param name="X">The same point in the frame of the image, so that light comes from one side.</param>
/// <param name="Y">The same point in the frame of the image.</param>
/// <param name="Depth">Distance inside the outline, in half sizes.</param>
/// <param name="Seed">The object's own number.</param>
internal readonly record struct DemoPoint(double U, double V, double X, double Y, double Depth, ulong Seed)
{
    /// <summary>A random shade from 0 to 1 of a cell of the object's frame.</summary>
    public double Shade(double cellsX, double cellsY)
    {
        var (x, y) = ((long)Math.Floor(U * cellsX), (long)Math.Floor(V * cellsY));
        return (StableHash.Mix(Seed + ((ulong)x * 0x9E3779B97F4A7C15UL) + ((ulong)y * 0xC2B2AE3D27D4EB4FUL)) >> 40) / (double)(1 << 24);
    }
}

/// <summary>Brightness of a point as a factor of the object's colour, and how much white lies over it, 0 to 1.</summary>
internal delegate (double Brightness, double White) DemoTexture(in DemoPoint point);

/// <summary>The looks of the demo's classes: shading from the upper left, and a pattern each.</summary>
internal static class DemoTextures
{
    /// <summary>A sphere with a highlight.</summary>
    public static (double Brightness, double White) Ball(in DemoPoint p)
    {
        var z = Math.Sqrt(Math.Max(0, 1 - (p.X * p.X) - (p.Y * p.Y)));
        var light = Math.Max(0, (-0.42 * p.X) + (-0.55 * p.Y) + (0.72 * z));
        var shine = light * light;
        shine *= shine;
        shine *= shine;
        return (0.30 + (0.80 * light) + (0.10 * (p.Shade(9, 9) - 0.5)), 0.75 * shine * shine * shine);
    }

    /// <summary>Planks in a frame.</summary>
    public static (double Brightness, double White) Crate(in DemoPoint p)
    {
        var isFrame = Math.Abs(p.U) > 0.64 || Math.Abs(p.V) > 0.64;
        var (along, across) = isFrame && Math.Abs(p.U) > Math.Abs(p.V) ? (p.V, p.U) : (p.U, p.V);
        var plank = Math.Floor((across + 1) * 3.5);
        var gap = ((across + 1) * 3.5) - plank;
        var grain = new DemoPoint(along, across, 0, 0, 0, p.Seed).Shade(3, 26) - 0.5;
        var tone = new DemoPoint(0, plank / 8, 0, 0, 0, p.Seed + 1).Shade(1, 8) - 0.5;
        var light = 0.12 * -(p.X + p.Y) / 2;
        if (isFrame) return (0.72 + (0.16 * grain) + light + (p.Depth < 0.05 ? -0.2 : 0), 0);
        return ((gap < 0.10 ? 0.40 : 0.98 + (0.22 * tone)) + (0.20 * grain) + light, 0);
    }

    /// <summary>A plate with a dark rim and slanted stripes.</summary>
    public static (double Brightness, double White) Sign(in DemoPoint p)
    {
        var light = 1 - (0.14 * p.Y) + (0.05 * (p.Shade(30, 30) - 0.5));
        if (p.Depth < 0.05) return (0.55 * light, 0.30);
        if (p.Depth < 0.14) return (0.16 * light, 0);
        var stripe = ((p.U + p.V) * 2.2) + 16;
        return (stripe - (2 * Math.Floor(stripe / 2)) < 1 ? light : 0.20 * light, 0);
    }

    /// <summary>A metal tube that mirrors its surroundings.</summary>
    public static (double Brightness, double White) Ring(in DemoPoint p)
    {
        var radius = Math.Max(1e-6, Math.Sqrt((p.X * p.X) + (p.Y * p.Y)));
        var across = Math.Clamp((radius - 0.78) / 0.22, -1, 1);
        var tube = Math.Sqrt(1 - (across * across));
        var (nx, ny) = (p.X / radius * across, p.Y / radius * across);
        var light = Math.Max(0, (-0.5 * nx) + (-0.6 * ny) + (0.62 * tube));
        var mirror = p.X * p.Y / (radius * radius);
        return (0.34 + (0.62 * light) + (0.28 * mirror * mirror) + (0.06 * (p.Shade(40, 40) - 0.5)), 0.7 * light * light * light * light * light * light);
    }

    /// <summary>Painted metal, a little worn, with a light rim.</summary>
    public static (double Brightness, double White) Cross(in DemoPoint p)
    {
        var worn = p.Shade(11, 11) * p.Shade(23, 23);
        return (0.94 - (0.16 * (p.X + p.Y) / 2) + (worn > 0.8 ? -0.3 : 0), p.Depth < 0.10 ? 0.65 : 0);
    }

    /// <summary>Facets that meet in the middle.</summary>
    public static (double Brightness, double White) Star(in DemoPoint p)
    {
        var facet = p.U * ((p.U * p.U * p.U * p.U) - (10 * p.U * p.U * p.V * p.V) + (5 * p.V * p.V * p.V * p.V)) > 0;
        return ((facet ? 1.18 : 0.72) - (0.15 * p.Y), p.Depth > 0.32 ? 0.35 : 0);
    }
}
