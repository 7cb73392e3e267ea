using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>What operators are timed on; benchmarks/peers/torchvision_operators.py makes the same boxes and shapes.</summary>
internal static class OperatorInputs
{
    public const int Side = 800;
    public const int Channels = 256;
    public const int RoIs = 512;
    public const int Boxes = 10_000;

    private static readonly double[] Steps = [0.7548776662466927, 0.5698402909980532, 0.8191725133961645, 0.6710436067037893, 0.5497004779019703];

    public static FeatureLevel[] Levels { get; } = [.. ((int[])[4, 8, 16, 32]).Select((stride, level) => new FeatureLevel($"P{level + 2}", stride, Channels))];

    /// <summary>One map a level of an image.</summary>
    /// <param name="channelsLast">Whether the channels of a cell lie beside each other.</param>
    public static Tensor[] Features(bool channelsLast)
        => [.. Levels.Select(level => Learned(randn(1, Channels, Side / level.Stride, Side / level.Stride), channelsLast))];

    /// <summary>A leaf of the graph with random numbers in the given order of memory.</summary>
    public static Tensor Learned(Tensor values, bool channelsLast)
        => (channelsLast ? values.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : values).requires_grad_();

    /// <summary>Number index of an additive sequence, in [0, 1).</summary>
    public static double Uniform(int index, int draw) => (index + 1) * Steps[draw] % 1.0;

    /// <summary>Boxes with sides spread evenly over octaves.</summary>
    public static Box[] Spread(int count, double least, double most) => [.. Enumerable.Range(0, count).Select(i => Of(i, least, most))];

    /// <summary>[R, 5] on image 0.</summary>
    public static Tensor Regions()
        => tensor(Spread(RoIs, 16, 700).SelectMany(box => (float[])[0, box.X1, box.Y1, box.X2, box.Y2]).ToArray(), [RoIs, 5]);

    private static Box Of(int i, double least, double most)
    {
        var (size, ratio) = (least * Math.Pow(most / least, Uniform(i, 0)), Math.Pow(2, Uniform(i, 1) - 0.5));
        var (width, height) = (size * ratio, size / ratio);
        var (x, y) = (Uniform(i, 2) * Math.Max(0, Side - width), Uniform(i, 3) * Math.Max(0, Side - height));
        return new((float)x, (float)y, (float)Math.Min(x + width, Side), (float)Math.Min(y + height, Side));
    }
}
