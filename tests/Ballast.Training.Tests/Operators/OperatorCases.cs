using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Inputs of the operators' tests, and what they all check.</summary>
internal static class OperatorCases
{
    /// <summary>Largest gap between two tensors of one shape, beside the largest number of the second.</summary>
    public static double Gap(Tensor a, Tensor b)
    {
        Assert.Equal(a.shape, b.shape);
        if (a.numel() == 0) return 0;
        return ((a - b).abs().max() / b.abs().max().clamp(min: 1)).to(ScalarType.Float64).item<double>();
    }

    /// <summary>Regions of all kinds: small, large, outside of the image, of no area; their images take turns.</summary>
    public static Tensor Regions(int count, int images, float side, ScalarType type)
    {
        var numbers = rand([count, 4], ScalarType.Float32) * side * 1.6f - (0.3f * side);
        var (first, second) = (numbers.narrow(1, 0, 2), numbers.narrow(1, 2, 2));
        var boxes = cat([minimum(first, second), maximum(first, second)], 1);
        if (count > 2) boxes[1] = boxes[0].index_select(0, tensor(new long[] { 0, 1, 0, 1 }));
        return cat([(arange(count) % images).view(-1, 1).to(ScalarType.Float32), boxes], 1).to(type);
    }

    /// <summary>The derivative of a sum by every number of an input, by central differences.</summary>
    public static Tensor Differences(Tensor input, Func<Tensor> value, double step = 1e-6)
    {
        using var gradless = no_grad();
        var flat = input.detach().view(-1);
        var result = zeros_like(flat);
        for (var i = 0; i < flat.numel(); i++)
        {
            using var scope = NewDisposeScope();
            var held = flat[i].item<double>();
            flat[i] = held + step;
            var above = value().item<double>();
            flat[i] = held - step;
            var below = value().item<double>();
            flat[i] = held;
            result[i] = (above - below) / (2 * step);
        }

        return result.view(input.shape);
    }
}
