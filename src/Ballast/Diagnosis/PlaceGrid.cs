namespace Ballast;

/// <summary>
/// Centres of objects counted on a square grid over the image (row first), and what augmentations would make of them. The grid that a divergence is measured on
/// grows with the number of objects, so that each cell can be expected to hold <see cref="Verdicts.ObjectsPerCell"/>.
/// </summary>
internal static class PlaceGrid
{
    /// <summary>Fewest objects that places are judged on: 4 x 4 cells.</summary>
    public const long FewestObjects = 4 * 4 * Verdicts.ObjectsPerCell;

    /// <summary>KL of the centres to uniform, nats, bias-corrected, on the finest grid of 8 or 4 cells a side that the count allows; NaN below that.</summary>
    public static double Divergence(ReadOnlySpan<double> cells) => Divergence(cells, ImbalanceMeasures.Sum(cells));

    /// <summary>The same, on the grid that another number of objects asks for.</summary>
    public static double Divergence(ReadOnlySpan<double> cells, double objects)
    {
        if (objects < FewestObjects) return double.NaN;
        return ImbalanceMeasures.KlToUniformCorrected(Fold(cells, SideFor(objects)));
    }

    /// <summary>Cells along a side of the grid that a number of objects is judged on.</summary>
    public static int SideFor(double objects) => objects >= Location.CoarseSide * Location.CoarseSide * Verdicts.ObjectsPerCell ? Location.CoarseSide : 4;

    /// <summary>KL to uniform of shares without sampling noise, such as computed ones, nats.</summary>
    public static double DivergenceOfShares(ReadOnlySpan<double> cells, int side) => ImbalanceMeasures.KlToUniform(Fold(cells, side));

    /// <summary>The counts on a coarser grid; the finer side is a multiple of <paramref name="side"/>.</summary>
    public static double[] Fold(ReadOnlySpan<double> cells, int side)
    {
        var from = (int)Math.Sqrt(cells.Length);
        var factor = from / side;
        var folded = new double[side * side];
        for (var y = 0; y < from; y++)
        {
            for (var x = 0; x < from; x++) folded[(y / factor * side) + (x / factor)] += cells[(y * from) + x];
        }

        return folded;
    }

    /// <summary>
    /// Centres inside random crops of half the sides, at every place alike: each crop of whole cells is counted, so the result is exact to a cell.
    /// </summary>
    public static double[] InHalfCrops(ReadOnlySpan<double> cells)
    {
        var side = (int)Math.Sqrt(cells.Length);
        var crop = side / 2;
        var result = new double[crop * crop];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                if (cells[(y * side) + x] == 0) continue;
                for (var top = Math.Max(0, y - crop + 1); top <= Math.Min(y, side - crop); top++)
                {
                    for (var left = Math.Max(0, x - crop + 1); left <= Math.Min(x, side - crop); left++) result[((y - top) * crop) + x - left] += cells[(y * side) + x];
                }
            }
        }

        return result;
    }

    /// <summary>Centres after shifts of up to a quarter of the sides, every shift alike; what leaves the image is lost.</summary>
    public static double[] AfterShifts(ReadOnlySpan<double> cells)
    {
        var side = (int)Math.Sqrt(cells.Length);
        var reach = side / 4;
        var result = new double[cells.Length];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                if (cells[(y * side) + x] == 0) continue;
                for (var toY = Math.Max(0, y - reach); toY <= Math.Min(side - 1, y + reach); toY++)
                {
                    for (var toX = Math.Max(0, x - reach); toX <= Math.Min(side - 1, x + reach); toX++) result[(toY * side) + toX] += cells[(y * side) + x];
                }
            }
        }

        return result;
    }

    /// <summary>The least share of objects placed uniformly that brings the divergence down to a value; 1 when only uniform places would.</summary>
    public static double UniformShareFor(ReadOnlySpan<double> cells, int side, double divergence)
    {
        var folded = Fold(cells, side);
        var total = ImbalanceMeasures.Sum(folded);
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 40; step++)
        {
            var share = (low + high) / 2;
            var mixed = folded.Select(count => ((1 - share) * count / total) + (share / folded.Length)).ToArray();
            if (ImbalanceMeasures.KlToUniform(mixed) > divergence) low = share;
            else high = share;
        }

        return high;
    }
}
