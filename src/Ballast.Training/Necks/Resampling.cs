using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Maps brought to the size of others.</summary>
internal static class Resampling
{
    /// <summary>A coarser map at the exact size of a finer one.</summary>
    public static Tensor Grow(Tensor map, Tensor finer, Upsampling how)
    {
        var mode = how == Upsampling.Bilinear ? InterpolationMode.Bilinear : InterpolationMode.Nearest;
        return nn.functional.interpolate(map, [finer.shape[2], finer.shape[3]], mode: mode, align_corners: how == Upsampling.Bilinear ? false : null);
    }

    /// <summary>A finer map at the exact size of a coarser one: the largest of the cells that a cell covers.</summary>
    public static Tensor Shrink(Tensor map, Tensor coarser) => nn.functional.adaptive_max_pool2d(map, [coarser.shape[2], coarser.shape[3]]);

    /// <summary>A map of ceil(n / 2) cells along each side: the largest of 3x3 cells around every second.</summary>
    public static Tensor Halve(Tensor map) => nn.functional.max_pool2d(map, 3, 2, 1);

    /// <summary>Maps above one, each with every second cell of the one before: ceil(n / 2) cells along each side.</summary>
    public static List<Tensor> EverySecondCell(Tensor map, int levels)
    {
        var maps = new List<Tensor>(levels);
        while (maps.Count < levels) maps.Add(nn.functional.max_pool2d(maps.Count == 0 ? map : maps[^1], 1, 2));
        return maps;
    }
}
