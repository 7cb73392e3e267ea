namespace Ballast;

/// <summary>
/// Where a truth lies on the levels of a feature pyramid (Wang et al. 2019, Guided Anchoring, arXiv:1901.03278, section 3.2): the level whose square anchor is nearest in
/// size, a centre region on it, and around that a region that is neither object nor background, on the neighbouring levels too.
/// </summary>
internal readonly struct TruthRegions(AnchorGrid grid, double centerFraction, double ignoreFraction, float anchorScale)
{
    /// <summary>The level of a truth: floor(log2(sqrt(w h)) - log2(scale stride_0) + 0.5), clamped.</summary>
    public int LevelOf(in Box truth)
    {
        var scale = MathF.Sqrt((truth.X2 - truth.X1) * (truth.Y2 - truth.Y1));
        var level = MathF.Floor(MathF.Log2(scale) - MathF.Log2(anchorScale * grid.Levels[0].StrideX) + 0.5f);
        return level > 0 ? (int)MathF.Min(level, grid.Levels.Count - 1) : 0;
    }

    /// <summary>The centre region on a level, cells, both ends included.</summary>
    public CellRegion Center(in Box truth, int level) => Region(truth, (1 - centerFraction) / 2, grid.Levels[level]);

    /// <summary>The region that is no background on a level, cells, both ends included.</summary>
    public CellRegion Ignored(in Box truth, int level) => Region(truth, (1 - ignoreFraction) / 2, grid.Levels[level]);

    /// <summary>The truth's sides moved inwards by a share, rounded half to even as the reference does, clamped to the map.</summary>
    private static CellRegion Region(in Box truth, double share, AnchorLevel level)
    {
        var (x1, y1) = (truth.X1 / level.StrideX, truth.Y1 / level.StrideY);
        var (x2, y2) = (truth.X2 / level.StrideX, truth.Y2 / level.StrideY);
        var (near, far) = ((float)(1 - share), (float)share);
        return new(
            Cell((near * x1) + (far * x2), level.Width),
            Cell((near * y1) + (far * y2), level.Height),
            Cell((far * x1) + (near * x2), level.Width),
            Cell((far * y1) + (near * y2), level.Height));
    }

    private static int Cell(float place, int cells) => float.IsNaN(place) ? 0 : (int)Math.Clamp(MathF.Round(place, MidpointRounding.ToEven), 0, cells);
}

/// <summary>Cells of a feature map from one corner to another, both included; the far corner may lie one cell past the map.</summary>
internal readonly record struct CellRegion(int X1, int Y1, int X2, int Y2)
{
    /// <summary>Gives a value to the region's cells of a map.</summary>
    public void Fill<T>(Span<T> map, int width, int height, T value)
    {
        for (var y = Y1; y <= Math.Min(Y2, height - 1); y++)
        {
            var (from, to) = (X1, Math.Min(X2, width - 1));
            if (from <= to) map.Slice((y * width) + from, to - from + 1).Fill(value);
        }
    }
}
