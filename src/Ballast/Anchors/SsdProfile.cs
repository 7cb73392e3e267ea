namespace Ballast;

/// <summary>
/// SSD's default boxes (Liu et al. 2016, arXiv:1512.02325, section 2.2) for any input and for maps whose strides double: what a backbone without VGG16's odd strides is
/// given. At 300 pixels from stride 8 on the sizes are those of <see cref="DetectorProfile.Ssd"/>; only the coarsest map has other cells.
/// </summary>
public static class SsdProfile
{
    private const double Smallest = 0.15;
    private const double Largest = 0.87;
    private const double FirstMap = 0.07;

    /// <summary>
    /// The profile: maps from a stride on, each of twice the stride of the one before, down to two cells a side. Sizes are fractions of the input: 0.07 on the finest map,
    /// then evenly from 0.15 to 0.87.
    /// </summary>
    /// <param name="side">Side of the square input, pixels.</param>
    /// <param name="finestStride">Stride of the finest map, pixels, a power of two.</param>
    /// <exception cref="InputException">There would be fewer than three maps.</exception>
    public static DetectorProfile At(int side, int finestStride = 8)
    {
        if (finestStride < 1 || !int.IsPow2(finestStride)) throw new InputException($"SsdProfile: the finest stride is {finestStride}; it must be a power of two.");
        var maps = 0;
        while ((finestStride << maps) < side) maps++;
        if (maps < 3)
            throw new InputException($"SsdProfile: an input of {side} pixels has {maps} maps from stride {finestStride} on; SSD needs three. Enlarge the input or start at a finer stride.");
        return DetectorProfile.Ssd with
        {
            Input = InputSize.Parse($"{side}x{side}!"),
            Anchors = new() { Rule = new DefaultBoxes { InputSide = side }, Levels = Levels(side, finestStride, maps) },
        };
    }

    private static Values<AnchorLevelOptions> Levels(int side, int finestStride, int maps)
    {
        var step = (Largest - Smallest) / (maps - 2);
        var scales = new float[maps + 1];
        scales[0] = (float)(FirstMap * side);
        for (var map = 1; map <= maps; map++) scales[map] = (float)((Smallest + (step * (map - 1))) * side);
        var sizes = DefaultBoxes.Sizes(scales);
        return [.. Enumerable.Range(0, maps).Select(map => new AnchorLevelOptions
        {
            Name = $"P{int.Log2(finestStride << map)}",
            Stride = finestStride << map,
            Sizes = sizes[map],
            // The paper leaves 3:1 out where objects are smallest and where one box nearly fills the image.
            Ratios = map == 0 || map >= maps - 2 ? [2] : [2, 3],
        })];
    }
}
