namespace Ballast;

/// <summary>How two boxes of one class from different slices are told to be one object.</summary>
public enum SeamRule
{
    /// <summary>By intersection over the smaller of the two, looked at where both slices could see: pieces that a seam cut are joined, whole boxes stay and take pieces with
    /// them.</summary>
    Smaller,

    /// <summary>By IoU: the less probable one goes, as in suppression inside an image. A cut piece overlaps its whole too little to be told, and stays.</summary>
    Suppress,
}

/// <summary>
/// Sliced inference (Akyon et al. 2022, SAHI, arXiv:2202.06934): a large image is looked at in overlapping slices, so that small objects stay large enough for the
/// detector, and what is found twice in an overlap is joined. The remedy for scale imbalance that needs no training.
/// </summary>
public sealed record SliceOptions
{
    private readonly int _tile = 640;
    private readonly double _overlap = 0.2;
    private readonly double _threshold = 0.5;

    /// <summary>Side of a slice, pixels of the image, 16 or more.</summary>
    public int TilePixels
    {
        get => _tile;
        init => _tile = value is >= 16 and <= 65536 ? value : throw new InputException($"SliceOptions.TilePixels is {value}; it must be 16 to 65536 pixels.");
    }

    /// <summary>Least share of a slice's side that it has in common with its neighbour, from 0 to 0.9: as much as the largest objects that are to be seen whole.</summary>
    public double OverlapFraction
    {
        get => _overlap;
        init => _overlap = value is >= 0 and <= 0.9 ? value : throw new InputException($"SliceOptions.OverlapFraction is {value}; it must be from 0 to 0.9.");
    }

    /// <summary>Whether the image is looked at as a whole too, for objects larger than a slice.</summary>
    public bool WholeImage { get; init; } = true;

    /// <summary>How boxes across seams are told to be one object.</summary>
    public SeamRule Rule { get; init; }

    /// <summary>The measure of <see cref="Rule"/> above which two boxes are one object, in [0, 1].</summary>
    public double Threshold
    {
        get => _threshold;
        init => _threshold = value is >= 0 and <= 1 ? value : throw new InputException($"SliceOptions.Threshold is {value}; it must be a fraction from 0 to 1.");
    }

    /// <summary>
    /// The slices of an image, row by row, and the whole image last where it is wanted; whole pixels. Slices are spread evenly, so that no last one is a sliver, and reach
    /// the image's edges; an image no larger than a slice has one.
    /// </summary>
    /// <param name="width">Image width, pixels, 1 or more.</param>
    /// <param name="height">Image height, pixels, 1 or more.</param>
    public IReadOnlyList<Box> Windows(int width, int height)
    {
        var (columns, rows) = (Starts(width), Starts(height));
        var windows = new List<Box>((columns.Length * rows.Length) + 1);
        foreach (var y in rows)
        {
            foreach (var x in columns) windows.Add(new(x, y, Math.Min(x + TilePixels, width), Math.Min(y + TilePixels, height)));
        }

        if (WholeImage && windows.Count > 1) windows.Add(new(0, 0, width, height));
        return windows;
    }

    private int[] Starts(int side)
    {
        if (side <= TilePixels) return [0];
        var shared = Math.Min((int)Math.Ceiling(TilePixels * OverlapFraction), TilePixels - 1);
        var count = (side - shared + TilePixels - shared - 1) / (TilePixels - shared);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * (side - TilePixels) / (count - 1)))];
    }
}
