namespace Ballast;

/// <summary>
/// Assigns by where an anchor's centre lies (Wang et al. 2019, Guided Anchoring, arXiv:1901.03278, section 3.2): in the centre region of a truth on the truth's level it is
/// that truth's, in the ring around it and in the same region on the neighbouring levels it is left out, elsewhere it is background. Later truths win. Needs a grid with
/// one anchor at each cell. mmdetection's release applies the neighbours' 0/1 flags as positions and so leaves out cells 0 and 1; this is the documented rule.
/// </summary>
public sealed record RegionAssigner : Assigner
{
    private readonly double _center = 0.2;
    private readonly double _ignore = 0.5;
    private readonly float _scale = 8;

    /// <summary>Side of the centre region as a share of the truth's, in (0, 1].</summary>
    public double CenterFraction { get => _center; init => _center = Fraction(value, nameof(CenterFraction)); }

    /// <summary>Side of the region that is no background as a share of the truth's, in (0, 1].</summary>
    public double IgnoreFraction { get => _ignore; init => _ignore = Fraction(value, nameof(IgnoreFraction)); }

    /// <summary>Side of a level's square anchor over its stride: 8 for RPN, 4 for RetinaNet (mmdetection's octave_base_scale).</summary>
    public float AnchorScale
    {
        get => _scale;
        init => _scale = value > 0 && float.IsFinite(value) ? value : throw new InputException($"RegionAssigner.AnchorScale is {value}; it must be positive.");
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        if (IgnoreFraction < CenterFraction)
            throw new InputException($"RegionAssigner.IgnoreFraction is {IgnoreFraction}, under CenterFraction {CenterFraction}; it must not be.");
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The candidates are no grid, or one with several anchors at a cell.</exception>
    public override void Assign(AnchorSet anchors, Truths truths, Assignment result)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(result);
        var grid = anchors.Grid ?? throw new InputException("RegionAssigner was given boxes without a grid; it assigns only the cells of a grid (AnchorSet.Of(grid)).");
        CheckOneAnchor(grid);
        result.Reset(grid.Count, Assignment.Background);
        var regions = new TruthRegions(grid, CenterFraction, IgnoreFraction, AnchorScale);
        for (var truth = 0; truth < truths.Count; truth++)
        {
            var box = truths.Boxes[truth];
            var level = regions.LevelOf(box);
            Mark(grid.Levels[level], regions.Ignored(box, level), Assignment.Ignored, result.Truths);
            Mark(grid.Levels[level], regions.Center(box, level), truth, result.Truths);
        }

        for (var truth = 0; truth < truths.Count; truth++)
        {
            var box = truths.Boxes[truth];
            var level = regions.LevelOf(box);
            if (level > 0) Mark(grid.Levels[level - 1], regions.Ignored(box, level - 1), Assignment.Ignored, result.Truths);
            if (level < grid.Levels.Count - 1) Mark(grid.Levels[level + 1], regions.Ignored(box, level + 1), Assignment.Ignored, result.Truths);
        }
    }

    /// <summary>Gives a value to the anchors whose centre, in cells, lies in a region.</summary>
    private static void Mark(AnchorLevel level, CellRegion region, int value, Span<int> decided)
    {
        var anchor = level.BaseAnchors[0];
        for (var y = 0; y < level.Height; y++)
        {
            var shiftY = (y * level.StrideY) + level.OffsetY;
            var centerY = (((shiftY + anchor.Y1) / level.StrideY) + ((shiftY + anchor.Y2) / level.StrideY)) * 0.5f;
            if (!(centerY >= region.Y1 && centerY <= region.Y2)) continue;
            var row = decided.Slice(level.First + (y * level.Width), level.Width);
            for (var x = 0; x < row.Length; x++)
            {
                var shiftX = (x * level.StrideX) + level.OffsetX;
                var centerX = (((shiftX + anchor.X1) / level.StrideX) + ((shiftX + anchor.X2) / level.StrideX)) * 0.5f;
                if (centerX >= region.X1 && centerX <= region.X2) row[x] = value;
            }
        }
    }

    private static void CheckOneAnchor(AnchorGrid grid)
    {
        foreach (var level in grid.Levels)
        {
            if (level.BaseAnchors.Length != 1)
                throw new InputException($"RegionAssigner was given a grid with {level.BaseAnchors.Length} anchors at a cell; it needs one size and one ratio on each level.");
        }
    }

    private static double Fraction(double value, string name)
        => value is > 0 and <= 1 ? value : throw new InputException($"RegionAssigner.{name} is {value}; it must be more than 0 and at most 1.");
}
