using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>Overlap of boxes. Every form does the references' single-precision arithmetic in their order, so thresholds and ties fall the same way.</summary>
public static class Overlap
{
    /// <summary>
    /// Intersection over union as torchvision computes it: inter / (areaA + areaB - inter), no guard, so two boxes without area give NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IoU(in Box a, in Box b)
    {
        var inter = Intersection(a, b);
        return inter / (a.Area + b.Area - inter);
    }

    /// <summary>Area of the intersection, square pixels; 0 for disjoint boxes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Intersection(in Box a, in Box b)
    {
        var width = MathF.Max(MathF.Min(a.X2, b.X2) - MathF.Max(a.X1, b.X1), 0);
        var height = MathF.Max(MathF.Min(a.Y2, b.Y2) - MathF.Max(a.Y1, b.Y1), 0);
        return width * height;
    }
}
