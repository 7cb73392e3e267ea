using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>Overlap of boxes. Every form does the references' single-precision arithmetic in their order, so thresholds and ties fall the same way.</summary>
public static class Overlap
{
    /// <summary>What torchvision adds to the squared diagonal and to the divisor of CIoU's trade-off.</summary>
    private const float Guard = 1e-7f;

    /// <summary>
    /// Intersection over union as torchvision computes it: inter / (areaA + areaB - inter), no guard, so two boxes without area give NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IoU(in Box a, in Box b)
    {
        var inter = Intersection(a, b);
        return inter / (a.Area + b.Area - inter);
    }

    /// <summary>
    /// Intersection over union with a floor under the union, square pixels: mmdetection's with 1e-6, <see cref="IoU(in Box, in Box)"/> with 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IoU(in Box a, in Box b, float unionFloor)
    {
        var inter = Intersection(a, b);
        var union = a.Area + b.Area - inter;
        return inter / (unionFloor > 0 ? MathF.Max(union, unionFloor) : union);
    }

    /// <summary>Intersection over the area of the first box, that area at least a floor (mmdetection: 1e-6); 0 for a first box without area.</summary>
    public static float IoF(in Box a, in Box b, float areaFloor = 0) => Share(Intersection(a, b), a.Area, areaFloor);

    /// <summary>Generalized IoU; union and hull are at least a floor (mmdetection: 1e-6). Two boxes that have no hull give 0 instead of NaN.</summary>
    public static float GIoU(in Box a, in Box b, float floor = 0)
    {
        var inter = Intersection(a, b);
        var union = a.Area + b.Area - inter;
        var hull = Hull(a, b).Area;
        if (floor > 0) (union, hull) = (MathF.Max(union, floor), MathF.Max(hull, floor));
        return Share(inter, union, 0) - Share(hull - union, hull, 0);
    }

    /// <summary>Distance IoU as torchvision computes it; finite for boxes without area, whose IoU counts as 0.</summary>
    public static float DIoU(in Box a, in Box b)
    {
        var inter = Intersection(a, b);
        return Share(inter, a.Area + b.Area - inter, 0) - CenterDistance(a, b);
    }

    /// <summary>
    /// Complete IoU as torchvision computes it: DIoU - alpha v with v = 4 / pi^2 (atan(wA / hA) - atan(wB / hB))^2 and alpha = v / (1 - IoU + v). Finite for
    /// boxes without area (the references give NaN there).
    /// </summary>
    public static float CIoU(in Box a, in Box b)
    {
        var inter = Intersection(a, b);
        var iou = Share(inter, a.Area + b.Area - inter, 0);
        var angle = Angle(a) - Angle(b);
        var v = 4 / (MathF.PI * MathF.PI) * angle * angle;
        var alpha = v / (1 - iou + v + Guard);
        return iou - CenterDistance(a, b) - (alpha * v);
    }

    /// <summary>A measure of two boxes; the floor applies to IoU, IoF and GIoU.</summary>
    public static float Of(OverlapKind kind, in Box a, in Box b, float floor = 0) => kind switch
    {
        OverlapKind.IoU => IoU(a, b, floor),
        OverlapKind.IoF => IoF(a, b, floor),
        OverlapKind.GIoU => GIoU(a, b, floor),
        OverlapKind.DIoU => DIoU(a, b),
        OverlapKind.CIoU => CIoU(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Area of the intersection, square pixels; 0 for disjoint boxes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Intersection(in Box a, in Box b)
    {
        var width = MathF.Max(MathF.Min(a.X2, b.X2) - MathF.Max(a.X1, b.X1), 0);
        var height = MathF.Max(MathF.Min(a.Y2, b.Y2) - MathF.Max(a.Y1, b.Y1), 0);
        return width * height;
    }

    /// <summary>The measure of every pair.</summary>
    /// <param name="kind">The measure.</param>
    /// <param name="a">[A] boxes.</param>
    /// <param name="b">[B] boxes.</param>
    /// <param name="result">Receives [A, B], row after row; may be longer.</param>
    /// <param name="floor">Least union, area or hull, square pixels.</param>
    public static void Pairwise(OverlapKind kind, BoxArray a, BoxArray b, Span<float> result, float floor = 0)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentOutOfRangeException.ThrowIfLessThan(result.Length, a.Count * b.Count, nameof(result));
        for (var i = 0; i < a.Count; i++)
        {
            var row = result.Slice(i * b.Count, b.Count);
            var box = a[i];
            if (kind == OverlapKind.IoU) IoURow(box, b, row, floor);
            else for (var j = 0; j < row.Length; j++) row[j] = Of(kind, box, b[j], floor);
        }
    }

    /// <summary>IoU of one box with each of many, in vectors; the same bits as <see cref="IoU(in Box, in Box, float)"/>.</summary>
    /// <param name="box">The box.</param>
    /// <param name="boxes">[N].</param>
    /// <param name="result">Receives [N].</param>
    /// <param name="unionFloor">Least union, square pixels.</param>
    public static void IoURow(in Box box, BoxArray boxes, Span<float> result, float unionFloor = 0)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        IoURow(box, boxes, 0, result[..boxes.Count], unionFloor);
    }

