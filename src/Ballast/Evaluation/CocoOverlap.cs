using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>Overlap of boxes in double precision with pycocotools' arithmetic (maskApi.c, bbIou), in its order, so thresholds fall the same way.</summary>
internal static class CocoOverlap
{
    /// <summary>Intersection over union; over the area of the detection alone when the truth is a region.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double dx, double dy, double dw, double dh, double tx, double ty, double tw, double th, bool region)
    {
        var width = Math.Min(dw + dx, tw + tx) - Math.Max(dx, tx);
        if (!(width > 0)) return 0;
        var height = Math.Min(dh + dy, th + ty) - Math.Max(dy, ty);
        if (!(height > 0)) return 0;
        var inter = width * height;
        var area = dw * dh;
        return inter / (region ? area : area + (tw * th) - inter);
    }
}
