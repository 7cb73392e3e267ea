using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The convolutions that RetinaNet's heads are made of, with torchvision's starting weights: normal of deviation 0.01.</summary>
internal static class HeadLayers
{
    /// <summary>Groups of a normalisation; where there are fewer channels, each is a group.</summary>
    public const int Groups = 32;
    private const double Deviation = 0.01;

    /// <summary>3x3 convolutions with ReLU, normalised as the options say.</summary>
    /// <param name="channels">Of the map, and of every convolution.</param>
    /// <param name="options">How many, and how their maps are normalised.</param>
    public static Sequential Tower(int channels, RetinaNetOptions options)
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (var i = 0; i < options.HeadConvolutions; i++) layers.Add(($"{i}", Layer(channels, options.HeadNormalization)));
        return nn.Sequential([.. layers]);
    }

    /// <summary>The convolution that predicts something of every cell.</summary>
    /// <param name="inputs">Channels of the map.</param>
    /// <param name="outputs">Numbers of a cell.</param>
    /// <param name="biases">What they start at, repeated for all outputs.</param>
    /// <param name="kernelSize">Cells along a side of what it looks at, odd.</param>
    public static Conv2d Prediction(int inputs, int outputs, float[] biases, int kernelSize = 3)
    {
        var convolution = Convolution(inputs, outputs, kernelSize, bias: true);
        using (no_grad()) convolution.bias!.copy_(tensor(biases).repeat(outputs / biases.Length));
        return convolution;
    }

    private static Sequential Layer(int channels, HeadNormalization normalization)
    {
        var convolution = Convolution(channels, channels, kernelSize: 3, bias: normalization == HeadNormalization.None);
        return normalization == HeadNormalization.None
            ? nn.Sequential(("0", convolution), ("1", nn.ReLU(inplace: true)))
            : nn.Sequential(("0", convolution), ("1", BackboneConvolution.Groups(Math.Min(Groups, channels), channels)), ("2", nn.ReLU(inplace: true)));
    }

    private static Conv2d Convolution(int inputs, int outputs, int kernelSize, bool bias)
    {
        var convolution = nn.Conv2d(inputs, outputs, kernelSize, padding: kernelSize / 2, bias: bias);
        nn.init.normal_(convolution.weight, 0, Deviation);
        if (bias) nn.init.zeros_(convolution.bias!);
        return convolution;
    }
}
