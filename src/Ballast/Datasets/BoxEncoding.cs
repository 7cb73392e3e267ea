using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// How a file writes a box in four numbers. The numbers are stored as they stand and converted on access, so writing gives the same numbers back.
/// </summary>
public enum BoxEncoding
{
    /// <summary>x, y, width, height in pixels, 0-based corners (COCO).</summary>
    CornerSize,

    /// <summary>x1, y1, x2, y2 in pixels, continuous (Pascal VOC as most tools write it).</summary>
    Corners,

    /// <summary>x1, y1, x2, y2 in pixels, 1-based and inclusive (Pascal VOC by its standard): x1 and y1 are one too large for continuous coordinates.</summary>
    CornersOneBased,

    /// <summary>Centre x, centre y, width, height as fractions of the image (YOLO).</summary>
    NormalizedCenterSize,

    /// <summary>x1, y1, x2, y2 as fractions of the image (Open Images).</summary>
    NormalizedCorners,
}

/// <summary>What a file says about a box beside its place and class.</summary>
[Flags]
public enum BoxMarks : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A region of many objects (COCO iscrowd, Open Images IsGroupOf): never an object of its own.</summary>
    Crowd = 1,

    /// <summary>A region to leave out of training and evaluation.</summary>
    Ignore = 2,

    /// <summary>Pascal VOC difficult: an object, left out of the standard evaluation.</summary>
    Difficult = 4,

    /// <summary>The object reaches beyond the image or is cut.</summary>
    Truncated = 8,

    /// <summary>The object is partly hidden.</summary>
    Occluded = 16,

    /// <summary>A drawing or picture of the object (Open Images IsDepiction).</summary>
    Depiction = 32,

    /// <summary>Seen from the inside (Open Images IsInside).</summary>
    Inside = 64,
}

/// <summary>Where the segmentation of a box stands in its file; it is kept as bytes and never parsed.</summary>
/// <param name="Offset">First byte in the annotation file.</param>
/// <param name="Length">Number of bytes; 0 when the box has no segmentation.</param>
/// <param name="File">Which of <see cref="DatasetSource.SegmentationFiles"/> it stands in.</param>
public readonly record struct ByteRange(long Offset, int Length, int File = 0)
{
    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => Length == 0;
}

/// <summary>A box in double precision, pixels, continuous corners.</summary>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Top edge.</param>
/// <param name="X2">Right edge, exclusive.</param>
/// <param name="Y2">Bottom edge, exclusive.</param>
public readonly record struct Corners(double X1, double Y1, double X2, double Y2)
{
    /// <summary>X2 - X1, pixels.</summary>
    public double Width => X2 - X1;

    /// <summary>Y2 - Y1, pixels.</summary>
    public double Height => Y2 - Y1;

    /// <summary>Whether all four numbers are finite and both sides positive.</summary>
    public bool IsValid => IsFinite && X2 > X1 && Y2 > Y1;

    /// <summary>Whether all four numbers are finite.</summary>
    public bool IsFinite => double.IsFinite(X1) && double.IsFinite(Y1) && double.IsFinite(X2) && double.IsFinite(Y2);

    /// <summary>The same box in single precision.</summary>
    public Box ToBox() => new((float)X1, (float)Y1, (float)X2, (float)Y2);

    /// <summary>Reads four numbers in an encoding as continuous corners in pixels.</summary>
    /// <param name="encoding">How the four numbers stand for a box.</param>
    /// <param name="a">The first number.</param>
    /// <param name="b">The second number.</param>
    /// <param name="c">The third number.</param>
    /// <param name="d">The fourth number.</param>
    /// <param name="width">Image width, pixels; used by normalised encodings.</param>
    /// <param name="height">Image height, pixels; used by normalised encodings.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Corners Decode(BoxEncoding encoding, double a, double b, double c, double d, int width, int height) => encoding switch
    {
        BoxEncoding.CornerSize => new(a, b, a + c, b + d),
        BoxEncoding.Corners => new(a, b, c, d),
        BoxEncoding.CornersOneBased => new(a - 1, b - 1, c, d),
        BoxEncoding.NormalizedCenterSize => new((a - c / 2) * width, (b - d / 2) * height, (a + c / 2) * width, (b + d / 2) * height),
        BoxEncoding.NormalizedCorners => new(a * width, b * height, c * width, d * height),
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Not a box encoding."),
    };

    /// <summary>Writes these corners as four numbers in an encoding: the inverse of <see cref="Decode"/>.</summary>
    public (double A, double B, double C, double D) Encode(BoxEncoding encoding, int width, int height) => encoding switch
    {
        BoxEncoding.CornerSize => (X1, Y1, Width, Height),
        BoxEncoding.Corners => (X1, Y1, X2, Y2),
        BoxEncoding.CornersOneBased => (X1 + 1, Y1 + 1, X2, Y2),
        BoxEncoding.NormalizedCenterSize => ((X1 + X2) / 2 / width, (Y1 + Y2) / 2 / height, Width / width, Height / height),
        BoxEncoding.NormalizedCorners => (X1 / width, Y1 / height, X2 / width, Y2 / height),
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Not a box encoding."),
    };
}
