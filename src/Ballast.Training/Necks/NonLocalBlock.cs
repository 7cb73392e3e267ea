using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Non-local block (Wang et al. 2018, arXiv:1711.07971, embedded Gaussian): x + out(softmax(theta(x)^T phi(x)) g(x)); the last convolution starts at
/// 0, so that the block starts as the identity.
/// </summary>
internal sealed class NonLocalBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _theta;
    private readonly Conv2d _phi;
    private readonly Conv2d _g;
    private readonly Conv2d _out;

    public NonLocalBlock(int channels)
        : base(nameof(NonLocalBlock))
    {
        (_theta, _phi, _g, _out) = (Projection("theta", channels), Projection("phi", channels), Projection("g", channels), Projection("conv_out", channels));
        nn.init.zeros_(_out.weight);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var attention = Rows(_theta, input).transpose(1, 2).matmul(Rows(_phi, input)).softmax(-1);
        var seen = attention.matmul(Rows(_g, input).transpose(1, 2)).transpose(1, 2);
        return input + _out.forward(seen.reshape(input.shape));
    }

    /// <summary>[N, C, H W].</summary>
    private static Tensor Rows(Conv2d projection, Tensor input) => projection.forward(input).flatten(2);

    private Conv2d Projection(string name, int channels)
    {
        var convolution = nn.Conv2d(channels, channels, 1);
        nn.init.normal_(convolution.weight, 0, 0.01);
        nn.init.zeros_(convolution.bias!);
        register_module(name, convolution);
        return convolution;
    }
}
