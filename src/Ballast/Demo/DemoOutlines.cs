namespace Ballast;

/// <summary>Signed distance to an outline in the unit square from -1 to 1: negative inside.</summary>
internal delegate double DemoOutline(double u, double v);

/// <summary>
/// The outlines of the demo's classes. Only additions, products, quotients and square roots, which every machine rounds alike, so the pixels are the same
/// everywhere.
/// </summary>
internal static class DemoOutlines
{
    private const double Cos18 = 0.95105651629515357;
    private const double Sin18 = 0.30901699437494742;
    private const double Cos54 = 0.58778525229247312;
    private const double Sin54 = 0.80901699437494742;
    private const double StarInner = 0.5;

    private static readonly (double X, double Y)[] TrianglePoints = [(0, -1), (0.98, 0.86), (-0.98, 0.86)];

    private static readonly (double X, double Y)[] StarPoints =
    [
        (0, -1), (StarInner * Cos54, -StarInner * Sin54), (Cos18, -Sin18), (StarInner * Cos18, StarInner * Sin18), (Cos54, Sin54), (0, StarInner),
        (-Cos54, Sin54), (-StarInner * Cos18, StarInner * Sin18), (-Cos18, -Sin18), (-StarInner * Cos54, -StarInner * Sin54),
    ];

    public static double Disc(double u, double v) => Math.Sqrt((u * u) + (v * v)) - 1;

    public static double Ring(double u, double v) => Math.Abs(Math.Sqrt((u * u) + (v * v)) - 0.78) - 0.22;

    public static double Square(double u, double v) => Rectangle(u, v, 0.84, 0.84) - 0.05;

    public static double Cross(double u, double v) => Math.Min(Rectangle(u, v, 0.96, 0.30), Rectangle(u, v, 0.30, 0.96)) - 0.04;

    public static double Triangle(double u, double v) => Polygon(u, v, TrianglePoints);

    public static double Star(double u, double v) => Polygon(u, v, StarPoints);

    private static double Rectangle(double u, double v, double halfWidth, double halfHeight)
    {
        var (x, y) = (Math.Abs(u) - halfWidth, Math.Abs(v) - halfHeight);
        var (outX, outY) = (Math.Max(x, 0), Math.Max(y, 0));
        return Math.Sqrt((outX * outX) + (outY * outY)) + Math.Min(Math.Max(x, y), 0);
    }

    private static double Polygon(double u, double v, (double X, double Y)[] points)
    {
        var (nearest, inside) = (double.MaxValue, false);
        for (var i = 0; i < points.Length; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Length]);
            var (ex, ey, px, py) = (b.X - a.X, b.Y - a.Y, u - a.X, v - a.Y);
            var along = Math.Clamp(((px * ex) + (py * ey)) / ((ex * ex) + (ey * ey)), 0, 1);
            var (dx, dy) = (px - (ex * along), py - (ey * along));
            nearest = Math.Min(nearest, (dx * dx) + (dy * dy));
            if ((a.Y > v) != (b.Y > v) && u < a.X + (ex * (v - a.Y) / ey)) inside = !inside;
        }

        return inside ? -Math.Sqrt(nearest) : Math.Sqrt(nearest);
    }
}
