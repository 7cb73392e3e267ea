namespace Ballast;

/// <summary>The candidates an assigner looks at: explicit boxes (proposals), or an anchor grid with its levels.</summary>
public sealed class AnchorSet
{
    private BoxArray? _boxes;

    private AnchorSet(BoxArray? boxes, AnchorGrid? grid, int[] levelCounts)
    {
        _boxes = boxes;
        Grid = grid;
        LevelCounts = levelCounts;
    }

    /// <summary>The grid, or null for explicit boxes.</summary>
    public AnchorGrid? Grid { get; }

    /// <summary>Number of candidates on each level, in order; one level for proposals.</summary>
    public IReadOnlyList<int> LevelCounts { get; }

    /// <summary>Number of candidates, N.</summary>
    public int Count => Grid?.Count ?? _boxes!.Count;

    /// <summary>The candidates as boxes; a grid is written out at the first use.</summary>
    public BoxArray Boxes => _boxes ??= Grid!.ToBoxes();

    /// <summary>The candidate at an index; a grid is not written out for it.</summary>
    public Box this[int index] => Grid is { } grid ? grid[index] : Boxes[index];

    /// <summary>Explicit boxes on one level.</summary>
    public static AnchorSet Of(BoxArray boxes) => new(boxes, null, [boxes.Count]);

    /// <summary>Explicit boxes on several levels, level after level.</summary>
    public static AnchorSet Of(BoxArray boxes, int[] levelCounts) => new(boxes, null, levelCounts);

    /// <summary>A grid.</summary>
    public static AnchorSet Of(AnchorGrid grid) => new(null, grid, [.. grid.Levels.Select(level => level.Count)]);
}
