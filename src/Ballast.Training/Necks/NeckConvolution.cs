using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The convolutions that necks are made of, with torchvision's names and starting weights.</summary>
internal static class NeckConvolution
{
    /// <summary>A convolution as torchvision wraps it: its weight is <c>0.weight</c>.</summary>
    public static Sequential Block(int inputs, int outputs, int kernel, int stride = 1, bool rectified = false)
    {
        var convolution = ("0", (nn.Module<Tensor, Tensor>)Of(inputs, outputs, kernel, stride));
        return rectified ? nn.Sequential(convolution, ("1", nn.ReLU())) : nn.Sequential(convolution);
    }

    /// <summary>A convolution with bias that keeps the size at stride 1 and gives ceil(n / 2) at stride 2; uniform in +-sqrt(3 / fan in), bias 0.</summary>
    public static Conv2d Of(int inputs, int outputs, int kernel, int stride = 1)
    {
        var convolution = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2);
        nn.init.kaiming_uniform_(convolution.weight, a: 1);
        nn.init.zeros_(convolution.bias!);
        return convolution;
    }
}
