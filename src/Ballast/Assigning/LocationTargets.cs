namespace Ballast;

/// <summary>
/// What guided anchoring's location branch is to predict (Wang et al. 2019, arXiv:1901.03278, section 3.2): 1 at the cells of a truth's centre region on the truth's level,
/// 0 elsewhere; and with which weight: 1 there, 0 in the ring around it and in the same region on the neighbouring levels, a small one for background.
/// </summary>
public sealed record LocationTargets
{
    private readonly double _center = 0.2;
    private readonly double _ignore = 0.5;
    private readonly float _scale = 8;
    private readonly float _background = 0.1f;

    /// <summary>Side of the centre region as a share of the truth's, in (0, 1].</summary>
    public double CenterFraction { get => _center; init => _center = Fraction(value, nameof(CenterFraction)); }

    /// <summary>Side of the region that is no background as a share of the truth's, in (0, 1].</summary>
    public double IgnoreFraction { get => _ignore; init => _ignore = Fraction(value, nameof(IgnoreFraction)); }

    /// <summary>Side of a level's square anchor over its stride: 8 for RPN, 4 for RetinaNet (mmdetection's octave_base_scale).</summary>
    public float AnchorScale
    {
        get => _scale;
        init => _scale = value > 0 && float.IsFinite(value) ? value : throw new InputException($"LocationTargets.AnchorScale is {value}; it must be positive.");
    }

    /// <summary>Weight of background cells, 0 or more.</summary>
    public float BackgroundWeight
    {
        get => _background;
        init => _background = value >= 0 && float.IsFinite(value) ? value : throw new InputException($"LocationTargets.BackgroundWeight is {value}; it must be 0 or more.");
    }

    /// <summary>Cells of all levels: the length of the maps. A two-hundredth of it, times the images, is what mmdetection divides the loss by.</summary>
    public static int Cells(AnchorGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var cells = 0;
        foreach (var level in grid.Levels) cells += level.Width * level.Height;
        return cells;
    }

    /// <summary>Draws the maps of one image.</summary>
    /// <param name="grid">The levels; only their sizes and strides count.</param>
    /// <param name="truths">M objects; later ones are drawn over earlier ones.</param>
    /// <param name="targets">[<see cref="Cells"/>]: receives 0 or 1, level after level, row after row.</param>
    /// <param name="weights">[<see cref="Cells"/>]: receives the weights.</param>
    public void Draw(AnchorGrid grid, Truths truths, Span<float> targets, Span<float> weights)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(truths);
        var cells = Cells(grid);
        ArgumentOutOfRangeException.ThrowIfNotEqual(targets.Length, cells, nameof(targets));
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, cells, nameof(weights));
        targets.Clear();
        weights.Fill(BackgroundWeight);
        var regions = new TruthRegions(grid, CenterFraction, IgnoreFraction, AnchorScale);
        // Neighbouring levels first: what a truth's own level says of a cell goes over it.
        for (var truth = 0; truth < truths.Count; truth++) DrawNeighbours(grid, regions, truths.Boxes[truth], weights);
        for (var truth = 0; truth < truths.Count; truth++)
        {
            var box = truths.Boxes[truth];
            var index = regions.LevelOf(box);
            var level = grid.Levels[index];
            regions.Center(box, index).Fill(Map(targets, grid, index), level.Width, level.Height, 1);
            regions.Ignored(box, index).Fill(Map(weights, grid, index), level.Width, level.Height, 0);
            regions.Center(box, index).Fill(Map(weights, grid, index), level.Width, level.Height, 1);
        }
    }

    private static void DrawNeighbours(AnchorGrid grid, TruthRegions regions, in Box box, Span<float> weights)
    {
        var own = regions.LevelOf(box);
        for (var index = Math.Max(own - 1, 0); index <= Math.Min(own + 1, grid.Levels.Count - 1); index++)
        {
            if (index != own) regions.Ignored(box, index).Fill(Map(weights, grid, index), grid.Levels[index].Width, grid.Levels[index].Height, 0);
        }
    }

    private static Span<float> Map(Span<float> maps, AnchorGrid grid, int index)
    {
        var first = 0;
        for (var level = 0; level < index; level++) first += grid.Levels[level].Width * grid.Levels[level].Height;
        return maps.Slice(first, grid.Levels[index].Width * grid.Levels[index].Height);
    }

    private static double Fraction(double value, string name)
        => value is > 0 and <= 1 ? value : throw new InputException($"LocationTargets.{name} is {value}; it must be more than 0 and at most 1.");
}
