namespace Ballast;

/// <summary>One level of an anchor grid: the same base anchors at every cell of a feature map.</summary>
/// <param name="Width">Cells in a row of the feature map.</param>
/// <param name="Height">Cells in a column.</param>
/// <param name="StrideX">Pixels from cell to cell.</param>
/// <param name="StrideY">Pixels from row to row.</param>
/// <param name="OffsetX">Pixels from the image's left edge to the first cell's anchor origin.</param>
/// <param name="OffsetY">Pixels from the top edge to it.</param>
/// <param name="BaseAnchors">The anchors of one cell around (0, 0), in the order a head predicts them.</param>
/// <param name="First">Index of the level's first anchor in the whole grid.</param>
public sealed record AnchorLevel(int Width, int Height, float StrideX, float StrideY, float OffsetX, float OffsetY, Box[] BaseAnchors, int First)
{
    /// <summary>Number of anchors of the level.</summary>
    public int Count => Width * Height * BaseAnchors.Length;

    /// <summary>The largest coordinate of any corner without its sign, or more.</summary>
    internal double Reach
    {
        get
        {
            var grid = Math.Max((Width * (double)StrideX) + Math.Abs(OffsetX), (Height * (double)StrideY) + Math.Abs(OffsetY));
            return grid + BaseAnchors.Select(b => Math.Max(Math.Max(Math.Abs(b.X1), Math.Abs(b.X2)), Math.Max(Math.Abs(b.Y1), Math.Abs(b.Y2)))).DefaultIfEmpty().Max();
        }
    }
}

/// <summary>
/// All anchors of a detector for one padded image size, described by their levels and never materialised unless asked. Order: level, row (y), column (x), base
/// anchor; that of torchvision and mmdetection.
/// </summary>
public sealed class AnchorGrid
{
    /// <summary>Makes a grid of levels.</summary>
    public AnchorGrid(IReadOnlyList<AnchorLevel> levels)
    {
        Levels = levels;
        Count = levels.Sum(level => level.Count);
        // The float next to a coordinate is at most 2^-23 of it away; a corner is the sum of three rounded terms.
        RoundingPixels = levels.Select(level => level.Reach).DefaultIfEmpty().Max() * (1.0 / (1 << 21));
    }

    /// <summary>The levels, finest first.</summary>
    public IReadOnlyList<AnchorLevel> Levels { get; }

    /// <summary>Number of anchors of all levels.</summary>
    public int Count { get; }

    /// <summary>How far a corner in single precision can lie from the exact one, pixels.</summary>
    internal double RoundingPixels { get; }

    /// <summary>The anchor at an index.</summary>
    public Box this[int index]
    {
        get
        {
            var level = Levels[LevelOf(index)];
            var place = index - level.First;
            var cell = place / level.BaseAnchors.Length;
            return At(level, cell % level.Width, cell / level.Width, place % level.BaseAnchors.Length);
        }
    }

    /// <summary>The level an anchor index belongs to.</summary>
    public int LevelOf(int index)
    {
        for (var level = Levels.Count - 1; level > 0; level--)
        {
            if (index >= Levels[level].First) return level;
        }

        return 0;
    }

    /// <summary>All anchors, written out.</summary>
    public BoxArray ToBoxes()
    {
        var boxes = new BoxArray(Count);
        foreach (var level in Levels)
        {
            for (var y = 0; y < level.Height; y++)
            {
                for (var x = 0; x < level.Width; x++)
                {
                    for (var k = 0; k < level.BaseAnchors.Length; k++) boxes.Add(At(level, x, y, k));
                }
            }
        }

        return boxes;
    }

    /// <summary>The anchor of a cell: shift plus base anchor in single precision, as the references add them.</summary>
    internal static Box At(AnchorLevel level, int x, int y, int anchor)
    {
        var (shiftX, shiftY) = ((x * level.StrideX) + level.OffsetX, (y * level.StrideY) + level.OffsetY);
        ref readonly var b = ref level.BaseAnchors[anchor];
        return new(shiftX + b.X1, shiftY + b.Y1, shiftX + b.X2, shiftY + b.Y2);
    }
}
