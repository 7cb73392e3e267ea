namespace Ballast;

/// <summary>
/// The boxes of a data set, sorted by image (file order inside an image), a column each: the file's own four numbers and how they encode a box, class, id,
/// area, marks, and where the segmentation stands in the file. 65 bytes a box with every column, 45 with the least.
/// </summary>
public sealed class BoxTable
{
    /// <summary>The class of a box whose class the file does not define.</summary>
    public const int UnknownClass = -1;

    private readonly BoxColumns _columns;
    private readonly int[] _firstBox;

    internal BoxTable(BoxColumns columns, int[] firstBox)
    {
        _columns = columns;
        _firstBox = firstBox;
    }

    /// <summary>Number of boxes that stand on an image, ignored regions and flawed boxes included.</summary>
    public int Count => _columns.A.Length;

    /// <summary>How the file's four numbers encode a box.</summary>
    public BoxEncoding Encoding => _columns.Encoding;

    /// <summary>Whether the file gives ids to boxes.</summary>
    public bool HasIds => _columns.Ids is not null;

    /// <summary>Whether the file gives areas to boxes.</summary>
    public bool HasAreas => _columns.Areas is not null;

    /// <summary>Whether the file holds segmentations.</summary>
    public bool HasSegmentations => _columns.Segmentations is not null;

    /// <summary>First box of an image; <c>FirstOf(image + 1)</c> is the end of its run.</summary>
    public int FirstOf(int image) => _firstBox[image];

    /// <summary>The boxes of an image as a range [start, end).</summary>
    public (int Start, int End) Of(int image) => (_firstBox[image], _firstBox[image + 1]);

    /// <summary>Number of boxes of an image.</summary>
    public int CountOf(int image) => _firstBox[image + 1] - _firstBox[image];

    /// <summary>The file's own four numbers, in <see cref="Encoding"/>.</summary>
    public (double A, double B, double C, double D) Numbers(int box) => (_columns.A[box], _columns.B[box], _columns.C[box], _columns.D[box]);

    /// <summary>Class index 0..K-1, or <see cref="UnknownClass"/>.</summary>
    public int Class(int box) => _columns.Classes[box];

    /// <summary>Class indices of all boxes.</summary>
    public ReadOnlySpan<int> Classes => _columns.Classes;

    /// <summary>Marks of all boxes.</summary>
    public ReadOnlySpan<BoxMarks> AllMarks => _columns.Marks;

    /// <summary>The file's id of the box, or its position + 1 when the format has none.</summary>
    public long Id(int box) => _columns.Ids is { } ids ? ids[box] : box + 1L;

    /// <summary>The file's area of the object in square pixels (of the mask, where there is one), or NaN when it gives none.</summary>
    public double Area(int box) => _columns.Areas is { } areas ? areas[box] : double.NaN;

    /// <summary>What the file says of the box beside place and class.</summary>
    public BoxMarks Marks(int box) => _columns.Marks[box];

    /// <summary>Whether the box is a crowd or an ignore region: counted apart, never an object.</summary>
    public bool IsIgnored(int box) => (_columns.Marks[box] & (BoxMarks.Crowd | BoxMarks.Ignore)) != 0;

    /// <summary>Where the segmentation of the box stands in its annotation file.</summary>
    public ByteRange Segmentation(int box) => _columns.Segmentations is { } ranges ? ranges[box] : default;

    /// <summary>Corners in pixels of a box on an image of the given size.</summary>
    public Corners Corners(int box, int width, int height)
        => Ballast.Corners.Decode(_columns.Encoding, _columns.A[box], _columns.B[box], _columns.C[box], _columns.D[box], width, height);
}

/// <summary>The columns a <see cref="BoxTable"/> is made of, sorted by image.</summary>
internal sealed class BoxColumns
{
    public required BoxEncoding Encoding { get; init; }

    public required double[] A { get; init; }

    public required double[] B { get; init; }

    public required double[] C { get; init; }

    public required double[] D { get; init; }

    public required int[] Classes { get; init; }

    public required BoxMarks[] Marks { get; init; }

    public long[]? Ids { get; init; }

    public double[]? Areas { get; init; }

    public ByteRange[]? Segmentations { get; init; }
}
