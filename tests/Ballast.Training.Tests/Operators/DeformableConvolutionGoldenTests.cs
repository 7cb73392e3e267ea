using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

public class DeformableConvolutionGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.All("tv_deform_conv2d");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_torchvisions(string name)
    {
        using var golden = GoldenCase.Load(name);
        var grid = new DeformableGrid { Stride = Pair(golden, "stride"), Padding = Pair(golden, "padding"), Dilation = Pair(golden, "dilation") };
        foreach (var composed in (bool[])[false, true])
        {
            using var scope = NewDisposeScope();
            Tensor Of(string input) => golden.Tensor(input, learned: true);
            var (input, offset, weight, bias, mask) = (Of("input"), Of("offset"), Of("weight"), Of("bias"), golden.Has("inputs:mask") ? Of("mask") : null);
            var output = composed
                ? DeformableConvolution.Compose(input, offset, weight, bias, mask, grid)
                : DeformableConvolution.Apply(input, offset, weight, bias, mask, grid);
            golden.AssertClose("outputs:output", output);
            golden.AssertGradients(output, ("input", input), ("offset", offset), ("weight", weight), ("bias", bias), ("mask", mask ?? bias));
        }
    }

    private static (int Y, int X) Pair(GoldenCase golden, string name)
    {
        var sides = golden.Numbers(name);
        return ((int)sides[0], (int)sides[1]);
    }
}
