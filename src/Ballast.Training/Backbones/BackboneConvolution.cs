using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What backbones are made of, with torchvision's starting weights.</summary>
internal static class BackboneConvolution
{
    /// <summary>A convolution without bias that gives ceil(n / stride) cells; normal with variance 2 / fan out.</summary>
    public static Conv2d Of(int inputs, int outputs, int kernel, int stride = 1)
    {
        var convolution = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: false);
        nn.init.kaiming_normal_(convolution.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        return convolution;
    }

    /// <summary>The normalisation of a map.</summary>
    public static nn.Module<Tensor, Tensor> Normalization(int channels, ResNetOptions options) => options.Normalization switch
    {
        BackboneNormalization.Batch => nn.BatchNorm2d(channels),
        BackboneNormalization.FrozenBatch => new FrozenBatchNorm(channels),
        _ => Groups(Math.Min(options.Groups, channels), channels),
    };

    /// <summary>Group normalisation that starts as the identity: TorchSharp leaves its weight and bias uninitialised.</summary>
    public static GroupNorm Groups(int groups, int channels)
    {
        var normalization = nn.GroupNorm(groups, channels);
        nn.init.ones_(normalization.weight!);
        nn.init.zeros_(normalization.bias!);
        return normalization;
    }
}

/// <summary>Batch normalisation by fixed numbers: (x - mean) / sqrt(variance + 1e-5) weight + bias, all four of them buffers, as torchvision's FrozenBatchNorm2d.</summary>
internal sealed class FrozenBatchNorm : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;

    public FrozenBatchNorm(int channels)
        : base(nameof(FrozenBatchNorm))
    {
        Register("weight", ones(channels));
        Register("bias", zeros(channels));
        Register("running_mean", zeros(channels));
        Register("running_var", ones(channels));

        void Register(string name, Tensor values) => register_buffer(name, values.DetachFromDisposeScope());
    }

    public override Tensor forward(Tensor input)
        => nn.functional.batch_norm(input, get_buffer("running_mean")!, get_buffer("running_var")!, get_buffer("weight")!, get_buffer("bias")!, eps: Epsilon);
}