    /// <summary>IoU of one box with as many as there is room for, from a first on.</summary>
    internal static void IoURow(in Box box, BoxArray boxes, int first, Span<float> result, float unionFloor)
    {
        var x1 = boxes.X1.Slice(first, result.Length);
        var y1 = boxes.Y1.Slice(first, result.Length);
        var x2 = boxes.X2.Slice(first, result.Length);
        var y2 = boxes.Y2.Slice(first, result.Length);
        var (ax1, ay1, ax2, ay2) = (new Vector<float>(box.X1), new Vector<float>(box.Y1), new Vector<float>(box.X2), new Vector<float>(box.Y2));
        var (area, floor) = (new Vector<float>(box.Area), new Vector<float>(unionFloor));
        var i = 0;
        for (; i <= x1.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (bx1, by1, bx2, by2) = (new Vector<float>(x1[i..]), new Vector<float>(y1[i..]), new Vector<float>(x2[i..]), new Vector<float>(y2[i..]));
            var width = Vector.Max(Vector.Min(bx2, ax2) - Vector.Max(bx1, ax1), Vector<float>.Zero);
            var height = Vector.Max(Vector.Min(by2, ay2) - Vector.Max(by1, ay1), Vector<float>.Zero);
            var inter = width * height;
            var union = area + ((bx2 - bx1) * (by2 - by1)) - inter;
            (inter / (unionFloor > 0 ? Vector.Max(union, floor) : union)).CopyTo(result[i..]);
        }

        for (; i < x1.Length; i++) result[i] = IoU(box, new(x1[i], y1[i], x2[i], y2[i]), unionFloor);
    }

    /// <summary>part / whole with a floor under the whole; 0 where the whole is 0.</summary>
    private static float Share(float part, float whole, float floor)
    {
        if (floor > 0) whole = MathF.Max(whole, floor);
        return whole == 0 ? 0 : part / whole;
    }

    private static (float Width, float Height, float Area) Hull(in Box a, in Box b)
    {
        var width = MathF.Max(MathF.Max(a.X2, b.X2) - MathF.Min(a.X1, b.X1), 0);
        var height = MathF.Max(MathF.Max(a.Y2, b.Y2) - MathF.Min(a.Y1, b.Y1), 0);
        return (width, height, width * height);
    }

    /// <summary>Squared distance of the centres over the squared diagonal of the hull.</summary>
    private static float CenterDistance(in Box a, in Box b)
    {
        var hull = Hull(a, b);
        var (dx, dy) = (((a.X1 + a.X2) / 2) - ((b.X1 + b.X2) / 2), ((a.Y1 + a.Y2) / 2) - ((b.Y1 + b.Y2) / 2));
        return ((dx * dx) + (dy * dy)) / ((hull.Width * hull.Width) + (hull.Height * hull.Height) + Guard);
    }

    private static float Angle(in Box box) => box.Width == 0 && box.Height == 0 ? 0 : MathF.Atan(box.Width / box.Height);
}
