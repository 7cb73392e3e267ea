using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>A block whose input is added to what it computes, by a 1x1 convolution where the shapes differ.</summary>
internal abstract class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Sequential? downsample;

    protected ResidualBlock(string name, int inputs, int outputs, int stride, ResNetOptions options)
        : base(name)
    {
        if (stride == 1 && inputs == outputs) return;
        downsample = nn.Sequential(
            ("0", BackboneConvolution.Of(inputs, outputs, kernel: 1, stride)),
            ("1", BackboneConvolution.Normalization(outputs, options)));
    }

    public sealed override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Residual(input).add_(downsample is null ? input : downsample.forward(input)).relu_().MoveToOuterDisposeScope();
    }

    protected abstract Tensor Residual(Tensor map);
}

/// <summary>Two 3x3 convolutions: ResNet-18 and 34.</summary>
internal sealed class BasicBlock : ResidualBlock
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Conv2d conv2;
    private readonly nn.Module<Tensor, Tensor> bn2;

    public BasicBlock(int inputs, int inner, int stride, ResNetOptions options)
        : base(nameof(BasicBlock), inputs, inner, stride, options)
    {
        conv1 = BackboneConvolution.Of(inputs, inner, kernel: 3, stride);
        bn1 = BackboneConvolution.Normalization(inner, options);
        conv2 = BackboneConvolution.Of(inner, inner, kernel: 3);
        bn2 = BackboneConvolution.Normalization(inner, options);
        RegisterComponents();
    }

    protected override Tensor Residual(Tensor map) => bn2.forward(conv2.forward(bn1.forward(conv1.forward(map)).relu_()));
}

/// <summary>1x1, 3x3 and 1x1 convolutions, the last to four times the channels: ResNet-50 and 101.</summary>
internal sealed class BottleneckBlock : ResidualBlock
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Conv2d conv2;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly Conv2d conv3;
    private readonly nn.Module<Tensor, Tensor> bn3;

    public BottleneckBlock(int inputs, int inner, int stride, ResNetOptions options)
        : base(nameof(BottleneckBlock), inputs, inner * options.Expansion, stride, options)
    {
        conv1 = BackboneConvolution.Of(inputs, inner, kernel: 1);
        bn1 = BackboneConvolution.Normalization(inner, options);
        conv2 = BackboneConvolution.Of(inner, inner, kernel: 3, stride);
        bn2 = BackboneConvolution.Normalization(inner, options);
        conv3 = BackboneConvolution.Of(inner, inner * options.Expansion, kernel: 1);
        bn3 = BackboneConvolution.Normalization(inner * options.Expansion, options);
        RegisterComponents();
    }

    protected override Tensor Residual(Tensor map)
    {
        map = bn1.forward(conv1.forward(map)).relu_();
        map = bn2.forward(conv2.forward(map)).relu_();
        return bn3.forward(conv3.forward(map));
    }
}
