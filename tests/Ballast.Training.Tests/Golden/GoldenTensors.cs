using Ballast.Tests.Golden;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>Golden cases as tensors, and the references' way to reduce a loss.</summary>
internal static class GoldenTensors
{
    private const float MachineEpsilon = 1.1920929e-07f;

    public static Tensor Tensor(this GoldenCase golden, string name, bool learned = false)
        => torch.tensor(golden.Floats(name), [.. golden.Shape(name).Select(side => (long)side)], requires_grad: learned);

    public static Tensor Labels(this GoldenCase golden, string name)
        => torch.tensor([.. golden.Integers(name).Select(value => (long)value)], [.. golden.Shape(name).Select(side => (long)side)], torch.ScalarType.Int64);

    public static void AssertClose(this GoldenCase golden, string name, Tensor actual)
    {
        Assert.Equal(golden.Shape(name), actual.shape.Select(side => (int)side));
        golden.AssertClose(name, Values(actual));
    }

    /// <summary>The numbers, row by row; TorchSharp's accessor throws for a tensor without any.</summary>
    public static float[] Values(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.detach().to(torch.ScalarType.Float32).contiguous().data<float>().ToArray();

    /// <summary>mmdetection's weight_reduce_loss.</summary>
    public static Tensor Reduce(this GoldenCase golden, Tensor loss)
    {
        if (golden.Has("inputs:weight")) loss = loss * Weight(golden.Tensor("inputs:weight"), loss);
        var reduction = golden.Parameters.TryGetProperty("reduction", out var word) ? word.GetString() : "mean";
        loss = reduction switch
        {
            "none" => loss,
            "sum" => loss.sum(),
            _ => golden.Input("avg_factor") is { } divisor ? loss.sum() / (divisor + MachineEpsilon) : loss.mean(),
        };
        return loss * golden.Number("loss_weight", 1);
    }

    /// <summary>Compares the gradients that the case holds, after the backward pass of the sum.</summary>
    public static void AssertGradients(this GoldenCase golden, Tensor loss, params (string Name, Tensor Input)[] inputs)
    {
        loss.sum().backward();
        foreach (var (name, input) in inputs)
        {
            if (golden.Has($"grads:{name}")) golden.AssertClose($"grads:{name}", input.grad ?? torch.zeros_like(input));
        }
    }

    private static Tensor Weight(Tensor weight, Tensor loss)
    {
        if (weight.dim() > loss.dim()) return weight.mean([-1]);
        return weight.dim() < loss.dim() ? weight.unsqueeze(-1) : weight;
    }
}
